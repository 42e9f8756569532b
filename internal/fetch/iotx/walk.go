package iotx

import (
	"context"
	"errors"
	"iter"
	"time"

	"simsync/internal/fetch"
)

// Walk reads the list of an account's subscribers. It implements [fetch.Walk].
type Walk struct {
	client  *Client
	started bool
	tally   fetch.Tally
	facts   fetch.Facts
}

var _ fetch.Walk[Subscriber] = (*Walk)(nil)

// Pages yields the list's records, each one once, in pages without the records
// that came before. (One that the list itself holds twice may be yielded again.)
//
// The list has no snapshot: when a record leaves, all that follow move up, and a
// page asked for by its offset then skips as many. So every page begins with the
// last records of the page before, and where they are not there again, reading goes
// back to where it still connects. The end is an empty page asked for at the very
// end; a short page proves nothing.
//
// That a walk is not complete is no error; an error is refused credentials, a
// refused list, a provider that cannot be reached, the end of ctx. Session stays 1
// on every page: nothing that was read becomes void.
func (w *Walk) Pages(ctx context.Context) iter.Seq2[fetch.Page[Subscriber], error] {
	return func(yield func(fetch.Page[Subscriber], error) bool) {
		if w.started {
			yield(fetch.Page[Subscriber]{}, errors.New("subscribers: a walk was begun twice"))
			return
		}
		w.started = true
		r := newReading(w.client, &w.tally, func(p fetch.Page[Subscriber]) bool { return yield(p, nil) })
		w.facts = fetch.Facts{Listing: w.Listing(), StartedAt: time.Now(), Verdict: fetch.VerdictStopped}
		defer w.finish(r)
		verdict, err := r.run(ctx)
		w.facts.Verdict = verdict
		r.ahead.flush() // before the consumer hears of the end
		if err != nil && !errors.Is(err, errStopped) {
			yield(fetch.Page[Subscriber]{}, err)
		}
	}
}

// finish gives up what is under way, also when the consumer panics, and writes
// down what the reading knows.
func (w *Walk) finish(r *reading) {
	r.ahead.flush()
	w.facts.Distinct, w.facts.Repeated = int64(len(r.list.place)), r.repeated
	w.facts.Sessions = 1 + r.rereads
	w.facts.Requests = w.tally.Requests()
	w.facts.FinishedAt = time.Now()
}

// Listing names what is walked: "subscribers", with the filter behind it where there
// is one.
func (w *Walk) Listing() string { return listing(w.client.filter) }

// Facts tells how the walk went.
func (w *Walk) Facts() fetch.Facts { return w.facts }

// errStopped is how a consumer's break comes back through the calls.
var errStopped = errors.New("stopped")

// outcome tells what a request's error makes of the walk.
func outcome(ctx context.Context, err error) fetch.Verdict {
	var failed *fetch.Error
	switch {
	case ctx.Err() != nil, !errors.As(err, &failed):
		return fetch.VerdictStopped
	case errors.Is(err, fetch.KindErrorAnswer), errors.Is(err, fetch.KindNeverSent), errors.Is(err, fetch.KindLostAnswer):
		return fetch.VerdictUnreachable
	}
	return fetch.VerdictRefused
}
