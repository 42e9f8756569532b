package writeback

import (
	"context"
	"errors"
	"slices"

	"simsync/internal/fetch"
	"simsync/internal/transform"
)

// Nicknames settles open nicknames by the subscribers themselves, whose rows in the
// fleet follow what was answered, unless a run holds the source.
func (l *Looker) Nicknames(ctx context.Context, steps []*Step, provider Namer) error {
	var answered transform.Batch
	looking := l.each(ctx, steps, func(s *Step) error { return l.byName(ctx, s, provider, &answered) })
	if answered.Records == 0 {
		return looking
	}
	following := follow(ctx, l.Fleet, l.Command, l.now(), &answered)
	if errors.Is(following, ErrHeld) {
		l.Log.Warn().Msg("a run holds the source: the rows of the fleet are left to a run")
		following = nil
	}
	return errors.Join(looking, following)
}

// byName looks what the subscriber is called.
func (l *Looker) byName(ctx context.Context, s *Step, provider Namer, answered *transform.Batch) error {
	record, at, err := provider.Subscriber(ctx, s.Value)
	if errors.Is(err, fetch.KindNotFound) {
		l.giveUp(s, nicknameMayTake)
		return nil
	}
	if err != nil {
		return err
	}
	var told transform.Batch
	told.IoTX(record, at)
	identity := transform.PhysicalIdentity(s.Value)
	mine := slices.IndexFunc(told.Rows, func(r transform.Row) bool { return r.Top && r.Identity == identity })
	switch {
	case mine < 0:
		return nil // what cannot be read proves nothing
	case told.Rows[mine].Nickname == s.Nickname:
		s.settle(OutcomeDone, SettledByDetail, "", l.now())
		answered.IoTX(record, at)
	default:
		l.giveUp(s, nicknameMayTake)
	}
	return nil
}
