package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"simsync/internal/archive"
	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
)

// Replayed is what a replay did.
type Replayed struct {
	// Runs are the runs replayed, in order, each with its one source.
	Runs []Summary
	// In counts the archive's runs that the database holds already, Void those that were
	// never loaded when they were made, Older those before the first run that the ledger
	// still tells of.
	In, Void, Older int
	// Locked says that another run holds the source: nothing was done.
	Locked bool
}

// Errs are the errors of the runs, nil for those that are done.
func (r Replayed) Errs() []error {
	var errs []error
	for _, s := range r.Runs {
		errs = append(errs, s.Errs()...)
	}
	return errs
}

// Replay loads a source from an archive, run by run in the order in which they were
// made: by the way of every run, as of when each was. A run that the database holds
// already is passed over, so that a replay that broke off goes on where it stopped: with
// the details and profiles of the last run, where those are not known to be whole. So
// is one from before all that the ledger tells of. One that is older than what the database
// holds, and not in it, is an ErrUsage; so it is where all are from before. It stops after
// the first run that could not be loaded or enriched.
//
// The source is held from the first run to the last: what a nightly run would load in
// between is newer than all that is left. Where another run holds it, nothing is done.
//
// An archived walk that was not proved complete, or of whose file a part is lost, removes
// nothing.
func Replay(ctx context.Context, source config.Source, from *archive.Archive, o Options) (Replayed, error) {
	var done Replayed
	runs, err := runsToReplay(ctx, source, from)
	if err != nil {
		return done, err
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	hold, err := o.DB.Hold(ctx, source.Name)
	if errors.Is(err, load.ErrLocked) {
		done.Locked = true
		return done, nil
	}
	if err != nil {
		return done, EndOf(ctx, err)
	}
	defer hold.Close()
	var left int
	for i, stored := range runs {
		if stored.PromotedAt.IsZero() {
			done.Void++
			continue
		}
		summary, err := replayRun(ctx, source, replay{stored, hold}, o)
		if err != nil {
			return done, err
		}
		result := summary.Sources[0]
		switch result.passed {
		case passedIn:
			done.In++
			continue
		case passedOlder:
			done.Older++
			continue
		case passedHalf:
			if result.Err == nil {
				done.In++
				continue
			}
		case passedNot:
		}
		done.Runs = append(done.Runs, summary)
		if isStop(ctx, result) {
			left = len(runs) - i - 1
			break
		}
	}
	o.Log.Info().Str("source", source.Name).Int("replayed", len(done.Runs)).Int("already_in", done.In).Int("never_loaded", done.Void).
		Int("older", done.Older).Msg("replay ended")
	if done.Older > 0 && done.In == 0 && len(done.Runs) == 0 {
		return Replayed{}, fmt.Errorf("%w: all that the archive holds of source %s is older than what the database does: it can only be replayed into a database that ends before it",
			ErrUsage, source.Name)
	}
	if left > 0 && ctx.Err() != nil { // of a signal between two runs none of them speaks
		return done, EndOf(ctx, ctx.Err())
	}
	return done, nil
}

// isStop tells whether the runs after this one have to wait: what is told of a run after
// its promote comes before the next run. Details that the archive has lost keep nobody
// waiting.
func isStop(ctx context.Context, r Result) bool {
	isUnfinished := errors.Is(r.Err, ErrEnrichment) && !errors.Is(r.Err, archive.ErrTorn)
	return !r.Loaded || isUnfinished || ctx.Err() != nil
}

// runsToReplay are the archive's runs on a source, all of which can be replayed.
func runsToReplay(ctx context.Context, source config.Source, from *archive.Archive) ([]archive.Stored, error) {
	runs, err := from.Runs(ctx, source.Name)
	if errors.Is(err, archive.ErrTorn) {
		return nil, fmt.Errorf("%w: %w; move its folder away to replay without that run", ErrUsage, err)
	}
	if err != nil {
		return nil, err
	}
	if len(runs) == 0 {
		others, err := from.Sources(ctx)
		if err != nil {
			return nil, err
		}
		if others == nil {
			return nil, fmt.Errorf("%w: %s holds no archive", ErrUsage, from)
		}
		return nil, fmt.Errorf("%w: the archive in %s holds no run on source %s; it has: %s", ErrUsage, from, source.Name, strings.Join(others, ", "))
	}
	for _, r := range runs {
		switch {
		case r.Source != source.Name:
			return nil, fmt.Errorf("%w: the archive's run %s is of source %s, and its folder is that of %s", ErrUsage, r.Name(), r.Source, source.Name)
		case r.API != string(source.API):
			return nil, fmt.Errorf("%w: the archive's run %s is of api %s, and source %s is of %s", ErrUsage, r.Name(), r.API, source.Name, source.API)
		}
	}
	return runs, nil
}

// replayRun replays one run, under an id of its own.
func replayRun(ctx context.Context, source config.Source, r replay, o Options) (Summary, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return Summary{}, fmt.Errorf("name the run: %w", err)
	}
	source.RemovalLimit = r.RemovalLimit
	source.KeepContacts = source.KeepContacts && r.KeepContacts
	o.MaxRejects, o.AllowRemovals = r.MaxRejects, r.AllowRemovals
	o.Scope = Scope{Connected: load.Window{Since: r.ConnectedSince, Until: r.ConnectedUntil}}
	o.Archive, o.replay = nil, &r
	o.Log = o.Log.With().Str("archived", r.Name()).Time("as_of", r.PromotedAt).Logger()
	result := syncSource(ctx, source, id, o)
	if errors.Is(result.Err, ErrUsage) && !result.Loaded {
		return Summary{}, result.Err
	}
	return Summary{ID: id, Sources: []Result{result}}, nil
}

