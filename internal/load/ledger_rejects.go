package load

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
)

// Reject is a record or a part of one that was refused, as sync.reject has it: nil is
// null. Subject and both records speak of a subscriber: they are not for a log.
type Reject struct {
	ID              int64
	RunID           uuid.UUID
	Source, Listing string
	// IsWhole is true where the record gave no row, false where only the field was
	// refused.
	IsWhole bool
	// Subject is what of the record's identity could be read, in the provider's spelling.
	Subject *string
	// Field is the member at fault, with its place in lists; nil for the record as such.
	Field  *string
	Reason string
	// Record and RecordBytes are the record as received, one of them where it was asked
	// for: text, or what PostgreSQL cannot hold as text.
	Record      *string
	RecordBytes []byte
	RejectedAt  time.Time
}

// Masked is the subject as a log or a table may hold it; empty where there is none.
// What is no identifier, or one of an unknown kind, is masked like the others.
func (r Reject) Masked() string {
	if r.Subject == nil {
		return ""
	}
	return transform.Mask(*r.Subject)
}

// RejectQuery says which rejects of a run are wanted.
type RejectQuery struct {
	Run uuid.UUID
	// Source is the one source; empty: all of the run's.
	Source string
	// Limit is how many at most; 0 is all.
	Limit int
	// Records says whether the records come with them.
	Records bool
}

// Rejects reads rejects of a run by source, in the order in which they were recorded.
// There is at most one error, and that last. However many there are, one is held at a
// time: the connection is read no faster than the caller goes on.
func (db *DB) Rejects(ctx context.Context, q RejectQuery) iter.Seq2[Reject, error] {
	return func(yield func(Reject, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		rows, err := db.pool.Query(ctx, statement("ledger_reject_list"), q.Run, null(q.Source), q.Limit, q.Records)
		if err != nil {
			stop()
			yield(Reject{}, fmt.Errorf("read the rejects of run %s: %w", q.Run, err))
			return
		}
		defer rows.Close()
		defer stop() // before Close, which would read to the end for one who has gone
		for rows.Next() {
			r, err := pgx.RowToStructByName[Reject](rows)
			if err != nil {
				yield(Reject{}, fmt.Errorf("read a reject of run %s: %w", q.Run, err))
				return
			}
			if !yield(r, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Reject{}, fmt.Errorf("read the rejects of run %s: %w", q.Run, err))
		}
	}
}
