package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"
	"github.com/sethvargo/go-retry"

	"simsync/internal/archive"
	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
)

// Options are what a run needs besides its sources.
type Options struct {
	DB *load.DB
	// Command and Version go into the ledger.
	Command, Version string
	// Scope is what of a source is read; the zero value: all that a run reads.
	Scope Scope
	// DryRun: the sources are read and compared with the database, and nothing is written.
	DryRun bool
	// MaxRejects is the share of records, 0 to 1, that may be rejected whole.
	MaxRejects float64
	// AllowRemovals overrides the removal limit.
	AllowRemovals bool
	// Archive keeps what the providers answer; nil: nothing does.
	Archive *archive.Archive
	// Retention says how long what was gathered is kept. Zero: for ever.
	Retention config.Retention
	Log       zerolog.Logger
	// Progress is told how far the run is; nil: nobody looks.
	Progress *Progress
	// Now is the clock; nil: the system's.
	Now func() time.Time

	// replay is the archived run that is loaded; nil: the provider is asked.
	replay *replay
	// recordsAtFirst stands for the constant of that name in tests, which have no time
	// for a million records; 0: the constant.
	recordsAtFirst int
	// adjust changes how a provider is spoken to; nil: it is spoken to as its source
	// says. Tests put a network in memory there.
	adjust func(*fetch.Options)
}

// Summary is what a run did.
type Summary struct {
	ID      uuid.UUID
	Sources []Result
}

// Result is what a run did to one source.
type Result struct {
	Source string
	// Locked says that another run holds the source: nothing was done, and Err is nil.
	Locked bool
	// passed says that an archived run was passed over: nothing was done, and Err is nil.
	passed passed
	// lost says that the database lacks a part of an archived run that was passed over,
	// which the archive has lost: ErrIncomplete or ErrEnrichment, as the run ended.
	lost error
	// Err is nil where the outcome is ok; see the Err variables for what it may wrap.
	Err      error
	Promoted load.Promoted
	// Loaded says that Promoted was committed.
	Loaded bool
	// Compared is what a dry run found; nil: it was none, or it did not come so far.
	Compared *load.Comparison
	// Enriched is what was asked for after the load.
	Enriched load.Enriched
	Walks    []fetch.Facts
	Traffic  fetch.Counters
	Took     time.Duration
}

// Outcome is what the ledger calls the source's end.
func (r Result) Outcome() load.Outcome { return outcomeOf(r.Err) }

// Errs are the sources' errors, nil for those that are done.
func (s Summary) Errs() []error {
	errs := make([]error, len(s.Sources))
	for i, r := range s.Sources {
		errs[i] = r.Err
	}
	return errs
}

// Sync syncs the sources once, all at the same time; before, it sees to it that the
// scope fits them, and reads the files of EIDs that they name, whose faults are a
// config.Error. One that fails does not stop the others. At the end, where any source
// was loaded, what is no longer kept is deleted, which is nobody's failure. ctx ends the
// run early; its cause should be ErrInterrupted or ErrTerminated where a signal did it.
func Sync(ctx context.Context, sources []config.Source, o Options) (Summary, error) {
	for _, source := range sources {
		if err := o.Scope.Check(source); err != nil {
			return Summary{}, err
		}
	}
	if err := CheckEIDs(sources); err != nil {
		return Summary{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Summary{}, fmt.Errorf("name the run: %w", err)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	s := Summary{ID: id, Sources: make([]Result, len(sources))}
	var wg sync.WaitGroup
	for i, source := range sources {
		wg.Go(func() {
			if o.DryRun {
				s.Sources[i] = compareSource(ctx, source, id, o)
				return
			}
			s.Sources[i] = syncSource(ctx, source, id, o)
		})
	}
	wg.Wait()
	if slices.ContainsFunc(s.Sources, func(r Result) bool { return r.Loaded }) {
		retain(ctx, o, id)
	}
	return s, nil
}

// syncSource runs one source from its lock to its last line in the ledger.
func syncSource(ctx context.Context, source config.Source, id uuid.UUID, o Options) (result Result) {
	started := o.Now()
	o.Log = o.Log.With().Str("source", source.Name).Str("run", id.String()).Logger()
	result.Source = source.Name
	defer func() {
		result.Took = o.Now().Sub(started)
		logEnd(o.Log, result)
	}()

	if o.replay != nil {
		if err := o.replay.pass(ctx, o, source.Name, &result); result.isPassedOver() || err != nil {
			result.Err = EndOf(ctx, err)
			return result
		}
	}

	session, err := o.session(ctx, source.Name)
	if errors.Is(err, load.ErrLocked) {
		result.Locked = true
		return result
	}
	if err != nil {
		result.Err = EndOf(ctx, err)
		return result
	}
	defer session.Close()

	ledger := load.RunID{Run: id, Source: source.Name}
	defer func() {
		if err := closeLedger(ctx, o, ledger, result); err != nil {
			result.Err = errors.Join(result.Err, err)
		}
	}()
	if err := beginLedger(ctx, o, ledger, started); err != nil {
		result.Err = EndOf(ctx, err)
		return result
	}

	o.Log.Info().Int("known", session.Known()).Msg("sync begins")
	s := syncer{Options: o, source: source, session: session, ledger: ledger, started: started}
	if result.passed == passedHalf {
		result.Loaded = true // then
		result.Err = withEnrichment(ctx, nil, o.replay.enrich(ctx, &s, &result.Enriched))
	} else {
		result.Err = s.sync(ctx, &result)
	}
	if !result.Loaded { // what was loaded before a signal is loaded
		result.Err = EndOf(ctx, result.Err)
	}
	return result
}

// session takes the source's lock, or works under that of a replay.
func (o Options) session(ctx context.Context, source string) (*load.Session, error) {
	if o.replay != nil {
		return o.replay.hold.Session(ctx)
	}
	return o.DB.Session(ctx, source)
}

// EndOf is err, or the signal that is the reason for it.
func EndOf(ctx context.Context, err error) error {
	if signal := interruption(ctx); err != nil && signal != nil {
		return signal
	}
	return err
}

// ledgerTimeout bounds the writing of a run's beginning and of its end, which no
// signal cancels: less than the 30 seconds that Kubernetes leaves between SIGTERM and
// SIGKILL.
const ledgerTimeout = 10 * time.Second

// beginLedger records the run. A signal does not break it off, or the run might be
// recorded without our knowing; one that fails is closed all the same.
func beginLedger(ctx context.Context, o Options, id load.RunID, started time.Time) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ledgerTimeout)
	defer cancel()
	b := load.Beginning{Command: o.Command, Version: o.Version, At: started, Connected: o.Scope.Connected}
	if o.replay != nil {
		b.Continues = o.replay.continues
	}
	return persist(ctx, func(ctx context.Context) error { return o.DB.BeginRun(ctx, id, b) })
}

