package writeback

import (
	"context"
	"errors"
	"fmt"
	"time"

	"simsync/internal/transform"
)

// followFrom is how many answers are gathered before they go into the fleet: for each
// time the source's lock is taken and what is known of the source is read.
const followFrom = 500

// Nicknames sends the plan's nicknames, one by one. The rows of the fleet follow what
// the provider answers, a few hundred at a time and the last at the end, however that
// comes; while a run holds the source they are left to a run (Plan.LeftToRun).
func (a *Applier) Nicknames(ctx context.Context, plan *Plan, provider Namer) error {
	var answered transform.Batch
	var sending error
	for _, line := range plan.sending() {
		var goesOn bool
		if goesOn, sending = a.name(ctx, plan, line, provider, &answered); !goesOn {
			break
		}
		if answered.Records >= followFrom {
			if err := a.follow(ctx, plan, &answered); err != nil {
				return err
			}
		}
	}
	return errors.Join(sending, a.follow(ctx, plan, &answered))
}

// name sends one nickname. goesOn tells whether another is to be sent after it.
func (a *Applier) name(ctx context.Context, plan *Plan, line *Line, provider Namer, answered *transform.Batch) (goesOn bool, err error) {
	if ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	steps, err := a.begin(ctx, plan, []*Line{line})
	if err != nil {
		return false, err
	}
	longer, done := lingering(ctx)
	record, receivedAt, failed := provider.SetNickname(longer, line.Value, line.Nickname)
	done()
	at := a.now()
	if failed == nil {
		steps[0].SentAt = at
		steps[0].settle(OutcomeDone, SettledByAnswer, "", at)
		answered.IoTX(record, receivedAt)
	} else {
		fail(steps, failed, at)
	}
	a.Log.WithLevel(levelOf(failed)).Err(failed).Int("line", line.Line).Str("subscriber", line.Masked()).Str("outcome", string(steps[0].Outcome)).Msg("nickname sent")
	if err := a.record(ctx, steps); err != nil {
		return false, err
	}
	return failed == nil || isRefusal(failed), stopped(failed)
}

// follow brings the answers into the fleet, also after a signal, and empties the batch.
func (a *Applier) follow(ctx context.Context, plan *Plan, answered *transform.Batch) error {
	if answered.Records == 0 {
		return nil
	}
	defer answered.Reset()
	err := follow(ctx, a.Fleet, a.Command, a.now(), answered)
	if errors.Is(err, ErrHeld) {
		plan.LeftToRun += answered.Records
		a.Log.Warn().Int("subscribers", answered.Records).Msg("a run holds the source: the rows of the fleet are left to a run")
		return nil
	}
	return err
}

// followingTimeout bounds the change of the fleet's rows, which no signal cancels.
const followingTimeout = time.Minute

func follow(ctx context.Context, fleet Fleet, command [16]byte, at time.Time, answered *transform.Batch) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), followingTimeout)
	defer cancel()
	if err := fleet.Follow(ctx, command, at, answered); err != nil {
		return fmt.Errorf("bring what the provider answered into the fleet: %w", err)
	}
	return nil
}
