package flolive

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"simsync/internal/fetch"
)

// Walk reads all subscribers of one customer. It implements [fetch.Walk].
type Walk struct {
	client   *Client
	customer string

	started bool
	tally   fetch.Tally
	facts   fetch.Facts
}

var _ fetch.Walk[Subscriber] = (*Walk)(nil)

// Pages yields the chunks of the walk's sessions, one call after another.
//
// A session is over when it is complete, or with the reason why it cannot be:
// then another one is opened, up to the attempts allowed, and its pages void the
// ones before. The walk's verdict is that of its last session. That a walk is not
// complete is no error; an error is what no further session would mend: refused
// credentials, a refused customer, a provider that cannot be reached, the end of
// ctx.
func (w *Walk) Pages(ctx context.Context) iter.Seq2[fetch.Page[Subscriber], error] {
	return func(yield func(fetch.Page[Subscriber], error) bool) {
		if w.started {
			yield(fetch.Page[Subscriber]{}, fmt.Errorf("customer %s: a walk was begun twice", w.customer))
			return
		}
		w.started = true
		w.facts = fetch.Facts{Listing: w.customer, StartedAt: time.Now(), Verdict: fetch.VerdictStopped}
		defer func() {
			w.facts.Requests = w.tally.Requests()
			w.facts.FinishedAt = time.Now()
		}()
		if err := w.sessions(ctx, yield); err != nil {
			yield(fetch.Page[Subscriber]{}, err)
		}
	}
}

// Facts tells how the walk went.
func (w *Walk) Facts() fetch.Facts { return w.facts }

// errStopped is how a consumer's break comes back through the calls.
var errStopped = errors.New("stopped")

// sessions opens one session after another until one is complete, the attempts
// are used up, or an error ends the walk.
func (w *Walk) sessions(ctx context.Context, yield func(fetch.Page[Subscriber], error) bool) error {
	waits := fetch.Waits()
	for w.facts.Sessions < w.client.attempts {
		if w.facts.Sessions > 0 {
			wait, _ := waits.Next()
			if err := pause(ctx, wait); err != nil {
				w.facts.Verdict = fetch.VerdictStopped
				return err
			}
		}
		w.facts.Sessions++
		verdict, err := w.session(ctx, yield)
		w.facts.Verdict = verdict
		if errors.Is(err, errStopped) {
			return nil
		}
		if err != nil || verdict.Complete() {
			return err
		}
	}
	return nil
}

// session reads one session to its end and gives its verdict. The error, where
// there is one, ends the walk. A session that brings no page leaves the facts, like
// the pages that were yielded before, as they are.
func (w *Walk) session(ctx context.Context, yield func(fetch.Page[Subscriber], error) bool) (fetch.Verdict, error) {
	s := session{client: w.client, customer: w.customer, tally: &w.tally}
	p := newProof()
	for {
		c, err := s.ask(ctx)
		if err != nil {
			return outcome(ctx, err, p.started)
		}
		records := fetch.ReadRecords[Subscriber](c.content)
		verdict := p.add(c.reply, records)
		if len(records) > 0 || verdict.Complete() { // an empty listing voids what a session before held
			w.facts.Declared, w.facts.Distinct, w.facts.Repeated = &p.declared, p.distinct, p.repeated
			page := fetch.Page[Subscriber]{
				Session: w.facts.Sessions, Records: records, Declared: p.declared, ReceivedAt: c.answer.ReceivedAt, Answer: c.answer,
			}
			if !yield(page, nil) {
				return fetch.VerdictStopped, errStopped
			}
		}
		switch {
		case verdict != "":
			return verdict, nil
		case s.pit == "": // without it the next call would open another session
			return fetch.VerdictLostAnswer, nil
		}
	}
}

// outcome tells what a call's error makes of the session, and whether it ends the
// walk too. open tells whether the session had been opened.
func outcome(ctx context.Context, err error, open bool) (fetch.Verdict, error) {
	var failed *fetch.Error
	switch {
	case ctx.Err() == nil && errors.Is(err, errKeepAlive), errors.Is(err, fetch.KindInvalidPIT):
		return fetch.VerdictExpired, nil
	case ctx.Err() != nil, !errors.As(err, &failed):
		return fetch.VerdictStopped, err
	case errors.Is(err, fetch.KindLostAnswer):
		return fetch.VerdictLostAnswer, nil
	case errors.Is(err, fetch.KindErrorAnswer), errors.Is(err, fetch.KindNeverSent):
		if open {
			return fetch.VerdictUnreachable, nil
		}
		return fetch.VerdictUnreachable, err
	}
	return fetch.VerdictRefused, err
}

// pause waits, unless ctx ends first.
func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
