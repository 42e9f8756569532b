package load

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/fetch"
)

// Outcome is how a run ended on a source.
type Outcome string

// The outcomes, as sync.run names them.
const (
	OutcomeOK          Outcome = "ok"
	OutcomeIncomplete  Outcome = "incomplete"
	OutcomeHeldBack    Outcome = "held_back"
	OutcomeFailed      Outcome = "failed"
	OutcomeInterrupted Outcome = "interrupted"
)

// RunID names a run on a source: the key of sync.run.
type RunID struct {
	Run    uuid.UUID // version 7
	Source string
}

// Closing is what is known of a run at its end.
type Closing struct {
	At       time.Time
	Outcome  Outcome
	ExitCode int
	// Error is one line without identifiers or secrets; empty where the outcome is ok.
	Error string
	// Requests and Retries count what was sent to the provider, Bytes what it answered.
	Requests, Retries, Bytes int64
}

// Beginning is what is known of a run before anything else is done.
type Beginning struct {
	// Command is the one that runs, Version the program's.
	Command, Version string
	At               time.Time
	// Connected is what of the source the run asks for.
	Connected Window
	// Continues is the run whose enrichment this one goes on with, where it does nothing
	// else; zero: it loads the source.
	Continues uuid.UUID
}

// BeginRun writes the run into the ledger, before anything else is done. To begin a run
// twice is harmless.
func (db *DB) BeginRun(ctx context.Context, id RunID, b Beginning) error {
	_, err := db.pool.Exec(ctx, statement("ledger_begin"), id.Run, id.Source, b.Command, b.At, b.Version, moment(b.Connected.Since), moment(b.Connected.Until),
		uuid.NullUUID{UUID: b.Continues, Valid: b.Continues != uuid.Nil})
	if err != nil {
		return fmt.Errorf("record the run of source %s: %w", id.Source, err)
	}
	return nil
}

// CloseRun writes the run's end. Closing a run twice leaves the first end.
func (db *DB) CloseRun(ctx context.Context, id RunID, c Closing) error {
	_, err := db.pool.Exec(ctx, statement("ledger_close"), id.Run, id.Source, c.At, string(c.Outcome), c.ExitCode, c.Error, c.Requests, c.Retries, c.Bytes)
	if err != nil {
		return fmt.Errorf("close the run of source %s in the ledger: %w", id.Source, err)
	}
	return nil
}

// recordWalks writes the walks and what became of their records, in the transaction
// that promotes them.
func recordWalks(ctx context.Context, tx pgx.Tx, id RunID, walks []fetch.Facts) error {
	for _, f := range walks {
		_, err := tx.Exec(ctx, statement("ledger_walk"), id.Run, id.Source, f.Listing, string(f.Verdict), f.Declared, f.Distinct, f.Repeated,
			f.Sessions, f.Requests, f.StartedAt, f.FinishedAt)
		if err != nil {
			return fmt.Errorf("record the walk of listing %s: %w", f.Listing, err)
		}
	}
	return nil
}

// RecordFailedWalks writes the walks of a run that promotes nothing.
func (db *DB) RecordFailedWalks(ctx context.Context, id RunID, walks []fetch.Facts) error {
	return pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error { return recordWalks(ctx, tx, id, walks) })
}

// recordLoad writes what a promote did and how it ended, in its transaction.
func recordLoad(ctx context.Context, tx pgx.Tx, p Promotion, done Promoted) error {
	c := done.Counts
	_, err := tx.Exec(ctx, statement("ledger_load"), p.ID.Run, p.ID.Source, p.At, p.outcome(done), p.why(done), c.Declared, c.Records, c.Inserted, c.Updated, c.Unchanged,
		c.Repeated, c.Rejected, c.RejectedParts, c.Removed)
	if err != nil {
		return fmt.Errorf("record the load of source %s: %w", p.ID.Source, err)
	}
	return nil
}
