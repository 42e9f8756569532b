package run

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"simsync/internal/load"
)

// retentionTime bounds the deleting of what is no longer kept. What is left then goes
// after the next run: only the first night on an old database has so much.
const retentionTime = 5 * time.Minute

// retain deletes what is no longer kept, once the sources are done and their locks given
// back. Its end is told in the log alone: the run is what it was without it.
func retain(ctx context.Context, o Options, id uuid.UUID) {
	began := o.Now()
	isLate := func() bool { return o.Now().Sub(began) > retentionTime }
	h := load.Horizons{
		History: keptSince(began, o.Retention.History), Usage: keptSince(began, o.Retention.Usage),
		Rejects: keptSince(began, o.Retention.Rejects), Runs: keptSince(began, o.Retention.Runs),
	}
	if ctx.Err() != nil || h == (load.Horizons{}) {
		return
	}
	done, err := o.DB.Expire(ctx, h, isLate)
	log := o.Log.With().Str("run", id.String()).Logger()
	if done.Any() {
		log.Info().Int64("versions", done.Versions).Int64("months", done.Months).Int64("rejects", done.Rejects).Int64("runs", done.Runs).
			Dur("took", o.Now().Sub(began)).Msg("what is no longer kept is deleted")
	}
	if len(done.Left) > 0 {
		log.Warn().Strs("left", done.Left).Msg("somebody holds what is no longer kept: it is left until after the next run")
	}
	switch {
	case ctx.Err() != nil || isLate():
		log.Info().Msg("the deleting of what is no longer kept goes on after the next run")
	case errors.Is(err, load.ErrExpiring):
		log.Info().Msg("another process deletes what is no longer kept")
	case err != nil:
		log.Warn().Err(err).Msg("what is no longer kept could not be deleted: the run is done all the same")
	}
}

// keptSince is the UTC midnight before which what is kept so long is no longer kept; the
// zero time where it is kept for ever.
func keptSince(now time.Time, kept time.Duration) time.Time {
	if kept == 0 {
		return time.Time{}
	}
	return now.UTC().Truncate(24 * time.Hour).Add(-kept)
}
