package main

import (
	"errors"
	"fmt"
	"strings"

	"simsync/internal/config"
	"simsync/internal/report"
	"simsync/internal/run"
)

type checkCommand struct {
	Source []string `placeholder:"NAME" sep:"none" help:"Only this source; may be given several times."`
	JSON   bool     `name:"json" help:"For scripts."`
}

func (checkCommand) examples() [][2]string {
	return [][2]string{
		{"simsync check", "Everything, before the first run."},
		{"simsync check --source iotx", "One provider, when its token has been renewed."},
		{"simsync check --json", "For a script: each finding with its level, ok, warn or fail."},
	}
}

// Help is printed under the usage.
func (checkCommand) Help() string {
	return "Each finding is a line: how it is, and what to do. It writes nothing to the database. A warning leaves the exit code 0; " +
		"what fails gives the code that a run would end with."
}

// Run checks everything that can be checked without writing.
func (c *checkCommand) Run(e *environment) error {
	found := findings{environment: e}
	if !c.JSON {
		found.show = func(f report.Finding) error { return report.CheckLine(e.stdout, f, styleOf(e.stdout)) }
	}
	settings, err := e.settings()
	if wrong, ok := errors.AsType[*config.Error](err); ok {
		for _, problem := range wrong.Problems {
			found.fail("settings", "", &config.Error{Problems: []string{problem}}, "")
		}
		return c.end(&found)
	}
	if err != nil {
		return err
	}
	sources, err := settings.Select(c.Source)
	if err != nil {
		return err
	}
	found.settings, found.sources, found.log = settings, sources, e.logger(settings.Log)
	found.checkAll()
	return c.end(&found)
}

// end prints what was kept back, and makes the exit code.
func (c *checkCommand) end(found *findings) error {
	if found.ctx.Err() != nil {
		return run.EndOf(found.ctx, found.ctx.Err())
	}
	if c.JSON {
		found.errs = append(found.errs, report.CheckJSON(found.stdout, found.all))
	}
	return found.errs
}

// checkAll looks at everything, at what the others rest on first.
func (f *findings) checkAll() {
	f.ok("settings", "", counted(len(f.sources), "source"))
	for _, w := range f.settings.Warnings {
		f.warn("settings", "", w.Text, w.Remedy)
	}
	db := f.checkDatabase()
	if db != nil {
		defer db.Close()
	}
	for _, source := range f.sources {
		f.checkSource(db, source)
	}
	f.checkArchive()
	f.checkPushgateway()
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// inOneLine is an error's text without the lines that it may have.
func inOneLine(err error) string {
	return strings.ReplaceAll(strings.Join(linesOf(err), "; "), ":; ", ": ")
}
