package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"simsync/internal/load"
	"simsync/internal/report"
	"simsync/internal/run"
)

type runsShowCommand struct {
	ID      string `arg:"" help:"The run's ID, or the end of it that simsync runs shows."`
	Rejects bool   `help:"List its rejects instead: what was refused, of which subscriber (masked), and why."`
	Records bool   `help:"Print its rejects whole instead, records as received, one JSON object a line. That is subscribers' data: mind where it goes."`
	Source  string `placeholder:"NAME" help:"Only the rejects of this source."`
	Limit   *int   `placeholder:"N" help:"How many rejects at most, 0 for all of them. Default: 100."`
	JSON    bool   `name:"json" help:"For scripts."`
}

func (runsShowCommand) examples() [][2]string {
	return [][2]string{
		{"simsync runs show 5be2a7c4", "One run, by the end of its ID that simsync runs shows."},
		{"simsync runs show 01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11 --json", "The same for a script, by the whole ID that the log tells."},
		{"simsync runs show 5be2a7c4 --rejects --source flolive", "What was refused of one source, a line each, masked."},
		{"simsync runs show 5be2a7c4 --records --limit 0 > rejects.ndjson", "Every reject whole, to ask the provider about."},
	}
}

// fewRejects is how many are listed where nobody says.
const fewRejects = 100

// check refuses flags that have nothing to say together.
func (c *runsShowCommand) check() error {
	switch listed := c.Rejects || c.Records; {
	case !listed && c.Source != "":
		return fmt.Errorf("%w: --source goes with --rejects or --records: a run is shown with all its sources", run.ErrUsage)
	case !listed && c.Limit != nil:
		return fmt.Errorf("%w: --limit goes with --rejects or --records", run.ErrUsage)
	case c.Limit != nil && *c.Limit < 0:
		return fmt.Errorf("%w: --limit is %d; allowed: 0 (all) or more", run.ErrUsage, *c.Limit)
	}
	return nil
}

// Run shows one run whole, or its rejects.
func (c *runsShowCommand) Run(e *environment) error {
	if err := c.check(); err != nil {
		return err
	}
	db, err := e.openLedger()
	if err != nil {
		return err
	}
	defer db.Close()
	id, err := db.ResolveRun(e.ctx, c.ID)
	switch {
	case errors.Is(err, load.ErrNoRun):
		return fmt.Errorf("%w: no run in the ledger is %q: give a run's id, or the beginning or end of one, as simsync runs lists them", run.ErrUsage, c.ID)
	case errors.Is(err, load.ErrAmbiguousRun):
		return fmt.Errorf("%w: %w", run.ErrUsage, err)
	case err != nil:
		return err
	}
	detail, err := db.Run(e.ctx, id)
	switch {
	case err != nil:
		return err
	case c.Rejects || c.Records:
		return c.list(e, db, detail)
	case c.JSON:
		return report.RunDetailJSON(e.stdout, detail)
	}
	return report.RunDetail(e.stdout, detail, styleOf(e.stdout))
}

// list prints rejects, and says on stderr how many there are more.
func (c *runsShowCommand) list(e *environment, db *load.DB, detail load.RunDetail) error {
	total, err := c.total(detail)
	if err != nil {
		return err
	}
	query := load.RejectQuery{Run: detail.RunID, Source: c.Source, Limit: fewRejects, Records: c.Records}
	if c.Limit != nil {
		query.Limit = *c.Limit
	}
	var written int
	switch rejects := db.Rejects(e.ctx, query); {
	case c.Records:
		e.note("what follows is subscribers' data, as received")
		written, err = report.RejectRecords(e.stdout, rejects)
	case c.JSON:
		written, err = report.RejectsJSON(e.stdout, rejects)
	default:
		written, err = report.Rejects(e.stdout, rejects, styleOf(e.stdout))
	}
	switch {
	case err != nil:
		return err
	case total == 0:
		e.note("nothing was refused")
	case query.Limit > 0 && int64(written) < total:
		e.note(fmt.Sprintf("%d of %d rejects; --limit 0 prints all of them", written, total))
	}
	return nil
}

// total counts the rejects that there are, and refuses a source that the run is not on.
func (c *runsShowCommand) total(detail load.RunDetail) (int64, error) {
	var sources []string
	for _, s := range detail.Sources {
		sources = append(sources, s.Source)
	}
	if c.Source != "" && !slices.Contains(sources, c.Source) {
		return 0, fmt.Errorf("%w: run %s has no source %q; it has: %s", run.ErrUsage, detail.RunID, c.Source, strings.Join(sources, ", "))
	}
	var total int64
	for _, r := range detail.Rejects {
		if c.Source == "" || r.Source == c.Source {
			total += r.Count
		}
	}
	return total, nil
}

// note says something beside the result.
func (e *environment) note(text string) {
	_, _ = fmt.Fprintf(e.stderr, "simsync: %s\n", text) // there is nobody else to tell
}
