package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/fetch"
)

var (
	// ErrNoRun says that the ledger has no such run.
	ErrNoRun = errors.New("no such run in the ledger")
	// ErrAmbiguousRun says that a piece of an id fits several runs.
	ErrAmbiguousRun = errors.New("several runs in the ledger fit")
)

// RunRow is a run on a source, as sync.run has it: nil is null. The comments of that
// table's columns say what each means.
type RunRow struct {
	RunID      uuid.UUID
	Source     string
	Command    string
	StartedAt  time.Time
	FinishedAt *time.Time
	Outcome    *Outcome
	ExitCode   *int
	Error      *string
	Version    string

	Declared, Records, Inserted, Updated, Unchanged, Repeated *int64
	Rejected, RejectedParts, Removed                          *int64
	Requests, Retries, Bytes                                  *int64
	DetailsAsked, DetailsFound, ProfilesAsked, ProfilesFound  *int64

	AsOf, ConnectedSince, ConnectedUntil *time.Time

	// LoadOutcome is how the load ended, whatever became of the run; nil: nothing was
	// promoted.
	LoadOutcome *Outcome
	// ContinuesRunID is the run whose enrichment this one went on with, and did nothing
	// else; nil: it was to load the source.
	ContinuesRunID *uuid.UUID

	// Running tells a run without an end that is alive from one that was killed: it is
	// the newest of its source, and somebody holds the source's lock.
	Running bool
}

// IsWindow tells whether only a part of the source was asked for, by when subscribers
// were connected.
func (r RunRow) IsWindow() bool { return r.ConnectedSince != nil || r.ConnectedUntil != nil }

// WalkRow is a listing walked in a run, as sync.walk has it.
type WalkRow struct {
	RunID                 uuid.UUID
	Source, Listing       string
	Verdict               fetch.Verdict
	Declared              *int64
	DistinctRecords       int64
	Repeated              int64
	Sessions              int
	Requests              int64
	StartedAt, FinishedAt time.Time
}

// RejectCount counts the rejects of a source in a run that have the same cause.
type RejectCount struct {
	Source string
	// IsWhole is true where the records gave no row, false where only the field was
	// refused.
	IsWhole bool
	// Field is the member at fault without places in lists
	// (imsiMsisdnPairs[].imsi); nil for the record as such.
	Field  *string
	Reason string
	Count  int64
}

// RunDetail is all that the ledger tells of one run without naming a subscriber.
type RunDetail struct {
	RunID uuid.UUID
	// Sources are by name, never empty.
	Sources []RunRow
	// Walks are by source and listing.
	Walks []WalkRow
	// Rejects are by source, whole records first, then the most frequent.
	Rejects []RejectCount
}

// Runs reads the newest runs, newest first, each with all its sources by name. limit
// counts runs; 0 is all of them.
func (db *DB) Runs(ctx context.Context, limit int) ([]RunRow, error) {
	if limit < 0 {
		return nil, fmt.Errorf("read the ledger: a limit of %d runs: want 0 (all) or more", limit)
	}
	rows, err := db.withRunning(ctx, func() ([]RunRow, error) {
		return collect(ctx, db.pool, pgx.RowToStructByName[RunRow], "ledger_runs", limit, nil)
	})
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	return rows, nil
}

// Run reads one run, as of one moment. It returns ErrNoRun where there is none.
func (db *DB) Run(ctx context.Context, id uuid.UUID) (RunDetail, error) {
	d := RunDetail{RunID: id}
	var err error
	d.Sources, err = db.withRunning(ctx, func() ([]RunRow, error) {
		snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
		err := pgx.BeginTxFunc(ctx, db.pool, snapshot, func(tx pgx.Tx) error { return d.read(ctx, tx) })
		return d.Sources, err
	})
	if err != nil {
		return RunDetail{}, fmt.Errorf("read run %s from the ledger: %w", id, err)
	}
	return d, nil
}

