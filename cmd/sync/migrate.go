package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/migrations"
)

type migrateCommand struct {
	Up     migrateUpCommand     `cmd:"" help:"Apply what is pending. Safe from several pods at once."`
	Down   migrateDownCommand   `cmd:"" help:"Take the newest migration back. Refuses where that would lose a fleet or its ledger."`
	Status migrateStatusCommand `cmd:"" help:"List the migrations and when each was applied."`
}

type (
	migrateUpCommand     struct{}
	migrateDownCommand   struct{}
	migrateStatusCommand struct{}
)

// Run applies what is pending.
func (migrateUpCommand) Run(e *environment) error {
	url, err := e.databaseURL()
	if err != nil {
		return err
	}
	done, err := migrations.Up(e.ctx, url)
	printApplied(e.stdout, "applied", done)
	if err == nil && len(done) == 0 {
		fmt.Fprintln(e.stdout, "nothing to do: the schema is this program's")
	}
	return err
}

// Run takes the newest migration back.
func (migrateDownCommand) Run(e *environment) error {
	url, err := e.databaseURL()
	if err != nil {
		return err
	}
	done, err := migrations.Down(e.ctx, url)
	printApplied(e.stdout, "taken back", done)
	if err == nil && len(done) == 0 {
		fmt.Fprintln(e.stdout, "nothing to do: no migration is applied")
	}
	return err
}

// Run lists the migrations.
func (migrateStatusCommand) Run(e *environment) error {
	url, err := e.databaseURL()
	if err != nil {
		return err
	}
	states, err := migrations.Status(e.ctx, url)
	if err != nil {
		return err
	}
	t := table.NewWriter()
	t.SetOutputMirror(e.stdout)
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"migration", "applied"})
	for _, s := range states {
		at := "pending"
		if !s.AppliedAt.IsZero() {
			at = s.AppliedAt.Format(time.DateTime)
		}
		t.AppendRow(table.Row{s.Name, at})
	}
	t.Render()
	return nil
}

func printApplied(w io.Writer, what string, done []migrations.Applied) {
	for _, a := range done {
		fmt.Fprintf(w, "%s %s in %s\n", what, a.Name, a.Took.Round(time.Millisecond))
	}
}

// databaseURL is the setting alone: what migrates needs no source.
func (e *environment) databaseURL() (string, error) {
	settings, err := e.settings()
	if err != nil {
		return "", err
	}
	if err := settings.NeedDatabase(); err != nil {
		return "", err
	}
	return settings.DatabaseURL.Reveal(), nil
}

// openDatabase connects and sees to it that the schema is this program's.
func openDatabase(ctx context.Context, settings *config.Config) (*load.DB, error) {
	if err := settings.NeedDatabase(); err != nil {
		return nil, err
	}
	db, err := load.Open(ctx, settings.DatabaseURL.Reveal())
	if err != nil {
		return nil, err
	}
	if err := checkSchema(ctx, db); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func checkSchema(ctx context.Context, db *load.DB) error {
	current, wanted, err := migrations.Version(ctx, db.Pool())
	switch {
	case err != nil:
		return err
	case current == 0:
		return fmt.Errorf("%w: the database has none yet (this program's version is %d): run simsync migrate up", run.ErrSchema, wanted)
	case current < wanted:
		return fmt.Errorf("%w: it is at version %d, this program's is %d: run simsync migrate up", run.ErrSchema, current, wanted)
	case current > wanted:
		return fmt.Errorf("%w: it is at version %d, made by a newer program; this one's is %d: use the newer program", run.ErrSchema, current, wanted)
	}
	return nil
}