// replay is an archived run that is loaded in the place of a provider's answers, under
// the lock of all that are replayed with it.
type replay struct {
	archive.Stored
	hold *load.Hold
}

// passed says why an archived run was passed over.
type passed int

const (
	passedNot passed = iota
	passedIn         // the database holds it
	// passedHalf: the database holds it, but perhaps not all that was told after its
	// promote.
	passedHalf
	// passedOlder: it is from before all that the ledger tells of, which may once have told
	// of it: old runs are deleted there.
	passedOlder
)

// isPassedOver tells whether nothing at all was done of an archived run.
func (r Result) isPassedOver() bool { return r.passed == passedIn || r.passed == passedOlder }

// pass tells whether the run is to be passed over. One that is older than what the
// database holds, and not in it, is an ErrUsage: its word would be taken for the latest.
func (r *replay) pass(ctx context.Context, o Options, source string) (passed, error) {
	held, err := o.DB.AsOf(ctx, source)
	if err != nil || len(held) == 0 {
		return passedNot, err
	}
	at := r.PromotedAt.Truncate(time.Microsecond) // as the database keeps it
	switch first, last := held[0].At, held[len(held)-1].At; {
	case at.Equal(last) && !held[len(held)-1].IsWhole:
		return passedHalf, nil
	case slices.ContainsFunc(held, func(h load.Held) bool { return at.Equal(h.At) }):
		return passedIn, nil
	case at.Before(first):
		return passedOlder, nil
	case at.Before(last):
		return passedNot, fmt.Errorf("%w: the archive's run %s is as of %s, and the database holds source %s as of %s: what is older can only be replayed into a database that ends before it",
			ErrUsage, r.Name(), at.Format(time.RFC3339), source, last.UTC().Format(time.RFC3339))
	}
	return passedNot, nil
}

// provider stands for the one that answered then.
func (r *replay) provider(ctx context.Context) (provider, error) {
	p := provider{counters: func() fetch.Counters { return fetch.Counters{} }, close: func() {}, atOnce: 1, atOnceConfirm: 1}
	for _, w := range r.Walks {
		p.listings = append(p.listings, listing{name: w.Listing})
	}
	if config.API(r.API) != config.IoTXv4 {
		return p, nil
	}
	var err error
	p.confirm, err = r.confirm(ctx)
	return p, err
}
