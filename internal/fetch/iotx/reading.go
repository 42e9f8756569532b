package iotx

import (
	"context"
	"sync/atomic"

	"simsync/internal/fetch"
)

// The bounds of a reading.
const (
	// maxRereads bounds how often drift is followed. Beyond that the list is read
	// on as it comes, without a proof.
	maxRereads = 16
	// maxFruitless bounds how often the same place may be asked about in a row
	// without one new record.
	maxFruitless = 3
	// A reading may ask for the pages of the list so many times over, and some
	// more for the ends.
	maxRequestsFactor, maxRequestsExtra = 4, 100
)

// reading is a walk under way.
type reading struct {
	client *Client
	list   *sequence
	ahead  ahead
	give   func(fetch.Page[Subscriber]) bool

	// overlap is how many records a page repeats; it shrinks where the server's
	// pages are no longer than that.
	overlap int
	// window is how many pages are asked for at a time: one after every
	// irregularity, then twice as many with each page that fits, up to the
	// concurrency.
	window int
	// stride is how far the next page is from the last: what that one brought, less
	// the overlap.
	stride int
	// longest is the most records that a page has brought.
	longest int

	asked, rereads int
	repeated       int64
	fruitless      int
	stall          stall
	// unproved: a page was read that does not connect with what was read before.
	unproved bool
	// plain: drift is not followed any more.
	plain bool
}

func newReading(c *Client, tally *fetch.Tally, give func(fetch.Page[Subscriber]) bool) *reading {
	r := &reading{client: c, list: newSequence(), give: give, overlap: c.overlap, window: 1}
	var hint atomic.Int64 // the size of the last answer, whichever that was
	r.ahead.ask = func(ctx context.Context, offset int) (page, error) {
		p, err := c.list(ctx, offset, c.pageSize, int(hint.Load()), tally)
		hint.Store(int64(len(p.answer.Body)))
		return p, err
	}
	return r
}

// run reads to the end and gives the verdict. The error is errStopped where the
// consumer broke off.
func (r *reading) run(ctx context.Context) (fetch.Verdict, error) {
	for {
		if v := r.exhausted(); v != "" {
			return v, nil
		}
		p, err := r.next(ctx)
		if err != nil {
			return outcome(ctx, err), err
		}
		if v, err := r.use(ctx, p); v != "" || err != nil {
			return v, err
		}
	}
}

// exhausted tells which bound is passed, if one is.
func (r *reading) exhausted() fetch.Verdict {
	expected := len(r.list.at)/max(1, r.longest-r.overlap) + 1
	switch {
	case int64(len(r.list.place)) > r.client.maxRecords:
		return fetch.VerdictEndless
	case r.asked > maxRequestsFactor*expected+maxRequestsExtra:
		return fetch.VerdictDrift
	}
	return ""
}

// next gives the page that continues the list, and has the ones after it asked
// for. A page asked for ahead that is not where the list goes on is dropped.
func (r *reading) next(ctx context.Context) (page, error) {
	offset := max(0, r.list.end-r.overlap)
	if q := r.ahead.queue; len(q) > 0 && q[0].offset != offset {
		r.restart()
	}
	if q := r.ahead.queue; len(q) > 0 {
		offset = q[len(q)-1].offset + r.stride
	}
	for len(r.ahead.queue) < r.window {
		r.asked++
		r.ahead.start(ctx, offset)
		offset += r.stride
	}
	return r.ahead.next()
}

// ask gets one page at once, with nothing else under way.
func (r *reading) ask(ctx context.Context, offset int) (page, error) {
	r.restart()
	r.asked++
	r.ahead.start(ctx, offset)
	return r.ahead.next()
}

// restart drops the pages asked for ahead and begins with one again.
func (r *reading) restart() {
	r.ahead.flush()
	r.window = 1
}

