package simulator

import (
	"net/http"
	"slices"
	"time"
)

// MoveStatus is what has become of an accepted move (floLIVE API v3, Get Request Status).
type MoveStatus string

// The statuses. An internal error has moved nothing, as a failure has not.
const (
	MoveOpen          MoveStatus = "OPEN"
	MoveSuccess       MoveStatus = "SUCCESS"
	MoveFailure       MoveStatus = "FAILURE"
	MoveInternalError MoveStatus = "INTERNAL_ERROR"
)

// FloLIVEMove is a node of a bulk call that was accepted.
type FloLIVEMove struct {
	RequestID        string
	CallID           string // of the whole call
	Type, Value      string // as they were sent
	TargetCustomerID string
	Status           MoveStatus
}

// acceptedMove is a move and what is to become of it.
type acceptedMove struct {
	FloLIVEMove

	numbers []uint32   // of the subscribers in the fleet of its time
	end     MoveStatus // when it is settled
	due     time.Time
	held    bool // whatever the time: by the fault stay-open, or by a negative delay
	polls   int  // after so many questions for its status it is held no more; 0: it does not help
}

// Moves are all the moves that were ever accepted, in order.
func (s *Simulator) Moves() []FloLIVEMove {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settleDue(time.Now())
	list := make([]FloLIVEMove, 0, len(s.moves))
	for _, m := range s.moves {
		list = append(list, m.FloLIVEMove)
	}
	return list
}

// SettleMoves settles all open moves at once, those too that a fault keeps open, and returns how many there were.
func (s *Simulator) SettleMoves() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.settle(func(*acceptedMove) bool { return true })
}

// accept opens moves and returns the id of their call. They are executed later.
func (s *Simulator) accept(moves []*acceptedMove, hit strikes) string {
	s.calls++
	callID := uuidText(s.dice.roll(s.calls, traitCall), s.dice.roll(s.calls, traitIDLow))
	stay, stays := hit.get(StayOpen)
	for i, m := range moves {
		number := uint64(len(s.moves))
		m.RequestID = uuidText(s.dice.roll(number, traitRequest), s.dice.roll(number, traitIDHigh))
		m.CallID, m.Status, m.end = callID, MoveOpen, s.outcome(number, i, hit)
		m.due = time.Now().Add(s.options.MoveDelay)
		m.held = stays || s.options.MoveDelay < 0
		if stays {
			m.polls = stay.By
		}
		s.moves = append(s.moves, m)
	}
	return callID
}

// outcome decides how a move ends: the number among all, the position in its call.
func (s *Simulator) outcome(number uint64, position int, hit strikes) MoveStatus {
	if f, ok := hit.get(SettleFailure); ok && position < f.by(maxBulk) {
		return MoveFailure
	}
	if f, ok := hit.get(SettleError); ok && position < f.by(maxBulk) {
		return MoveInternalError
	}
	switch roll := share(s.dice.roll(number, traitOutcome)); {
	case roll < s.options.MoveFailures:
		return MoveFailure
	case roll < s.options.MoveFailures+s.options.MoveErrors:
		return MoveInternalError
	}
	return MoveSuccess
}

// settleDue settles what is due by a time.
func (s *Simulator) settleDue(now time.Time) {
	s.settle(func(m *acceptedMove) bool { return !m.held && !m.due.After(now) })
}

// settle ends the open moves that are chosen and carries out those that succeed. Settled ones are passed over quickly only from
// the front: what follows an open one is looked at again.
func (s *Simulator) settle(chosen func(*acceptedMove) bool) int {
	settled := 0
	for _, m := range s.moves[s.settled:] {
		if m.Status != MoveOpen || !chosen(m) {
			continue
		}
		m.Status = m.end
		settled++
		if m.end == MoveSuccess {
			s.flolive.move(m.numbers, m.TargetCustomerID)
		}
	}
	for s.settled < len(s.moves) && s.moves[s.settled].Status != MoveOpen {
		s.settled++
	}
	return settled
}

// dropMoves ends the open moves of a fleet that is replaced.
func (s *Simulator) dropMoves() {
	for _, m := range s.moves {
		if m.Status == MoveOpen {
			m.end = MoveFailure
		}
	}
	s.settle(func(*acceptedMove) bool { return true })
}

// callStatus answers what has become of a request: of one node by its request id, of all nodes of a call by the call's.
func (s *Simulator) callStatus(q *request) reply {
	if s.options.NoCallStatus {
		return noStaticResource(q.path)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	asked := slices.Clone(s.moves)
	asked = slices.DeleteFunc(asked, func(m *acceptedMove) bool { return m.RequestID != q.value && m.CallID != q.value })
	if len(asked) == 0 {
		return failure(http.StatusOK, codeNoRequest, "Provided request ID does not exist for your account")
	}
	r := lookup(len(asked), nil, func(dst []byte, i int, _ bool) []byte {
		dst = appendMember(dst, `{"requestId":`, asked[i].RequestID)
		return append(appendMember(dst, `,"status":`, string(asked[i].Status)), '}')
	})
	for _, m := range asked {
		if m.polls > 0 {
			m.polls--
			m.held = m.polls > 0
		}
	}
	return r
}
