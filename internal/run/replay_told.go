package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"simsync/internal/archive"
	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
	"simsync/internal/load"
	"simsync/internal/transform"
)

// toldThen is what was told of one thing when the archive was made.
type toldThen[R any] struct {
	question
	told[R]
}

// toldIn reads what a file of the run says was told, in its order; a file that is not
// there tells nothing. An error comes last.
func toldIn[R any](ctx context.Context, r *replay, file archive.File) iter.Seq2[toldThen[R], error] {
	return func(yield func(toldThen[R], error) bool) {
		if !r.Has(archive.Part{File: file}) {
			return
		}
		opened, err := r.Open(ctx, archive.Part{File: file})
		if err != nil {
			yield(toldThen[R]{}, err)
			return
		}
		defer opened.Close()
		answers := make(map[int64][]byte) // whose records have not been told of yet
		for {
			f, err := opened.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			var t toldThen[R]
			switch f := f.(type) {
			case *archive.Answer:
				if f.Status < 300 { // a refusal holds no records
					answers[f.Number] = f.Body
				}
				continue
			case *archive.Told:
				t, err = readTold[R](f, answers[f.Answer])
				delete(answers, f.Answer)
			case nil: // err tells
			default:
				continue
			}
			if !yield(t, err) || err != nil {
				return
			}
		}
	}
}

func readTold[R any](f *archive.Told, body []byte) (toldThen[R], error) {
	raws, err := f.Records.Records(body)
	t := toldThen[R]{
		question{f.Subject, f.IDs},
		told[R]{records: readRaws[R](raws), outcome: load.RequestOutcome(f.Outcome), isPartial: f.IsPartial, askedAt: f.Asked, receivedAt: f.Received},
	}
	return t, err
}

// confirm answers what was asked of missing subscribers as the provider did then. Of
// whom it was not asked it tells nothing.
func (r *replay) confirm(ctx context.Context) (confirmFunc, error) {
	answered := make(map[string]told[iotx.Subscriber])
	for t, err := range toldIn[iotx.Subscriber](ctx, r, archive.FileMissing) {
		if errors.Is(err, archive.ErrTorn) {
			break // of the others it told nothing
		}
		if err != nil {
			return nil, err
		}
		for i, record := range t.records { // by itself: its block holds many others
			t.records[i] = fetch.ReadRecord[iotx.Subscriber](slices.Clone(record.Raw))
		}
		answered[t.subject] = t.told
	}
	return func(_ context.Context, physicalID string) (fetch.Record[iotx.Subscriber], time.Time, error) {
		t, ok := answered[physicalID]
		switch {
		case ok && t.outcome == load.RequestAbsent:
			return fetch.Record[iotx.Subscriber]{}, time.Time{}, &fetch.Error{Kind: fetch.KindNotFound, Op: "read a subscriber"}
		case ok && len(t.records) == 1:
			return t.records[0], t.receivedAt, nil
		}
		return fetch.Record[iotx.Subscriber]{}, time.Time{}, &fetch.Error{Kind: fetch.KindLostAnswer, Op: "read a subscriber", Err: errNotArchived}
	}, nil
}

var errNotArchived = errors.New("the archive holds no answer")

// enrich saves the profiles and the details that were told after the run's promote.
func (r *replay) enrich(ctx context.Context, s *syncer, done *load.Enriched) error {
	if config.API(r.API) != config.FloLIVEv2 {
		return nil
	}
	if err := s.dropContacts(ctx); err != nil {
		return err
	}
	if !r.Has(archive.Part{File: archive.FileDetails}) && !r.Has(archive.Part{File: archive.FileProfiles}) {
		return nil
	}
	into, err := s.session.Enrich(ctx, s.ledger, transform.Contacts(s.source.KeepContacts))
	if err != nil {
		return err
	}
	e := &enrichment{syncer: s, into: into, done: done}
	var torn error // what one file has lost, the other may hold
	for _, save := range []func(context.Context, *replay) error{e.saveProfilesIn, e.saveDetailsIn} {
		err := save(ctx, r)
		if err != nil && !errors.Is(err, archive.ErrTorn) {
			return err // alone, for it is not lost: the runs behind have to wait
		}
		torn = errors.Join(torn, err)
	}
	return torn
}

func (e *enrichment) saveProfilesIn(ctx context.Context, r *replay) error {
	err := inBatches(toldIn[flolive.Profile](ctx, r, archive.FileProfiles), func(some []toldThen[flolive.Profile]) error {
		return e.saveProfilesOfThen(ctx, some)
	})
	if err != nil {
		return fmt.Errorf("replay profiles: %w", err)
	}
	return nil
}

func (e *enrichment) saveDetailsIn(ctx context.Context, r *replay) error {
	err := inBatches(toldIn[flolive.Detail](ctx, r, archive.FileDetails), func(some []toldThen[flolive.Detail]) error {
		return e.saveDetailsOfThen(ctx, some)
	})
	if err != nil {
		return fmt.Errorf("replay details: %w", err)
	}
	return nil
}

// inBatches hands on what comes in as many as are worth a transaction. What came before
// an error is handed on too.
func inBatches[T any](all iter.Seq2[T, error], save func([]T) error) error {
	var some []T
	var broken error
	for t, err := range all {
		if err != nil {
			broken = err
			break
		}
		if some = append(some, t); len(some) < saveFrom {
			continue
		}
		if err := save(some); err != nil {
			return err
		}
		some = some[:0]
	}
	if len(some) > 0 {
		if err := save(some); err != nil {
			return err
		}
	}
	return broken
}

func (e *enrichment) saveProfilesOfThen(ctx context.Context, some []toldThen[flolive.Profile]) error {
	answers := make([]load.ProfileAnswer, len(some))
	for i, t := range some {
		answers[i] = profileAnswer(transform.EID(t.subject), t.told)
	}
	saved, err := e.into.SaveProfiles(ctx, answers)
	e.count(saved)
	return err
}

func (e *enrichment) saveDetailsOfThen(ctx context.Context, some []toldThen[flolive.Detail]) error {
	named := make([]load.NamedDetail, len(some))
	for i, t := range some {
		named[i] = load.NamedDetail{ICCID: transform.ICCID(t.subject), SubscriberIDs: t.ids}
	}
	due, err := e.into.NamedDetails(ctx, named)
	if err != nil {
		return err
	}
	var answers []load.DetailAnswer
	for i, t := range some {
		answers = append(answers, e.detailAnswers(due[i], t.told)...)
	}
	saved, err := e.into.SaveDetails(ctx, answers)
	e.count(saved)
	return err
}
