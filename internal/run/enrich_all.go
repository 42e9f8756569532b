package run

import (
	"context"
	"errors"
	"fmt"
	"time"

	"simsync/internal/fetch"
	"simsync/internal/load"
)

// errUntold: the provider failed to answer some requests, each after all its repeats.
var errUntold = errors.New("not everything was told")

// all asks for the profiles and details of every live subscriber, whatever their age.
// Where the last such walk broke off it goes on: who was asked for since that began is
// done, unless that is so long ago that it is due by itself.
func (e *enrichment) all(ctx context.Context) (err error) {
	// A signal must not keep the ledger from hearing of the end.
	late, cancel := outliving(ctx, savingTimeout)
	defer cancel()
	now := e.Now()
	began, err := e.into.BeginDetailsWalk(late, now)
	if err != nil {
		return err
	}
	if began.Before(now.Truncate(time.Microsecond)) { // the database's precision
		e.Log.Info().Time("began", began).Msg("the walk over all details goes on")
	}
	if before := began.Add(-time.Microsecond); before.After(e.dueBefore) {
		e.dueBefore = before
	}
	requests := e.provider.counters().Total()
	err = e.due(ctx, e.budget())
	if err == nil && e.untold > 0 {
		err = fmt.Errorf("%w: requests without an answer: %d; the same command makes them again", errUntold, e.untold)
	}
	return errors.Join(err, e.into.EndDetailsWalk(late, load.DetailsWalked{
		Verdict: detailsVerdict(err), Asked: e.done.DetailsAsked, Requests: e.provider.counters().Total() - requests, At: e.Now(),
	}))
}

func detailsVerdict(err error) fetch.Verdict {
	switch {
	case err == nil:
		return fetch.VerdictComplete
	case errors.Is(err, errUntold):
		return fetch.VerdictUnreachable
	}
	return fetch.VerdictStopped
}