func (d *RunDetail) read(ctx context.Context, tx pgx.Tx) error {
	var err error
	if d.Sources, err = collect(ctx, tx, pgx.RowToStructByName[RunRow], "ledger_runs", 1, d.RunID); err != nil {
		return err
	}
	if len(d.Sources) == 0 {
		return ErrNoRun
	}
	if d.Walks, err = collect(ctx, tx, pgx.RowToStructByName[WalkRow], "ledger_walks", d.RunID); err != nil {
		return err
	}
	d.Rejects, err = collect(ctx, tx, pgx.RowToStructByName[RejectCount], "ledger_rejects", d.RunID)
	return err
}

// withRunning reads rows and settles their Running.
func (db *DB) withRunning(ctx context.Context, read func() ([]RunRow, error)) ([]RunRow, error) {
	var rows []RunRow
	held, err := db.heldAround(ctx, func() (err error) {
		rows, err = read()
		return err
	})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		r := &rows[i]
		r.Running = r.Running && slices.Contains(held, r.Source)
	}
	return rows, nil
}

// heldAround reads the ledger, and names the sources on which a run is alive. The
// locks are looked at before and after: a run that ends or begins meanwhile held its
// lock at one of the two, and must not be called killed.
func (db *DB) heldAround(ctx context.Context, read func() error) ([]string, error) {
	before, err := db.held(ctx)
	if err != nil {
		return nil, err
	}
	if err := read(); err != nil {
		return nil, err
	}
	after, err := db.held(ctx)
	if err != nil {
		return nil, err
	}
	return append(before, after...), nil
}

// held names the sources with an unfinished run whose lock somebody holds now.
func (db *DB) held(ctx context.Context) ([]string, error) {
	sources, err := collect(ctx, db.pool, pgx.RowTo[string], "ledger_held", lockSpace)
	if err != nil {
		return nil, fmt.Errorf("read who holds a lock: %w", err)
	}
	return sources, nil
}

// ResolveRun finds the run that piece names: its whole id, or as much of the
// beginning or of the end of it as only one run has, with or without dashes, in
// either case. It returns ErrNoRun or ErrAmbiguousRun otherwise.
func (db *DB) ResolveRun(ctx context.Context, piece string) (uuid.UUID, error) {
	const named = 3 // ids in the error
	digits := strings.ToLower(strings.ReplaceAll(piece, "-", ""))
	if digits == "" || strings.Trim(digits, "0123456789abcdef") != "" {
		return uuid.Nil, fmt.Errorf("run %q: want a run's id, or the beginning or end of one, in hexadecimal digits as simsync runs shows it: %w", piece, ErrNoRun)
	}
	found, err := collect(ctx, db.pool, pgx.RowTo[uuid.UUID], "ledger_resolve", digits, named+1)
	switch {
	case err != nil:
		return uuid.Nil, fmt.Errorf("look for run %q in the ledger: %w", piece, err)
	case len(found) == 0:
		return uuid.Nil, fmt.Errorf("run %q: simsync runs lists those that there are: %w", piece, ErrNoRun)
	case len(found) > 1:
		return uuid.Nil, fmt.Errorf("run %q: give more digits, or one of %s: %w", piece, listed(found, named), ErrAmbiguousRun)
	}
	return found[0], nil
}

// listed words ids as a list, cut short after most of them.
func listed(ids []uuid.UUID, most int) string {
	words := make([]string, 0, most+1)
	for _, id := range ids[:min(most, len(ids))] {
		words = append(words, id.String())
	}
	if len(ids) > most {
		words = append(words, "...")
	}
	return strings.Join(words, ", ")
}

// querier is a pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// collect runs a statement of sql/ and reads all its rows.
func collect[T any](ctx context.Context, q querier, to pgx.RowToFunc[T], name string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, statement(name), args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	found, err := pgx.CollectRows(rows, to)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return found, nil
}
