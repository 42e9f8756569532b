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
	Show runsShowCommand `cmd:"" help:"One run: its sources, walks, counts and the reasons of its rejects."`
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

type runsShowCommand struct {
	ID   string `arg:"" help:"The run's ID, or the end of it that simsync runs shows."`
	JSON bool   `name:"json" help:"For scripts."`
}

func (runsShowCommand) examples() [][2]string {
	return [][2]string{
		{"simsync runs show 5be2a7c4", "One run, by the end of its ID that simsync runs shows."},
		{"simsync runs show 01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11 --json", "The same for a script, by the whole ID that the log tells."},
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

// Run shows one run whole.
func (c *runsShowCommand) Run(e *environment) error {
	db, err := e.openLedger()
	if err != nil {
		return err
	}
	defer db.Close()
	id, err := db.ResolveRun(e.ctx, c.ID)
	if errors.Is(err, load.ErrNoRun) || errors.Is(err, load.ErrAmbiguousRun) {
		return fmt.Errorf("%w: %w", run.ErrUsage, err)
	}
	if err != nil {
		return err
	}
	detail, err := db.Run(e.ctx, id)
	if err != nil {
		return err
	}
	if c.JSON {
		return report.RunDetailJSON(e.stdout, detail)
	}
	return report.RunDetail(e.stdout, detail, styleOf(e.stdout))
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
