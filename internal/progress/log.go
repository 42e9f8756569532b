package progress

import (
	"math"
	"time"

	"github.com/rs/zerolog"

	"simsync/internal/run"
)

// A log tells every so often what is under way. It looks more often, to know since when.
const (
	tellEvery = 10 * time.Second
	lookEvery = time.Second
)

// Log tells every ten seconds how far the phases are that underWay tells, a line each,
// until the function that it returns is called.
func Log(underWay func() []run.Phase, log zerolog.Logger) (stop func()) {
	told := time.Now()
	return every(lookEvery, func(pace *pace) {
		now := time.Now()
		sights := pace.look(underWay(), now)
		if now.Sub(told) < tellEvery {
			return
		}
		told = now
		for _, s := range sights {
			log.Info().EmbedObject(s).Msg("under way")
		}
	}, func() {})
}

// units are what a task counts, and of what, as fields of the log.
var units = map[run.Task][2]string{
	run.TaskWalk:     {"records", "declared"},
	run.TaskConfirm:  {"asked", "missing"},
	run.TaskProfiles: {"requests", "due"},
	run.TaskDetails:  {"requests", "due"},
}

// MarshalZerologObject writes the sight's fields: rate a second, times in milliseconds.
func (s sight) MarshalZerologObject(e *zerolog.Event) {
	e.Str("run", s.Run.String()).Str("source", s.Source).Str("phase", string(s.Task))
	if s.Listing != "" {
		e.Str("listing", s.Listing).Int("session", s.Session)
	}
	if unit, counts := units[s.Task]; counts {
		e.Int64(unit[0], s.Done).Float64("rate", math.Round(10*s.rate)/10)
		switch {
		case s.IsEstimate && s.Total > 0:
			e.Int64("estimated", s.Total)
		case s.Total > 0:
			e.Int64(unit[1], s.Total)
		}
	}
	if s.Task == run.TaskWalk || s.Task == run.TaskPromote {
		e.Int64("staged", s.Staged)
	}
	if s.left > 0 {
		e.Dur("left", s.left)
	}
	e.Int64("retries", s.Retries).Dur("took", s.took)
}
