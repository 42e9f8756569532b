package run

import (
	"context"
	"time"

	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/transform"
)

// listing is a walk to be made, its record type hidden: what differs between the
// providers ends here.
type listing struct {
	name string
	read func(ctx context.Context, stage *load.Walk) (fetch.Facts, error)
}

// stageFrom is how many records are gathered before they go to the stage: a COPY
// for every page of a hundred would cost more than its rows.
const stageFrom = 2000

// newListing makes a listing of a walk; into transforms one of its records.
func newListing[R any](name string, walk fetch.Walk[R], into func(*transform.Batch, fetch.Record[R], time.Time)) listing {
	return listing{name, func(ctx context.Context, stage *load.Walk) (fetch.Facts, error) {
		err := readListing(ctx, walk, into, stage)
		return walk.Facts(), err
	}}
}

// readListing brings a walk's pages to the stage, the next page being fetched
// meanwhile. What was read before an error is staged too: it is true.
//
// Memory: three pages at the most (one in the making, one ready, one here), and the
// rows of stageFrom records or one page, whichever is more.
func readListing[R any](ctx context.Context, walk fetch.Walk[R], into func(*transform.Batch, fetch.Record[R], time.Time), stage *load.Walk) error {
	ctx, stop := context.WithCancel(ctx) // so that a failing stage ends the walk at once
	defer stop()
	var batch transform.Batch
	session := 1
	var broken error
	for page, err := range fetch.Prefetch(ctx, walk.Pages(ctx), 1) {
		if err != nil {
			broken = err
			break
		}
		if page.Session != session {
			session = page.Session
			batch.Reset()
			if err := stage.Restart(ctx); err != nil {
				return err
			}
		}
		for _, record := range page.Records {
			into(&batch, record, page.ReceivedAt)
		}
		if batch.Records >= stageFrom {
			if err := stage.Add(ctx, &batch); err != nil {
				return err
			}
			batch.Reset()
		}
	}
	if ctx.Err() == nil {
		if err := stage.Add(ctx, &batch); err != nil {
			return err
		}
	}
	return broken
}
