package load

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"simsync/internal/writeback"
)

// journalSpace sets the locks of journals apart from those of runs (lockSpace): "SIMW"
// in ASCII. A command that writes back need not wait for a run, nor a run for it.
const journalSpace = 0x53494D57

// Journal is the journal of one source's write-backs, writeback.Journal, with the lock
// that lets one command at a time write back there. Both live on one connection: where
// it dies the lock is gone, and so is every way to journal, and without that nothing is
// sent.
type Journal struct {
	source string
	conn   *pgx.Conn
}

// Journal takes the lock of a source's journal. It returns writeback.ErrLocked where
// another command has it.
func (db *DB) Journal(ctx context.Context, source string) (*Journal, error) {
	conn, err := db.connectLocked(ctx, journalLock, source)
	if err != nil {
		return nil, err
	}
	return &Journal{source: source, conn: conn}, nil
}

// Close gives the lock back and ends the connection. It needs no context: it must work
// after a signal.
func (j *Journal) Close() { release(j.conn) }

// Begin writes steps of one command as journalled, all or none, and fills in their
// IDs. It returns writeback.ErrUnderWay where the subject of one has an open step.
func (j *Journal) Begin(ctx context.Context, steps []*writeback.Step) error {
	if len(steps) == 0 {
		return nil
	}
	rows, err := j.conn.Query(ctx, statement("journal_begin"), beginArguments(j.source, steps)...)
	if err != nil {
		return fmt.Errorf("journal_begin: %w", err)
	}
	ids := make(map[writeback.Subject]int64, len(steps))
	var id int64
	var subject writeback.Subject
	_, err = pgx.ForEachRow(rows, []any{&id, &subject.Type, &subject.Value}, func() error {
		ids[subject] = id
		return nil
	})
	switch {
	case hasCode(err, "23505"): // unique_violation: change_request_open_idx
		return writeback.ErrUnderWay
	case err != nil:
		return fmt.Errorf("journal_begin: %w", err)
	}
	for _, s := range steps {
		s.ID = ids[s.Subject]
	}
	return nil
}

func beginArguments(source string, steps []*writeback.Step) []any {
	n := len(steps)
	lines, keys := make([]*int, n), make([]*int64, n)
	types, values, nicknames := make([]string, n), make([]string, n), make([]*string, n)
	from, targets := make([]any, n), make([]any, n)
	asked := make([]time.Time, n)
	for i, s := range steps {
		types[i], values[i], keys[i], asked[i] = string(s.Type), s.Value, s.SubscriberKey, s.AskedAt
		if s.Line > 0 {
			lines[i] = &s.Line
		}
		if s.From.Valid {
			from[i] = [16]byte(s.From.UUID)
		}
		if s.Kind == writeback.KindMove {
			targets[i] = [16]byte(s.Target)
		} else {
			nicknames[i] = &s.Nickname
		}
	}
	return []any{[16]byte(steps[0].Command), string(steps[0].Kind), source, lines, types, values, keys, from, targets, nicknames, asked}
}

// Record writes what became of the steps. One that was settled meanwhile stays so.
func (j *Journal) Record(ctx context.Context, steps []*writeback.Step) error {
	n := len(steps)
	ids, outcomes := make([]int64, n), make([]string, n)
	sent, settled := make([]*time.Time, n), make([]*time.Time, n)
	requests, codes, settlers := make([]*string, n), make([]*string, n), make([]*string, n)
	for i, s := range steps {
		ids[i], outcomes[i] = s.ID, string(s.Outcome)
		sent[i], settled[i] = orNull(s.SentAt), orNull(s.SettledAt)
		requests[i], codes[i], settlers[i] = orNull(s.RequestID), orNull(s.Code), orNull(string(s.SettledBy))
	}
	if _, err := j.conn.Exec(ctx, statement("journal_record"), ids, sent, requests, outcomes, codes, settled, settlers); err != nil {
		return fmt.Errorf("journal_record: %w", err)
	}
	return nil
}

// orNull is nil for the zero value, which means null in a step.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
