package run

import (
	"cmp"
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
	read func(ctx context.Context, stage *load.Walk, m *meter, kept *keptWalk) (fetch.Facts, error)
}

// stageFrom is how many records are gathered before they go to the stage: a COPY
// for every page of a hundred would cost more than its rows.
const stageFrom = 2000

// newListing makes a listing of a walk; into transforms one of its records.
func newListing[R any](name string, walk fetch.Walk[R], into func(*transform.Batch, fetch.Record[R], time.Time)) listing {
	return listing{name, func(ctx context.Context, stage *load.Walk, m *meter, kept *keptWalk) (fetch.Facts, error) {
		err := readListing(kept.watch(ctx), walk, reader[R]{into: into, stage: stage, meter: m, kept: kept, session: 1})
		kept.end(walk.Facts())
		return walk.Facts(), err
	}}
}

// readListing brings a walk's pages to the stage, the next page being fetched
// meanwhile. What was read before an error is staged too: it is true.
//
// Memory: three pages at the most (one in the making, one ready, one here), and the
// rows of stageFrom records or one page, whichever is more.
func readListing[R any](ctx context.Context, walk fetch.Walk[R], r reader[R]) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for page, err := range fetch.Prefetch(ctx, walk.Pages(ctx), 1) {
		if err != nil {
			return cmp.Or(r.flush(ctx), err) // without its stage the listing's own error is beside the point
		}
		if err := r.take(ctx, page); err != nil {
			stop() // before the loop is left: Prefetch waits for the request under way
			return err
		}
	}
	return r.flush(ctx)
}

// reader gathers what a walk's records became until it is worth a COPY.
type reader[R any] struct {
	into    func(*transform.Batch, fetch.Record[R], time.Time)
	stage   *load.Walk
	meter   *meter
	kept    *keptWalk
	session int
	batch   transform.Batch
}

// take gathers a page, and brings what was gathered to the stage once it is enough.
func (r *reader[R]) take(ctx context.Context, page fetch.Page[R]) error {
	keepPage(r.kept, page)
	if err := r.gather(ctx, page); err != nil || r.batch.Records < stageFrom {
		return err
	}
	return r.flush(ctx)
}

// gather transforms a page. The first of another session voids all before it.
func (r *reader[R]) gather(ctx context.Context, page fetch.Page[R]) error {
	if page.Session != r.session {
		r.session = page.Session
		r.batch.Reset()
		if err := r.stage.Restart(ctx); err != nil {
			return err
		}
	}
	for _, record := range page.Records {
		r.into(&r.batch, record, page.ReceivedAt)
	}
	r.meter.page(page.Session, len(page.Records), page.Declared)
	return nil
}

// flush brings what was gathered to the stage.
func (r *reader[R]) flush(ctx context.Context) error {
	defer r.batch.Reset()
	if err := r.kept.inOrder(func() error { return r.stage.Add(ctx, &r.batch) }); err != nil {
		return err
	}
	r.meter.staged(r.stage.Staged())
	return nil
}
