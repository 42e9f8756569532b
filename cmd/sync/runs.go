package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"simsync/internal/load"
	"simsync/internal/report"
	"simsync/internal/run"
)

type runsCommand struct {
	List runsListCommand `cmd:"" default:"withargs" help:"Recent runs, the newest first (the default)."`
	Show runsShowCommand `cmd:"" help:"One run: its sources, walks, counts and the reasons of its rejects; or the rejects themselves."`
}

type runsListCommand struct {
	Limit int  `default:"20" placeholder:"N" help:"How many runs. Default: ${default}."`
	JSON  bool `name:"json" help:"For scripts."`
}

func (runsListCommand) examples() [][2]string {
	return [][2]string{
		{"simsync runs", "The last twenty runs."},
		{"simsync runs --limit 1 --json", "The last run, for a script."},
	}
}

// Run lists recent runs.
func (c *runsListCommand) Run(e *environment) error {
	if c.Limit < 1 {
		return fmt.Errorf("%w: --limit is %d; allowed: 1 or more", run.ErrUsage, c.Limit)
	}
	db, err := e.openLedger()
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.Runs(e.ctx, c.Limit)
	if err != nil {
		return err
	}
	if c.JSON {
		return report.RunsJSON(e.stdout, rows)
	}
	return report.Runs(e.stdout, rows, styleOf(e.stdout))
}

// openLedger opens the database of the settings; what reads the ledger needs no
// source.
func (e *environment) openLedger() (*load.DB, error) {
	settings, err := e.settings()
	if err != nil {
		return nil, err
	}
	return openDatabase(e.ctx, settings)
}

// afterSignal is a context for a command's last words, which no signal cancels.
func afterSignal(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
}

// printSummary prints what the ledger holds of a run that has just ended, also after
// a signal.
func (e *environment) printSummary(db *load.DB, id uuid.UUID) error {
	ctx, cancel := afterSignal(e.ctx)
	defer cancel()
	detail, err := db.Run(ctx, id)
	if errors.Is(err, load.ErrNoRun) {
		return nil // every source was locked, or out of reach: the log has told
	}
	if err != nil {
		return err
	}
	return report.Summary(e.stdout, detail.Sources, styleOf(e.stdout))
}
