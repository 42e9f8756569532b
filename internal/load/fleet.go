package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
	"simsync/internal/writeback"
)

// Fleet is one source's part of the fleet as write-backs need it: writeback.Fleet.
type Fleet struct {
	db     *DB
	source string
}

// Fleet is the source's part of the fleet.
func (db *DB) Fleet(source string) *Fleet { return &Fleet{db: db, source: source} }

// Subscribers finds the live subscribers that any of the subjects names.
func (f *Fleet) Subscribers(ctx context.Context, subjects []writeback.Subject) ([]writeback.Known, error) {
	types, values := make([]string, len(subjects)), make([]string, len(subjects))
	for i, s := range subjects {
		types[i], values[i] = string(s.Type), s.Value
	}
	found, err := collect(ctx, f.db.pool, readKnownSubscriber, "journal_subscribers", f.source, types, values)
	if err != nil {
		return nil, fmt.Errorf("look for %d subscribers of source %s: %w", len(subjects), f.source, err)
	}
	return found, nil
}

func readKnownSubscriber(row pgx.CollectableRow) (writeback.Known, error) {
	var k writeback.Known
	err := row.Scan(&k.Type, &k.Value, &k.Key, &k.SubscriberID, &k.ICCID, &k.CustomerID, &k.Nickname, &k.ChangedAt)
	return k, err
}

// AnyICCID is the ICCID of one of the source's live subscribers; empty where it has
// none.
func (f *Fleet) AnyICCID(ctx context.Context) (string, error) {
	found, err := collect(ctx, f.db.pool, pgx.RowTo[string], "any_iccid", f.source)
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0], nil
}

// Follow brings rows that the provider has just answered with into the fleet: by the
// way that a run's rows take, through known and the stage, with history, but without
// walks, removals and a line in the ledger of runs. The command stands in the history
// where a run's ID would. Rejects are left to the next run, which reads the same. It
// returns writeback.ErrHeld where a run holds the source.
func (f *Fleet) Follow(ctx context.Context, command uuid.UUID, at time.Time, answered *transform.Batch) error {
	s, err := f.db.Session(ctx, f.source)
	if errors.Is(err, ErrLocked) {
		return writeback.ErrHeld
	}
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Walk("answers").Add(ctx, &transform.Batch{Rows: answered.Rows, Records: len(answered.Rows)}); err != nil {
		return err
	}
	if err := s.makePartitions(ctx); err != nil {
		return err
	}
	p := Promotion{ID: RunID{Run: command, Source: f.source}, At: at}
	return pgx.BeginTxFunc(ctx, s.conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		var done Promoted
		if err := s.settle(ctx, tx, p); err != nil {
			return err
		}
		if err := s.insert(ctx, tx, p, &done); err != nil {
			return err
		}
		if err := s.change(ctx, tx, p, &done); err != nil {
			return err
		}
		return s.mergeBeside(ctx, tx, p)
	})
}
