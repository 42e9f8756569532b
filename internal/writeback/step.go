package writeback

import (
	"time"

	"github.com/google/uuid"
)

// Kind is what a change changes.
type Kind string

// The kinds, as the journal names them.
const (
	KindMove     Kind = "move"
	KindNickname Kind = "nickname"
)

// Change is what is asked for one subscriber.
type Change struct {
	// Line is the file's line, from 1; 0 where the change came from the command line.
	Line int
	Subject
	// Target is the customer to move to; the zero UUID for a nickname.
	Target uuid.UUID
	// Nickname is the name to have, empty for none; empty for a move.
	Nickname string
}

// asksAlike tells whether two changes of one subscriber want the same.
func (c Change) asksAlike(other Change) bool {
	return c.Target == other.Target && c.Nickname == other.Nickname
}

// Outcome is what is known to have become of a step.
type Outcome string

// The outcomes, as the journal names them. The first three are open.
const (
	// OutcomeJournalled: written down to be sent. Where no other outcome follows, the
	// program ended before it knew more: the step may have been sent.
	OutcomeJournalled Outcome = "journalled"
	// OutcomeAccepted: the provider works on it.
	OutcomeAccepted Outcome = "accepted"
	// OutcomeUnknown: it was sent, and the answer was lost.
	OutcomeUnknown Outcome = "unknown"
	OutcomeDone    Outcome = "done"
	// OutcomeRefused: the provider would not, and says by a code why.
	OutcomeRefused Outcome = "refused"
	// OutcomeNotExecuted: nothing of its call was carried out: another step of the
	// call was refused, or the call was turned away or never reached the provider.
	OutcomeNotExecuted Outcome = "not_executed"
	// OutcomeFailed: accepted or perhaps sent, and not carried out.
	OutcomeFailed Outcome = "failed"
)

// IsOpen tells whether the step may still come to pass: it is never sent again.
func (o Outcome) IsOpen() bool {
	return o == OutcomeJournalled || o == OutcomeAccepted || o == OutcomeUnknown
}

// Settler is what settled a step.
type Settler string

// The settlers, as the journal names them.
const (
	// SettledByAnswer: the provider's own answer, or that the request never reached it.
	SettledByAnswer Settler = "answer"
	// SettledByCall: the provider's request status.
	SettledByCall Settler = "call"
	// SettledByDetail: the subscriber itself, looked up at the provider.
	SettledByDetail Settler = "detail"
	// SettledBySync: a later run that saw the subscriber at its target.
	SettledBySync Settler = "sync"
)

// Step is a change in the journal: a row of sync.change_request, whose columns'
// comments say what each field means. Empty strings, zero times and nil are null.
type Step struct {
	ID      int64
	Command uuid.UUID // version 7
	Kind    Kind
	Source  string
	Change
	SubscriberKey *int64
	// SubscriberID and ICCID are those of the subscriber that SubscriberKey names, where
	// the step was read from the journal.
	SubscriberID, ICCID string
	From                uuid.NullUUID
	AskedAt             time.Time
	SentAt              time.Time
	RequestID           string
	Outcome             Outcome
	Code                string
	SettledAt           time.Time
	SettledBy           Settler
}

// settle ends the step.
func (s *Step) settle(outcome Outcome, by Settler, code string, at time.Time) {
	s.Outcome, s.SettledBy, s.Code, s.SettledAt = outcome, by, code, at
}
