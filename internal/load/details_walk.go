package load

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"simsync/internal/fetch"
)

// A walk over the details of every live subscriber is in the ledger beside those of the
// listings, under detailsListing, so that one that broke off can go on. Its sessions are
// the runs that it took.

// DetailsWalked is how such a walk ended.
type DetailsWalked struct {
	// Verdict is complete, or the reason why the next walk goes on from here.
	Verdict fetch.Verdict
	// Asked counts the subscribers asked for in this run, Requests the requests.
	Asked, Requests int64
	At              time.Time
}

// BeginDetailsWalk begins a walk over all details, or goes on with the last one where
// that broke off, and returns when it began: who was asked for since then is done.
func (e *Enrichment) BeginDetailsWalk(ctx context.Context, at time.Time) (began time.Time, err error) {
	err = e.inTransaction(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, statement("details_walk_begin"), e.id.Run, e.id.Source, at).Scan(&began)
	})
	if err != nil {
		return began, fmt.Errorf("record the walk over all details of source %s: %w", e.id.Source, err)
	}
	return began, nil
}

// EndDetailsWalk tells the ledger how the walk ended. One that it is not told of has
// broken off.
func (e *Enrichment) EndDetailsWalk(ctx context.Context, d DetailsWalked) error {
	err := e.inTransaction(ctx, func(tx pgx.Tx) error {
		m := merger{ctx: ctx, tx: tx}
		m.do("details_walk_end", e.id.Run, e.id.Source, string(d.Verdict), d.Asked, d.Requests, d.At)
		return m.err
	})
	if err != nil {
		return fmt.Errorf("record the end of the walk over all details of source %s: %w", e.id.Source, err)
	}
	return nil
}