// use takes a page that may continue the list.
func (r *reading) use(ctx context.Context, p page) (fetch.Verdict, error) {
	keys := r.list.keys(p.records)
	if len(keys) == 0 && p.offset == r.list.end {
		return r.stillAtEnd(ctx)
	}
	how := r.list.fits(p.offset, keys)
	switch {
	case how == apart && r.follow(p.offset, keys):
		return r.goBack(ctx, p.offset)
	case how == apart && len(keys) == 0:
		return r.ended(), nil
	case how != inOrder:
		r.restart()
	}
	if how == apart || p.offset == r.list.end && p.offset > 0 {
		r.unproved = true
	}
	return r.take(ctx, p, keys, how)
}

// ended is the verdict of a list read to its end.
func (r *reading) ended() fetch.Verdict {
	if r.unproved {
		return fetch.VerdictDrift
	}
	return fetch.VerdictComplete
}

// take makes p part of what was read and hands on what it brought.
func (r *reading) take(ctx context.Context, p page, keys []uint64, how fit) (fetch.Verdict, error) {
	end, remembered := r.list.end, len(r.list.at)
	t := r.list.take(p.offset, keys, how)
	r.repeated += t.repeated
	r.longest = max(r.longest, len(keys))
	if err := r.hand(p, t.give); err != nil {
		return fetch.VerdictStopped, err
	}
	switch {
	case t.strayed && r.follow(p.offset, keys):
		return r.goBack(ctx, p.offset)
	case how == inOrder && r.list.end == end:
		return r.atEnd(ctx, len(keys))
	case t.unseen > 0:
		r.fruitless = 0
	case r.plain && len(r.list.at) > remembered:
		if r.fruitless++; r.fruitless == maxFruitless {
			return r.nothingNew(), nil
		}
	}
	if stride := len(keys) - r.overlap; stride != r.stride || how != inOrder {
		r.stride, r.window = max(1, stride), 1
	} else {
		r.window = min(2*r.window, r.client.concurrency)
	}
	return "", nil
}

// hand yields the records of p at the indexes give; a page without any is not
// worth yielding.
func (r *reading) hand(p page, give []int) error {
	if len(give) == 0 {
		return nil
	}
	records := make([]fetch.Record[Subscriber], len(give))
	for i, index := range give {
		records[i] = p.records[index]
	}
	if !r.give(fetch.Page[Subscriber]{Session: 1, Records: records, ReceivedAt: p.answer.ReceivedAt, Answer: p.answer}) {
		return errStopped
	}
	return nil
}

// atEnd is reached when a page brought nothing beyond what was read: it asks at
// the very end. received is how many records that page had.
//
// Where there is nothing, the end may have moved here just now, as records before it
// left: it is the end only if what stands before it still stood there afterwards.
//
// Where there are more after all, they may have come just now: the page is read
// once more. Where it brings nothing again, the server's pages are too short to
// reach past the overlap.
func (r *reading) atEnd(ctx context.Context, received int) (fetch.Verdict, error) {
	p, err := r.ask(ctx, r.list.end)
	if err != nil {
		return outcome(ctx, err), err
	}
	if len(p.records) == 0 {
		return r.stillAtEnd(ctx)
	}
	r.fruitless++
	if r.list.knows(r.list.keys(p.records)) {
		if r.fruitless == maxFruitless {
			return fetch.VerdictEndless, nil
		}
		return "", nil
	}
	if r.fruitless > 1 {
		r.fruitless, r.overlap = 0, min(r.overlap, received)/2
	}
	return "", nil
}

// stillAtEnd looks once more at what stands before the end. Where records have left
// behind it, the rest is as it was.
func (r *reading) stillAtEnd(ctx context.Context) (fetch.Verdict, error) {
	if r.unproved {
		return r.ended(), nil
	}
	p, err := r.ask(ctx, max(0, r.list.end-r.overlap))
	if err != nil {
		return outcome(ctx, err), err
	}
	keys := r.list.keys(p.records)
	if r.list.fits(p.offset, keys) == inOrder && p.offset+len(keys) <= r.list.end {
		return r.ended(), nil
	}
	return r.use(ctx, p)
}
