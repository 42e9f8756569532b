package run

import (
	"context"
	"errors"
	"time"

	"simsync/internal/archive"
	"simsync/internal/fetch"
	"simsync/internal/fetch/iotx"
	"simsync/internal/load"
)

// told is what a provider said when it was asked for one thing.
type told[R any] struct {
	records   []fetch.Record[R]
	outcome   load.RequestOutcome
	isPartial bool // the provider has more records than it sent
	// askedAt is when the answer was had by the clock of the run, receivedAt when it had
	// come.
	askedAt, receivedAt time.Time
}

// question is one thing that a provider is asked for.
type question struct {
	subject string
	ids     []string // the subscriberIds whose details are asked for
}

// askFunc asks for one thing by its name.
type askFunc[R any] func(ctx context.Context, subject string) ([]fetch.Record[R], time.Time, error)

// ask asks for one thing, and keeps what was told in a file of the archive, or in none.
// The error says nothing of what was asked for.
func ask[R any](ctx context.Context, s *syncer, file archive.File, q question, from askFunc[R]) (told[R], error) {
	keeper := s.kept.file(ctx, file)
	records, at, answer, err := asking(ctx, keeper, q.subject, from)
	outcome, isPartial, err := requestOutcome(err)
	if err != nil {
		return told[R]{}, err
	}
	t := told[R]{records: records, outcome: outcome, isPartial: isPartial, askedAt: s.Now(), receivedAt: at}
	if keeper != nil {
		archive.KeepTold(keeper, archive.Told{
			Subject: q.subject, IDs: q.ids, Outcome: archive.Outcome(outcome), IsPartial: isPartial,
			Asked: t.askedAt.UTC(), Received: at.UTC(),
		}, answer, records)
	}
	return t, nil
}

// asking asks, and has every answer kept. answer is the last one that was no refusal.
func asking[R any](ctx context.Context, keeper *archive.Keeper, subject string, from askFunc[R]) (records []fetch.Record[R], at time.Time, answer fetch.Answer, err error) {
	if keeper == nil {
		records, at, err = from(ctx, subject)
		return records, at, answer, err
	}
	last := lastAnswer{Keeper: keeper}
	records, at, err = from(fetch.WithRecorder(ctx, &last), subject)
	return records, at, last.answer, err
}

// lastAnswer remembers what the records of one question are read from. Its requests
// come one after another.
type lastAnswer struct {
	*archive.Keeper
	answer fetch.Answer
}

// Answered implements fetch.Recorder.
func (l *lastAnswer) Answered(r fetch.Request, a fetch.Answer) int64 {
	a.Number = l.Keeper.Answered(r, a)
	if a.Status < 300 {
		l.answer = a
	}
	return a.Number
}

// confirmOne asks for one missing subscriber, and keeps what was told.
func (s *syncer) confirmOne(ctx context.Context, from confirmFunc, physicalID string) (fetch.Record[iotx.Subscriber], time.Time, error) {
	keeper := s.kept.file(ctx, archive.FileMissing)
	if keeper == nil {
		return from(ctx, physicalID)
	}
	var record fetch.Record[iotx.Subscriber]
	records, at, answer, err := asking(ctx, keeper, physicalID, func(ctx context.Context, id string) ([]fetch.Record[iotx.Subscriber], time.Time, error) {
		var at time.Time
		var err error
		record, at, err = from(ctx, id)
		return []fetch.Record[iotx.Subscriber]{record}, at, err
	})
	t := archive.Told{Subject: physicalID, Outcome: archive.Found, Asked: s.Now().UTC(), Received: at.UTC()}
	if errors.Is(err, fetch.KindNotFound) {
		t.Outcome, t.Received, records = archive.Absent, time.Time{}, nil
	}
	if t.Outcome == archive.Absent || err == nil { // else it told nothing
		archive.KeepTold(keeper, t, answer, records)
	}
	return record, at, err
}
