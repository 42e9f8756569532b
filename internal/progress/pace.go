package progress

import (
	"time"

	"simsync/internal/run"
)

// sight is a phase as it was seen at a look.
type sight struct {
	run.Phase
	// took is since the phase began, or its session did.
	took time.Duration
	// rate is how much is done a second, on average; 0 where nothing is yet.
	rate float64
	// left is how long the rest takes at that rate; 0 where nobody knows.
	left time.Duration
}

// pace knows since when the phases have been under way. What is new at a look began
// after the look before.
type pace struct {
	looked time.Time
	since  map[stretch]time.Time
}

// stretch is what a rate is taken of: a phase, or a session of one.
type stretch struct{ id, session int }

func newPace(now time.Time) *pace { return &pace{looked: now} }

// look sees the phases that are under way now.
func (p *pace) look(phases []run.Phase, now time.Time) []sight {
	since := make(map[stretch]time.Time, len(phases))
	sights := make([]sight, len(phases))
	for i, phase := range phases {
		is := stretch{phase.ID, phase.Session}
		began, known := p.since[is]
		if !known {
			began = p.looked
		}
		since[is] = began
		sights[i] = seen(phase, now.Sub(began))
	}
	p.since, p.looked = since, now
	return sights
}

func seen(phase run.Phase, took time.Duration) sight {
	s := sight{Phase: phase, took: took}
	if took <= 0 {
		return s
	}
	s.rate = float64(phase.Done) / took.Seconds()
	if rest := phase.Total - phase.Done; rest > 0 && s.rate > 0 {
		s.left = time.Duration(float64(rest) / s.rate * float64(time.Second))
	}
	return s
}
