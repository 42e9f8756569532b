package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

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

func (migrateUpCommand) examples() [][2]string {
	return [][2]string{{"simsync migrate up", "Before the first run of a new version."}}
}

func (migrateDownCommand) examples() [][2]string {
	return [][2]string{{"simsync migrate down", "Back to the schema of the version before, a migration at a time."}}
}

func (migrateStatusCommand) examples() [][2]string {
	return [][2]string{{"simsync migrate status", "What is applied, and what is pending."}}
}

// Run applies what is pending. A schema that a newer program made is none of this
// one's business, though nothing is pending there.
func (migrateUpCommand) Run(e *environment) error {
	settings, url, err := e.database()
	if err != nil {
		return err
	}
	done, err := migrations.UpTelling(e.ctx, url, e.printWaiting)
	if err != nil {
		return errors.Join(e.printDone("applied", done, ""), err)
	}
	db, err := openDatabase(e.ctx, settings)
	if err != nil {
		return err
	}
	db.Close()
	return e.printDone("applied", done, "the schema is this program's")
}

// Run takes the newest migration back, where this program has it.
func (migrateDownCommand) Run(e *environment) error {
	settings, url, err := e.database()
	if err != nil {
		return err
	}
	db, err := connect(e.ctx, settings)
	if err != nil {
		return err
	}
	current, wanted, err := migrations.Version(e.ctx, db.Pool())
	db.Close()
	if err := cmp.Or(err, notNewer(current, wanted)); err != nil {
		return err
	}
	done, err := migrations.DownTelling(e.ctx, url, e.printWaiting)
	if err != nil {
		return err
	}
	return e.printDone("taken back", done, "no migration is applied")
}

// Run lists the migrations.
func (migrateStatusCommand) Run(e *environment) error {
	_, url, err := e.database()
	if err != nil {
		return err
	}
	states, err := migrations.Status(e.ctx, url)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-*s  APPLIED\n", widest(states), "MIGRATION")
	for _, s := range states {
		at := "pending"
		if !s.AppliedAt.IsZero() {
			at = s.AppliedAt.Local().Format("2006-01-02 15:04:05 MST")
		}
		fmt.Fprintf(&b, "%-*s  %s\n", widest(states), s.Name, at)
	}
	_, err = io.WriteString(e.stdout, b.String())
	return err
}

func widest(states []migrations.State) int {
	most := len("MIGRATION")
	for _, s := range states {
		most = max(most, len(s.Name))
	}
	return most
}

// printWaiting tells who waits at a terminal why nothing happens.
func (e *environment) printWaiting(w migrations.Waiting) {
	_, _ = fmt.Fprintf(e.stderr, "simsync: %s waits for a lock, held by %s; it is tried again\n", w.Name, w.HeldBy)
}

// printDone prints what was done, or why there was nothing to do.
func (e *environment) printDone(what string, done []migrations.Applied, otherwise string) error {
	var b strings.Builder
	for _, a := range done {
		fmt.Fprintf(&b, "%s %s in %s\n", what, a.Name, a.Took.Round(time.Millisecond))
	}
	if len(done) == 0 && otherwise != "" {
		b.WriteString("nothing to do: " + otherwise + "\n")
	}
	_, err := io.WriteString(e.stdout, b.String())
	return err
}
