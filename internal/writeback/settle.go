package writeback

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"
)

// How long a step that was perhaps sent may still come to pass, after it was asked. A
// subscriber that is not as asked by then was not changed: the step has failed, and a
// person may ask again. Until then nothing that is seen proves that it never will be.
const (
	// A move is carried out by and by, and the provider does not say within what time.
	moveMayTake = 24 * time.Hour
	// A nickname is given while its request lasts.
	nicknameMayTake = 10 * time.Minute
)

// Looker settles open steps by looking. It changes nothing at a provider.
type Looker struct {
	Journal Journal
	Fleet   Fleet
	// Command names the command in the history of rows that follow an answer; version 7.
	Command uuid.UUID
	// Now is the clock; nil: the system's.
	Now func() time.Time
	Log zerolog.Logger
}

func (l *Looker) now() time.Time {
	if l.Now == nil {
		return time.Now()
	}
	return l.Now()
}

// each has look settle the steps one by one, and journals those that are settled then.
// An error that speaks of one subscriber alone leaves its step open; any other would
// come again with the next step, and ends it.
func (l *Looker) each(ctx context.Context, steps []*Step, look func(*Step) error) error {
	for _, s := range steps {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		err := look(s)
		if isRefusal(err) {
			l.Log.Warn().Err(err).Int64("change", s.ID).Str("subscriber", s.Masked()).Msg("the step cannot be looked into, and stays open")
			continue
		}
		if err != nil {
			return err
		}
		if s.Outcome.IsOpen() {
			continue
		}
		l.Log.Info().Int64("change", s.ID).Str("subscriber", s.Masked()).Str("outcome", string(s.Outcome)).Str("settled_by", string(s.SettledBy)).
			Msg("step settled")
		if err := l.record(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (l *Looker) record(ctx context.Context, s *Step) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordingTimeout)
	defer cancel()
	return l.Journal.Record(ctx, []*Step{s})
}

// isOverdue tells whether a step that may take so long would have shown by now.
func (l *Looker) isOverdue(s *Step, mayTake time.Duration) bool {
	return l.now().Sub(s.AskedAt) > mayTake
}

// giveUp settles a step as failed where it is overdue.
func (l *Looker) giveUp(s *Step, mayTake time.Duration) {
	if l.isOverdue(s, mayTake) {
		s.settle(OutcomeFailed, SettledByDetail, "", l.now())
	}
}
