package simulator

import "maps"

// Stats is what has been asked and answered since the start or the last [Simulator.ResetStats].
type Stats struct {
	// Requests counts requests by kind; Statuses answers by HTTP status, with 0 for connections that were cut or left.
	Requests map[RequestKind]int `json:"requests"`
	Statuses map[int]int         `json:"statuses"`
	// Struck counts how often faults of a kind struck.
	Struck map[FaultKind]int `json:"struck"`
	// MaxConcurrent is the largest number of requests that a provider had at once; MaxConcurrentInSession the largest that any
	// one floLIVE session had, which must be 1.
	MaxConcurrent          map[Provider]int `json:"maxConcurrent"`
	MaxConcurrentInSession int              `json:"maxConcurrentInSession"`
	// MaxConcurrentOf is the largest number of requests of a kind that were answered at once.
	MaxConcurrentOf map[RequestKind]int `json:"maxConcurrentOf"`
	// Sessions counts the floLIVE sessions opened; StalePIT the requests that named theirs by another pitId than the latest.
	Sessions int `json:"sessions"`
	StalePIT int `json:"stalePit"`
	// Records and Bytes count what was sent, Bytes of bodies as they went over the wire.
	Records int   `json:"records"`
	Bytes   int64 `json:"bytes"`
	// Dials counts connections opened and refused on a [Network].
	Dials int `json:"dials"`
}

// counters is the running state behind Stats, under the simulator's lock.
type counters struct {
	Stats
	inFlight  map[Provider]int
	ofKind    map[RequestKind]int
	inSession map[uint64]int
}

func newCounters() counters {
	return counters{
		Stats: Stats{
			Requests: map[RequestKind]int{}, Statuses: map[int]int{}, Struck: map[FaultKind]int{}, MaxConcurrent: map[Provider]int{},
			MaxConcurrentOf: map[RequestKind]int{},
		},
		inFlight: map[Provider]int{}, ofKind: map[RequestKind]int{}, inSession: map[uint64]int{},
	}
}

// enter counts a request in.
func (c *counters) enter(q *request) {
	c.Requests[q.kind]++
	c.inFlight[q.provider]++
	c.MaxConcurrent[q.provider] = max(c.MaxConcurrent[q.provider], c.inFlight[q.provider])
	c.ofKind[q.kind]++
	c.MaxConcurrentOf[q.kind] = max(c.MaxConcurrentOf[q.kind], c.ofKind[q.kind])
	if q.session > 0 {
		c.inSession[q.session]++
		c.MaxConcurrentInSession = max(c.MaxConcurrentInSession, c.inSession[q.session])
	}
}

// leave counts it out.
func (c *counters) leave(q *request) {
	c.inFlight[q.provider]--
	c.ofKind[q.kind]--
	if q.session > 0 {
		if c.inSession[q.session]--; c.inSession[q.session] == 0 {
			delete(c.inSession, q.session)
		}
	}
}

// Stats is a copy of the counts so far.
func (s *Simulator) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := s.stats.Stats
	copied.Requests = maps.Clone(copied.Requests)
	copied.Statuses = maps.Clone(copied.Statuses)
	copied.Struck = maps.Clone(copied.Struck)
	copied.MaxConcurrent = maps.Clone(copied.MaxConcurrent)
	copied.MaxConcurrentOf = maps.Clone(copied.MaxConcurrentOf)
	return copied
}

// ResetStats begins to count anew. Requests under way are still counted out.
func (s *Simulator) ResetStats() {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh := newCounters()
	fresh.inFlight, fresh.ofKind, fresh.inSession = s.stats.inFlight, s.stats.ofKind, s.stats.inSession
	s.stats = fresh
}
