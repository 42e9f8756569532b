package run

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"simsync/internal/archive"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/transform"
)

const (
	// openingTimeout bounds what is done in an archive before a walk, publishTimeout what
	// has to be waited for after a promote: with what the ledger takes, less than a pod is
	// left when it is told to end (deploy/kubernetes). Tidying up may take pruneTimeout.
	openingTimeout = 15 * time.Second
	publishTimeout = 20 * time.Second
	pruneTimeout   = time.Minute
)

// keeping is the archive of one run on a source. Where the archive fails, the run goes
// on without it: what is kept is for another day, and what is loaded is for this one.
//
// Its methods may be called on nil, which keeps nothing.
type keeping struct {
	*syncer
	run *archive.Run

	mu        sync.Mutex
	walks     []*keptWalk // by the place of the listing
	asked     map[archive.File]*archive.Keeper
	published bool
	failed    error // told already
	attempted bool  // a promote was tried

	order   sync.Mutex // held while a batch goes to the stage
	batches int64
}

// keep begins to keep the run; nil where the settings want none, and where the archive
// cannot be had.
func (s *syncer) keep(ctx context.Context, listings int) *keeping {
	if s.Archive == nil {
		return nil
	}
	opening, cancel := context.WithTimeout(ctx, openingTimeout)
	defer cancel()
	kept, err := s.Archive.Begin(opening, archive.Head{
		Version: s.Version, Run: s.ledger.Run.String(), Source: s.source.Name, API: string(s.source.API), At: s.started,
	})
	k := &keeping{syncer: s, run: kept, walks: make([]*keptWalk, listings), asked: make(map[archive.File]*archive.Keeper)}
	if err != nil {
		k.fail(err)
		k.prune(ctx) // where the place is full, that makes room for the next run
		return nil
	}
	return k
}

// fail tells once that the run will not be in the archive.
func (k *keeping) fail(err error) {
	if k.failed == nil {
		k.failed = err
		k.Log.Error().Err(err).Msg("the run is not archived; it goes on")
	}
}

// walk begins to keep a walk.
func (k *keeping) walk(ctx context.Context, place int, listing string) *keptWalk {
	if k == nil {
		return nil
	}
	w := &keptWalk{Keeper: k.run.Keep(ctx, archive.Part{File: archive.FileWalk, Number: place + 1, Listing: listing}, nil), kept: k}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.walks[place] = w
	return w
}

// file is the one of what is asked for one by one, begun with the first question.
func (k *keeping) file(ctx context.Context, file archive.File) *archive.Keeper {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.asked[file] == nil {
		var redact archive.Redact
		if file == archive.FileDetails && !k.source.KeepContacts {
			redact = withoutContacts
		}
		k.asked[file] = k.run.Keep(ctx, archive.Part{File: file}, redact)
	}
	return k.asked[file]
}

// withoutContacts takes the contacts out of an answer with details.
func withoutContacts(body []byte, records [][]byte) ([]byte, [][]byte) {
	kept := make([][]byte, len(records))
	for i, record := range records {
		kept[i] = transform.WithoutContacts(record)
	}
	return transform.AnswerWithoutContacts(body), kept
}

// promoted publishes what was kept of a run that has been promoted.
func (k *keeping) promoted(ctx context.Context, p load.Promotion) {
	if k != nil {
		k.publish(ctx, p.At)
	}
}

// end publishes what is left: after a promote the details and profiles, else all there
// is. Then what is older than the settings say is deleted.
func (k *keeping) end(ctx context.Context) {
	if k == nil {
		return
	}
	if !k.published && k.failed == nil {
		k.publishRest(ctx)
	}
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishTimeout)
	defer cancel()
	for _, file := range []archive.File{archive.FileDetails, archive.FileProfiles} {
		if asked := k.take(file); asked != nil {
			if err := finish(closing, asked); err != nil {
				k.fail(err)
			}
		}
	}
	k.prune(ctx) // also where this run failed: the place may be full
}

// publishRest publishes a run whose promote failed, or never came. The answer to a COMMIT
// may have been lost: the ledger knows. Of a run that was stopped before its promote
// nothing is kept.
func (k *keeping) publishRest(ctx context.Context) {
	at, err := k.loadedAt(ctx)
	switch {
	case err != nil:
		k.fail(fmt.Errorf("whether the run was loaded is not known: %w", err))
		k.discard(ctx, err)
	case at.IsZero() && ctx.Err() != nil:
		k.discard(ctx, context.Cause(ctx))
	default:
		k.publish(ctx, at)
	}
}

