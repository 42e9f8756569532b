package run

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"simsync/internal/load"
)

// Task is what a source is busy with.
type Task string

// The tasks, in the order in which a sync comes to them.
const (
	// TaskWalk reads a listing and stages what is new or changed. It counts records.
	TaskWalk Task = "walk"
	// TaskConfirm asks for missing subscribers one by one, and counts them.
	TaskConfirm Task = "confirm"
	// TaskPromote is one transaction, and counts nothing.
	TaskPromote Task = "promote"
	// TaskProfiles and TaskDetails enrich, and count requests.
	TaskProfiles Task = "profiles"
	TaskDetails  Task = "details"
)

// Phase is a task under way and how far it is.
type Phase struct {
	// ID tells the phase from all others of its Progress. They count up from 1.
	ID     int
	Run    uuid.UUID
	Source string
	Task   Task
	// Listing is what is walked; empty where nothing is.
	Listing string
	// Session counts a walk's sessions from 1. What a session before it read is void,
	// and Done begins again.
	Session int
	// Done is how much has been done of Total, in the task's unit. Total is 0 where
	// nobody knows it. Where IsEstimate, it is what the database holds, and the
	// provider has declared none.
	Done, Total int64
	IsEstimate  bool
	// Staged counts the rows of a walk, or of all before a promote, that were new or
	// changed and went to the stage.
	Staged int64
	// Retries counts the requests to the source's provider that were repeated since the
	// phase began, by whichever phase.
	Retries int64
}

// Progress is how far a run is, for whoever looks. The run notes it once a page or a
// request, and knows nothing of clocks and terminals; who watches reads it as often as
// suits them. The zero value is ready for one run; with a nil one nobody looks.
type Progress struct {
	mu       sync.Mutex
	begun    int
	underWay []*meter
}

// UnderWay are the phases under way, by source and then in the order in which they began.
func (p *Progress) UnderWay() []Phase {
	p.mu.Lock()
	defer p.mu.Unlock()
	phases := make([]Phase, len(p.underWay))
	for i, m := range p.underWay {
		phases[i] = m.phase
		phases[i].Retries = m.retries() - m.before
	}
	slices.SortStableFunc(phases, func(a, b Phase) int { return cmp.Compare(a.Source, b.Source) })
	return phases
}

// begin notes that a phase begins. retries tells how many requests to the source's
// provider have been repeated.
func (p *Progress) begin(phase Phase, retries func() int64) *meter {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begun++
	phase.ID = p.begun
	m := &meter{of: p, phase: phase, retries: retries, before: retries()}
	p.underWay = append(p.underWay, m)
	return m
}

// meter notes how far one phase is. Its methods may be called by several goroutines,
// and do nothing where nobody looks.
type meter struct {
	of      *Progress
	phase   Phase
	retries func() int64
	before  int64 // retries, as the phase began
}

// page notes a page of a walk. The first of another session takes the place of all
// before it. declared is 0 where the provider announced no total.
func (m *meter) page(session int, records int, declared int64) {
	m.note(func(phase *Phase) {
		if phase.Session != session {
			phase.Session, phase.Done, phase.Staged = session, 0, 0
		}
		phase.Done += int64(records)
		if declared > 0 {
			phase.Total, phase.IsEstimate = declared, false
		}
	})
}

// staged notes how many rows of the walk have gone to the stage.
func (m *meter) staged(rows int64) { m.note(func(phase *Phase) { phase.Staged = rows }) }

// step notes one thing more that is done.
func (m *meter) step() { m.note(func(phase *Phase) { phase.Done++ }) }

func (m *meter) note(what func(*Phase)) {
	if m == nil {
		return
	}
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	what(&m.phase)
}

// end notes that the phase is over, however it ended.
func (m *meter) end() {
	if m == nil {
		return
	}
	m.of.mu.Lock()
	defer m.of.mu.Unlock()
	m.of.underWay = slices.DeleteFunc(m.of.underWay, func(other *meter) bool { return other == m })
}

// promote is the session's, watched.
func (s *syncer) promote(ctx context.Context, p provider, promotion load.Promotion) (load.Promoted, error) {
	m := s.phase(Phase{Task: TaskPromote, Staged: s.session.Staged()}, p)
	defer m.end()
	return s.session.Promote(ctx, promotion)
}

// expected is how many records a listing may have: what the database holds of the
// source, where that is all in one listing; 0 where nobody knows.
func (s *syncer) expected(p provider) int64 {
	if len(p.listings) > 1 || !s.Scope.Connected.IsWhole() {
		return 0
	}
	return int64(s.session.LiveAtTop())
}

// phase begins a phase of the source.
func (s *syncer) phase(phase Phase, p provider) *meter {
	phase.Run, phase.Source = s.ledger.Run, s.source.Name
	return s.Progress.begin(phase, func() int64 { return p.counters().Retries })
}
