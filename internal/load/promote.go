package load

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"simsync/internal/fetch"
)

// Promotion is what a caller decided about a source, once its walks had ended.
type Promotion struct {
	ID RunID
	// At becomes the new versions' changed_at, and the ledger's as_of.
	At    time.Time
	Walks []fetch.Facts
	// Complete says that every walk of every listing was. Without it a link that was
	// not seen stays, and Gone must be empty.
	Complete bool
	// Doubt is why nobody may be removed, as the outcome that the load has for it:
	// OutcomeIncomplete or OutcomeHeldBack. Empty: there is no doubt. With it Gone must be
	// empty.
	Doubt Outcome
	// Why words the doubt in one line without identifiers.
	Why string
	// Gone are the keys of subscribers proved gone, save for the doubt that a reject
	// casts on them. One that a walk has seen since is not gone.
	Gone []int64
	// RemovalLimit is the share of the live subscribers, 0 to 1, above which nothing
	// is removed, unless AllowRemovals.
	RemovalLimit  float64
	AllowRemovals bool
}

// Counts are the ledger's: Records = Inserted + Updated + Unchanged + Repeated + Rejected.
type Counts struct {
	// Declared is nil unless every walk was told a total.
	Declared                                                 *int64
	Records, Inserted, Updated, Unchanged, Repeated, Removed int64
	Rejected, RejectedParts                                  int64
}

// Promoted is what a promote did.
type Promoted struct {
	Counts
	// HeldBack says why proved removals were not made; empty where they were.
	HeldBack string
	// Doubtful counts missing subscribers that a reject kept from being removed.
	Doubtful int64
	// MovesSettled counts open moves of the journal whose subscribers are at their
	// targets.
	MovesSettled int64
}

// why words why the load is not ok, as the run's end will; empty where it is.
func (p Promotion) why(done Promoted) string {
	if done.HeldBack != "" {
		return "removals held back: " + done.HeldBack
	}
	return p.Why
}

// outcome is how the load ended, whatever becomes of the run.
func (p Promotion) outcome(done Promoted) Outcome {
	if done.HeldBack != "" {
		return OutcomeHeldBack
	}
	return cmp.Or(p.Doubt, OutcomeOK)
}

// Promote brings the stage into the fleet, and the walks, counts and rejects into
// the ledger, in one transaction: a query sees all of it or nothing. It ends the
// session's work: a session promotes once.
func (s *Session) Promote(ctx context.Context, p Promotion) (Promoted, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(p.Gone) > 0 && (!p.Complete || p.Doubt != "") {
		return Promoted{}, fmt.Errorf("promote source %s: %d removals asked for without complete walks", s.source, len(p.Gone))
	}
	if err := s.makePartitions(ctx); err != nil {
		return Promoted{}, fmt.Errorf("promote source %s: %w", s.source, err)
	}
	var done Promoted
	err := pgx.BeginTxFunc(ctx, s.conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		var err error
		done, err = s.promote(ctx, tx, p)
		return err
	})
	if err != nil {
		return Promoted{}, fmt.Errorf("promote source %s: %w", s.source, err)
	}
	return done, nil
}

func (s *Session) promote(ctx context.Context, tx pgx.Tx, p Promotion) (Promoted, error) {
	var done Promoted
	if err := s.settle(ctx, tx, p); err != nil {
		return done, err
	}
	if err := s.insert(ctx, tx, p, &done); err != nil {
		return done, err
	}
	if err := s.decideRemovals(ctx, tx, p, &done); err != nil {
		return done, err
	}
	if err := s.change(ctx, tx, p, &done); err != nil {
		return done, err
	}
	if err := s.mergeBeside(ctx, tx, p); err != nil {
		return done, err
	}
	if err := s.settleMoves(ctx, tx, p, &done); err != nil {
		return done, err
	}
	s.balance(p, &done)
	if err := recordWalks(ctx, tx, p.ID, p.Walks); err != nil {
		return done, err
	}
	return done, recordLoad(ctx, tx, p, done)
}

// balance fills in the counts that follow from the others: what was seen and is
// neither new nor changed is unchanged, and a row more than subscribers seen is a
// repeated one.
func (s *Session) balance(p Promotion, done *Promoted) {
	c, distinct := s.counts(), s.seen().count()
	done.Records, done.Rejected, done.RejectedParts = c.records, c.rejected, c.parts
	done.Repeated = c.rows - distinct
	done.Unchanged = distinct - done.Inserted - done.Updated
	var declared int64
	for _, f := range p.Walks {
		if f.Declared == nil {
			return
		}
		declared += *f.Declared
	}
	done.Declared = &declared
}