// loadedAt is when the run was promoted by the word of the ledger; zero: never.
func (k *keeping) loadedAt(ctx context.Context) (time.Time, error) {
	if !k.attempted {
		return time.Time{}, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ledgerTimeout)
	defer cancel()
	return k.DB.LoadedAt(ctx, k.ledger)
}

// promoting notes that a promote is tried.
func (k *keeping) promoting() {
	if k != nil {
		k.attempted = true
	}
}

// publish waits for the files of the walks, and writes the manifest. at is when the run
// was promoted; zero: never.
func (k *keeping) publish(ctx context.Context, at time.Time) {
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishTimeout)
	defer cancel()
	m := archive.Manifest{
		Command: k.Command, StartedAt: k.started.UTC(), PromotedAt: at.UTC(),
		RemovalLimit: k.source.RemovalLimit, AllowRemovals: k.AllowRemovals, MaxRejects: k.MaxRejects, KeepContacts: k.source.KeepContacts,
		ConnectedSince: k.Scope.Connected.Since, ConnectedUntil: k.Scope.Connected.Until,
	}
	var failures []error
	for _, w := range k.walks {
		if w == nil { // it never began
			continue
		}
		failures = append(failures, w.Wait(closing))
		m.Walks = append(m.Walks, archive.Walk(w.facts))
	}
	if missing := k.take(archive.FileMissing); missing != nil {
		failures = append(failures, finish(closing, missing))
	}
	err := errors.Join(failures...)
	if err == nil {
		err = k.run.Publish(closing, m)
	}
	if err != nil {
		k.fail(err)
		k.discard(ctx, err)
		return
	}
	k.published = true
}

// take is a file of what was asked for, if one was begun; it is the caller's to finish.
func (k *keeping) take(file archive.File) *archive.Keeper {
	k.mu.Lock()
	defer k.mu.Unlock()
	asked := k.asked[file]
	delete(k.asked, file)
	return asked
}

func finish(ctx context.Context, k *archive.Keeper) error {
	k.End()
	return k.Wait(ctx)
}

// discard gives up all that is not published, and deletes what is.
func (k *keeping) discard(ctx context.Context, why error) {
	ended, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	cancel(why)
	var all sync.WaitGroup
	for _, w := range k.walks {
		if w != nil {
			all.Go(func() { _ = w.Wait(ended) }) // it is given up
		}
	}
	all.Wait()
	if missing := k.take(archive.FileMissing); missing != nil {
		_ = finish(ended, missing) // the same
	}
	clearing, cancelClearing := context.WithTimeout(context.WithoutCancel(ctx), openingTimeout)
	defer cancelClearing()
	if err := k.run.Discard(clearing); err != nil {
		k.Log.Warn().Err(err).Msg("what was archived of the run stays until the next one clears it away")
	}
}

// prune deletes old runs.
func (k *keeping) prune(ctx context.Context) {
	timeout := pruneTimeout
	if k.failed != nil { // and may not answer at all
		timeout = openingTimeout
	}
	pruning, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	switch n, err := k.Archive.Prune(pruning, k.source.Name); {
	case err != nil && ctx.Err() == nil:
		k.Log.Error().Err(err).Msg("old runs stay in the archive")
	case n > 0:
		k.Log.Info().Int("runs", n).Msg("old runs deleted from the archive")
	}
}

// keptWalk is a walk's part of the archive. Its methods may be called on nil.
type keptWalk struct {
	*archive.Keeper
	kept  *keeping
	facts fetch.Facts
}

// watch has the answers under a context kept.
func (w *keptWalk) watch(ctx context.Context) context.Context {
	if w == nil {
		return ctx
	}
	return fetch.WithRecorder(ctx, w.Keeper)
}

// keepPage keeps what a walk handed on.
func keepPage[R any](w *keptWalk, p fetch.Page[R]) {
	if w != nil {
		archive.KeepPage(w.Keeper, p)
	}
}

// inOrder brings a batch to the stage, and keeps as which of the run's it went: where two
// walks hold the same subscriber, the later word counts.
func (w *keptWalk) inOrder(add func() error) error {
	if w == nil {
		return add()
	}
	k := w.kept
	k.order.Lock()
	defer k.order.Unlock()
	if err := add(); err != nil {
		return err
	}
	k.batches++
	w.KeepBatch(k.batches)
	return nil
}

// end says how the walk went.
func (w *keptWalk) end(facts fetch.Facts) {
	if w != nil {
		w.facts = facts
		w.End()
	}
}
