package main

import (
	"fmt"
	"strings"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/report"
	"simsync/internal/run"
)

// checkDryRun refuses the flags that do not go with a dry run, or without one.
func (c *runCommand) checkDryRun() error {
	switch {
	case c.JSON && !c.DryRun:
		return fmt.Errorf("%w: --json goes with --dry-run only: simsync runs --json tells of runs", run.ErrUsage)
	case c.DryRun && c.Migrate:
		return fmt.Errorf("%w: --dry-run writes nothing, and --migrate does: run simsync migrate up before", run.ErrUsage)
	case c.DryRun && c.MetricsFile != "":
		return fmt.Errorf("%w: --dry-run is no run, and has no metrics: leave --metrics-file out", run.ErrUsage)
	}
	return nil
}

// dryRun prints what a run would do, and ends as that would.
func (c *runCommand) dryRun(e *environment, settings *config.Config, sources []config.Source) error {
	log, progress, done := e.watch(settings.Log, c.watched)
	defer done()
	db, err := openDatabase(e.ctx, settings)
	if err != nil {
		return err
	}
	defer db.Close()
	defer whenStopped(e.ctx, func() { log.Warn().Msg("stopping: nothing was written") })()
	summary, err := run.Sync(e.ctx, sources, run.Options{
		DB: db, Command: "run", Version: version, DryRun: true, MaxRejects: c.MaxRejects, AllowRemovals: c.AllowRemovals,
		Log: log, Progress: progress,
	})
	done()
	if err != nil {
		return err
	}
	compared := make([]report.Compared, len(summary.Sources))
	for i, r := range summary.Sources {
		compared[i] = asCompared(r)
	}
	if c.JSON {
		err = report.DryRunJSON(e.stdout, compared)
	} else {
		err = report.DryRun(e.stdout, compared, styleOf(e.stdout))
	}
	if err != nil {
		return err
	}
	return reported(summary.Errs()) // each has been logged
}

// asCompared words a result as the ledger would have it.
func asCompared(r run.Result) report.Compared {
	outcome, code := r.Outcome(), run.ExitCode(r.Err)
	row := load.RunRow{Source: r.Source, Command: "run", Version: version, Outcome: &outcome, ExitCode: &code}
	row.FinishedAt = new(row.StartedAt.Add(r.Took))
	if r.Err != nil {
		row.Error = new(strings.ReplaceAll(r.Err.Error(), "\n", "; "))
	}
	if r.Compared != nil {
		n := r.Compared.Counts
		row.Declared, row.Records, row.Inserted, row.Updated, row.Unchanged = n.Declared, &n.Records, &n.Inserted, &n.Updated, &n.Unchanged
		row.Repeated, row.Rejected, row.RejectedParts, row.Removed = &n.Repeated, &n.Rejected, &n.RejectedParts, &n.Removed
	}
	return report.Compared{As: row, Found: r.Compared}
}
