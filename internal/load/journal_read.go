package load

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/writeback"
)

// OpenSteps reads the source's steps that are open, the oldest first.
func (db *DB) OpenSteps(ctx context.Context, source string) ([]writeback.Step, error) {
	steps, err := collect(ctx, db.pool, readStep, "journal_open", source)
	if err != nil {
		return nil, fmt.Errorf("read the journal of source %s: %w", source, err)
	}
	return steps, nil
}

// LastSteps reads all steps of the last command that asked for something of one of the
// sources; none where there was no such command.
func (db *DB) LastSteps(ctx context.Context, sources []string) ([]writeback.Step, error) {
	steps, err := collect(ctx, db.pool, readStep, "journal_last", sources)
	if err != nil {
		return nil, fmt.Errorf("read the last command of the journal: %w", err)
	}
	return steps, nil
}

func readStep(row pgx.CollectableRow) (writeback.Step, error) {
	var s writeback.Step
	var target uuid.NullUUID
	var sent, settled *time.Time
	err := row.Scan(&s.ID, &s.Command, &s.Kind, &s.Source, &s.Line, &s.Type, &s.Value, &s.SubscriberKey,
		&s.SubscriberID, &s.ICCID, &s.From, &target, &s.Nickname, &s.AskedAt, &sent, &s.RequestID, &s.Outcome, &s.Code,
		&settled, &s.SettledBy)
	s.Target = target.UUID
	if sent != nil {
		s.SentAt = *sent
	}
	if settled != nil {
		s.SettledAt = *settled
	}
	return s, err
}

// Customers are the names of a source's customers, as a sync last heard them.
func (db *DB) Customers(ctx context.Context, source string) (map[uuid.UUID]string, error) {
	type named struct {
		ID   uuid.UUID
		Name string
	}
	all, err := collect(ctx, db.pool, pgx.RowToStructByPos[named], "journal_customers", source)
	if err != nil {
		return nil, fmt.Errorf("read the customers of source %s: %w", source, err)
	}
	names := make(map[uuid.UUID]string, len(all))
	for _, c := range all {
		names[c.ID] = c.Name
	}
	return names, nil
}
