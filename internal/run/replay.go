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
	// Left counts the runs that were not loaded, or not come to.
	Left int
	// Lost says that of runs that the database holds already it lacks what the archive has
	// lost; nil: nothing. It wraps what those runs ended with.
	Lost error
}

// Errs are the errors of the runs, nil for those that are done, and what is lost.
func (r Replayed) Errs() []error {
	var errs []error
	for _, s := range r.Runs {
		errs = append(errs, s.Errs()...)
	}
	if r.Lost != nil {
		errs = append(errs, r.Lost)
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
	if done, err = replayRuns(ctx, source, runs, hold, o); err != nil {
		return done, err
	}
	if done.Lost != nil {
		o.Log.Warn().Str("source", source.Name).Err(done.Lost).Msg("a part of the archive is lost")
	}
	o.Log.Info().Str("source", source.Name).Int("replayed", len(done.Runs)).Int("already_in", done.In).Int("never_loaded", done.Void).
		Int("older", done.Older).Msg("replay ended")
	if done.Older > 0 && done.In == 0 && len(done.Runs) == 0 {
		return Replayed{}, fmt.Errorf("%w: all that the archive holds of source %s is older than what the database does: it can only be replayed into a database that ends before it",
			ErrUsage, source.Name)
	}
	if done.Left > 0 && ctx.Err() != nil { // of a signal between two runs none of them speaks
		return done, EndOf(ctx, ctx.Err())
	}
	return done, nil
}

// replayRuns replays one after another until one stops it.
func replayRuns(ctx context.Context, source config.Source, runs []archive.Stored, hold *load.Hold, o Options) (done Replayed, err error) {
	var lost []error
	for i, stored := range runs {
		if stored.PromotedAt.IsZero() {
			done.Void++
			continue
		}
		summary, err := replayRun(ctx, source, replay{Stored: stored, hold: hold}, o)
		if err != nil {
			return done, err
		}
		result := summary.Sources[0]
		switch result.passed {
		case passedIn:
			done.In++
			lost = append(lost, result.lost)
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
			done.Left = len(runs) - i - 1
			if !result.Loaded {
				done.Left++
			}
			break
		}
	}
	done.Lost = lostOf(lost)
	return done, nil
}

// lostOf sums up what archived runs lack in the database, of which those that lack
// nothing are nil: one error that is all that they are.
func lostOf(runs []error) error {
	runs = slices.DeleteFunc(runs, func(err error) bool { return err == nil })
	if len(runs) == 0 {
		return nil
	}
	kind := runs[0]
	if i := slices.IndexFunc(runs, func(err error) bool { return !errors.Is(err, kind) }); i >= 0 {
		kind = fmt.Errorf("%w, %w", kind, runs[i])
	}
	return fmt.Errorf("%w: archived runs that the database holds without what their files, or those of runs before them, have lost: %d; simsync runs tells which", kind, len(runs))
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
	// continues is the run that loaded it, where only its enrichment is gone on with.
	continues uuid.UUID
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

// pass tells whether the run is to be passed over, and what the database lacks of it then.
// One that is older than what the database holds, and not in it, is an ErrUsage: its word
// would be taken for the latest.
func (r *replay) pass(ctx context.Context, o Options, source string, result *Result) error {
	held, err := o.DB.AsOf(ctx, source)
	if err != nil || len(held) == 0 {
		return err
	}
	at := r.PromotedAt.Truncate(time.Microsecond) // as the database keeps it
	last := held[len(held)-1]
	in := slices.IndexFunc(held, func(h load.Held) bool { return at.Equal(h.At) })
	switch {
	case in >= 0 && at.Equal(last.At) && !last.IsWhole:
		result.passed, r.continues = passedHalf, last.Run
	case in >= 0:
		result.passed, result.lost = passedIn, r.lost(held[in])
	case at.Before(held[0].At):
		result.passed = passedOlder
	case at.Before(last.At):
		return fmt.Errorf("%w: the archive's run %s is as of %s, and the database holds source %s as of %s: what is older can only be replayed into a database that ends before it",
			ErrUsage, r.Name(), at.Format(time.RFC3339), source, last.At.UTC().Format(time.RFC3339))
	}
	return nil
}

// lost tells what the database lacks of the run, which was replayed into it before: what
// was proved then and is not there, or was told then; nil: nothing.
func (r *replay) lost(h load.Held) error {
	wasComplete := !slices.ContainsFunc(r.Walks, func(w archive.Walk) bool { return !w.Verdict.Complete() })
	switch {
	case h.IsReplay && h.HasIncomplete && wasComplete:
		return ErrIncomplete
	case h.IsReplay && h.IsBroken && !h.IsWhole:
		return ErrEnrichment
	}
	return nil
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
