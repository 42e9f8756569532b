package writeback

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"simsync/internal/fetch"
)

// Applier executes plans, one step after another. An error ends it with what had been
// done in the plan's lines; a lost answer ends it too, but is no error: it is the
// outcome of its steps, and whatever follows is not sent.
type Applier struct {
	Journal Journal
	// Fleet takes in the rows that answers bring.
	Fleet Fleet
	// Command names the command in the journal; version 7.
	Command uuid.UUID
	// Now is the clock; nil: the system's.
	Now func() time.Time
	Log zerolog.Logger
}

func (a *Applier) now() time.Time {
	if a.Now == nil {
		return time.Now()
	}
	return a.Now()
}

// grace is how long a request that is under way may still bring its answer after a
// signal: an answer in hand is better than an outcome that nobody knows. Kubernetes
// leaves 30 seconds between SIGTERM and SIGKILL unless it is told otherwise.
const grace = 15 * time.Second

// lingering is ctx, ended grace later.
func lingering(ctx context.Context) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel(context.Cause(ctx))
		case <-longer.Done():
		}
	})
	return longer, func() {
		stop()
		cancel(context.Canceled)
	}
}

// recordingTimeout bounds the writing of outcomes, which no signal cancels.
const recordingTimeout = 10 * time.Second

// begin journals the steps of lines. None is sent where that fails.
func (a *Applier) begin(ctx context.Context, plan *Plan, lines []*Line) ([]*Step, error) {
	steps := make([]*Step, len(lines))
	for i, line := range lines {
		steps[i] = line.step(plan, a.Command)
		steps[i].AskedAt = a.now()
	}
	if err := a.Journal.Begin(ctx, steps); err != nil {
		return nil, fmt.Errorf("journal %d steps, which are not sent: %w", len(steps), err)
	}
	for i, line := range lines {
		line.Step = steps[i]
	}
	return steps, nil
}

// record journals what became of the steps. Where that fails the log keeps what only
// the provider knows besides: the steps stay open, and are never sent again.
func (a *Applier) record(ctx context.Context, steps []*Step) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordingTimeout)
	defer cancel()
	err := a.Journal.Record(ctx, steps)
	if err == nil {
		return nil
	}
	for _, s := range steps {
		a.Log.Error().Int64("change", s.ID).Int("line", s.Line).Str("outcome", string(s.Outcome)).Str("request", s.RequestID).Str("code", s.Code).
			Msg("outcome not journalled")
	}
	return fmt.Errorf("journal what became of %d steps, which stay open: %w", len(steps), err)
}

// fail says of steps what an error of their request tells: whether it was carried out
// is unknown, or it was refused, or nothing was done at all.
func fail(steps []*Step, err error, at time.Time) {
	var failed *fetch.Error
	isAnswered := errors.As(err, &failed) && failed.Status != 0
	for _, s := range steps {
		if isAnswered || errors.Is(err, fetch.KindLostAnswer) {
			s.SentAt = at
		}
		switch {
		case errors.Is(err, fetch.KindLostAnswer):
			s.Outcome = OutcomeUnknown
		case isRefusal(err):
			s.settle(OutcomeRefused, SettledByAnswer, codeOf(failed), at)
		default:
			s.settle(OutcomeNotExecuted, SettledByAnswer, codeOf(failed), at)
		}
	}
}

// isRefusal tells whether the provider will not do what it was asked for, while it may
// do something else.
func isRefusal(err error) bool {
	return errors.Is(err, fetch.KindRefused) || errors.Is(err, fetch.KindNotFound)
}

// codeOf is the provider's code, or the HTTP status where it gave none.
func codeOf(e *fetch.Error) string {
	switch {
	case e == nil:
		return ""
	case e.Code != "":
		return e.Code
	case e.Status != 0:
		return fmt.Sprintf("HTTP_%d", e.Status)
	}
	return ""
}

// stopped is the error that ends an apply after a request that failed: none where the
// steps tell all of it.
func stopped(err error) error {
	if errors.Is(err, fetch.KindLostAnswer) || isRefusal(err) {
		return nil
	}
	return err
}

// levelOf is how serious a request's end is for the log.
func levelOf(failed error) zerolog.Level {
	if failed != nil {
		return zerolog.WarnLevel
	}
	return zerolog.InfoLevel
}

// sending are the lines that are sent.
func (p *Plan) sending() []*Line {
	var lines []*Line
	for i := range p.Lines {
		if p.Lines[i].Verdict.Sends() {
			lines = append(lines, &p.Lines[i])
		}
	}
	return lines
}