// closeLedger writes how the run ended on a source, and the walks where no promote
// did. Whatever becomes of the walks, the run is closed.
func closeLedger(ctx context.Context, o Options, id load.RunID, r Result) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ledgerTimeout)
	defer cancel()
	var walksErr error
	if !r.Loaded && len(r.Walks) > 0 {
		walksErr = o.DB.RecordFailedWalks(ctx, id, r.Walks)
	}
	closing := load.Closing{
		At: o.Now(), Outcome: r.Outcome(), ExitCode: ExitCode(r.Err),
		Requests: r.Traffic.Total(), Retries: r.Traffic.Retries, Bytes: r.Traffic.Bytes,
	}
	if r.Err != nil {
		closing.Error = oneLine(r.Err)
	}
	return errors.Join(walksErr, persist(ctx, func(ctx context.Context) error {
		return o.DB.CloseRun(ctx, id, closing)
	}))
}

// persist tries a write to the ledger that may be done twice until it succeeds or ctx
// ends: the server may be gone for a moment, and the run have ended for that.
func persist(ctx context.Context, write func(context.Context) error) (err error) {
	_ = retry.Do(ctx, fetch.Waits(), func(ctx context.Context) error { // its error is err, or that ctx has ended
		err = write(ctx)
		return retry.RetryableError(err)
	})
	return err
}

// oneLine is an error's text for a column: joined errors have a line each.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

func logEnd(log zerolog.Logger, r Result) {
	if r.isPassedOver() {
		log.Info().Msg("the archived run is passed over: the database holds it, or begins later")
		return
	}
	if r.Locked {
		log.Info().Msg("another run holds the source: nothing to do")
		return
	}
	level := zerolog.WarnLevel
	switch {
	case r.Err == nil:
		level = zerolog.InfoLevel
	case r.Outcome() == load.OutcomeFailed, errors.Is(r.Err, ErrEnrichment):
		level = zerolog.ErrorLevel
	}
	log.WithLevel(level).Func(func(e *zerolog.Event) {
		switch {
		case r.Loaded:
			logCounts(e, r.Promoted.Counts)
		case r.Compared != nil:
			logCounts(e, r.Compared.Counts)
		}
	}).Err(r.Err).Str("outcome", string(r.Outcome())).Int64("requests", r.Traffic.Total()).Int64("retries", r.Traffic.Retries).
		Dur("took", r.Took).Msg("sync ended")
}

func logCounts(e *zerolog.Event, c load.Counts) {
	e.Int64("records", c.Records).Int64("inserted", c.Inserted).Int64("updated", c.Updated).Int64("unchanged", c.Unchanged).
		Int64("repeated", c.Repeated).Int64("rejected", c.Rejected).Int64("rejected_parts", c.RejectedParts).Int64("removed", c.Removed)
}
