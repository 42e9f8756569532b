package main

import (
	"bytes"
	"fmt"

	"simsync/internal/report"
	"simsync/internal/run"
)

// mostDays is as far back as the history is kept by default.
const mostDays = 400

type reportCommand struct {
	Out  string `required:"" placeholder:"FILE" help:"Where to write the page; - is stdout. A page that is there gives way to the new one."`
	Days int    `default:"30" placeholder:"N" help:"How many days of nights and usage to show, today the last; 1 to 400. Default: ${default}."`
}

func (reportCommand) examples() [][2]string {
	return [][2]string{
		{"simsync report --out fleet.html", "The fleet, its last thirty days and its runs, as one page for a browser or a printer."},
		{"simsync report --out /var/www/fleet.html --days 90", "A quarter of a year, by the week, where a web server finds it."},
		{"simsync report --out -", "To stdout, for a program that mails it."},
	}
}

// Run writes the page.
func (c *reportCommand) Run(e *environment) error {
	if c.Days < 1 || c.Days > mostDays {
		return fmt.Errorf("%w: --days is %d; allowed: 1 to %d", run.ErrUsage, c.Days, mostDays)
	}
	if err := checkOut(c.Out, "fleet.html"); err != nil {
		return err
	}
	db, err := e.openLedger()
	if err != nil {
		return err
	}
	defer db.Close()
	figures, err := db.Figures(e.ctx, c.Days)
	if err != nil {
		return err
	}
	if c.Out == "-" {
		return report.Page(e.stdout, figures, version)
	}
	var page bytes.Buffer
	if err := report.Page(&page, figures, version); err != nil {
		return err
	}
	if err := replaceFile(c.Out, 0o644, page.Bytes()); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return report.PageWritten(e.stdout, c.Out, figures)
}
