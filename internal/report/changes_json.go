package report

import (
	"io"
	"time"

	"github.com/google/uuid"

	"simsync/internal/writeback"
)

// planJSON is a plan as scripts read it.
type planJSON struct {
	CommandID *uuid.UUID `json:"command_id"`
	Kind      string     `json:"kind"`
	Source    string     `json:"source"`
	Applied   bool       `json:"is_applied"`
	LeftToRun int        `json:"left_to_run"`
	Lines     []lineJSON `json:"lines"`
}

type lineJSON struct {
	Line             *int        `json:"line"`
	SubjectType      string      `json:"subject_type"`
	Subject          string      `json:"subject"`
	FromCustomerIDs  []uuid.UUID `json:"from_customer_ids"`
	TargetCustomerID *uuid.UUID  `json:"target_customer_id"`
	FromNickname     *string     `json:"from_nickname"`
	Nickname         *string     `json:"nickname"`
	Verdict          string      `json:"verdict"`
	DuplicateOf      *int        `json:"duplicate_of"`
	ChangeID         *int64      `json:"change_id"`
	RequestID        *string     `json:"request_id"`
	Outcome          *string     `json:"outcome"`
	Code             *string     `json:"code"`
}

// stepJSON is a row of sync.change_request by the names of its columns, its subject
// masked.
type stepJSON struct {
	ChangeID         int64         `json:"change_id"`
	CommandID        uuid.UUID     `json:"command_id"`
	Kind             string        `json:"kind"`
	Source           string        `json:"source"`
	Line             *int          `json:"line"`
	SubjectType      string        `json:"subject_type"`
	Subject          string        `json:"subject"`
	FromCustomerID   uuid.NullUUID `json:"from_customer_id"`
	TargetCustomerID *uuid.UUID    `json:"target_customer_id"`
	Nickname         *string       `json:"nickname"`
	AskedAt          time.Time     `json:"asked_at"`
	SentAt           *time.Time    `json:"sent_at"`
	RequestID        *string       `json:"request_id"`
	Outcome          string        `json:"outcome"`
	Code             *string       `json:"code"`
	SettledAt        *time.Time    `json:"settled_at"`
	SettledBy        *string       `json:"settled_by"`
}

type journalJSON struct {
	Last []stepJSON `json:"last_command"`
	Open []stepJSON `json:"open"`
}

// PlanJSON writes p as the object that the package comment describes. command is the
// one that applied it; nil: none did.
func PlanJSON(w io.Writer, p *writeback.Plan, command *uuid.UUID) error {
	return writeJSON(w, planJSON{
		CommandID: command, Kind: string(p.Kind), Source: p.Source, Applied: command != nil, LeftToRun: p.LeftToRun,
		Lines: each(p.Lines, func(l writeback.Line) lineJSON { return jsonOfLine(p.Kind, l) }),
	})
}

func jsonOfLine(kind writeback.Kind, l writeback.Line) lineJSON {
	j := lineJSON{
		Line: orNull(l.Line), SubjectType: string(l.Type), Subject: l.Masked(), FromCustomerIDs: []uuid.UUID{},
		Verdict: string(l.Verdict), DuplicateOf: orNull(l.DuplicateOf), TargetCustomerID: orNull(l.Target),
	}
	for _, known := range l.Fits {
		if known.CustomerID.Valid {
			j.FromCustomerIDs = append(j.FromCustomerIDs, known.CustomerID.UUID)
		}
		if kind == writeback.KindNickname {
			j.FromNickname = &known.Nickname
		}
	}
	if kind == writeback.KindNickname {
		j.Nickname = &l.Nickname
	}
	step := l.Step
	if l.Verdict == writeback.VerdictOpen {
		step = l.Open
	}
	if step != nil {
		j.ChangeID, j.RequestID, j.Outcome, j.Code = &step.ID, orNull(step.RequestID), orNull(string(step.Outcome)), orNull(step.Code)
	}
	return j
}

// JournalStatusJSON writes j as the object that the package comment describes.
func JournalStatusJSON(w io.Writer, j Journal) error {
	return writeJSON(w, journalJSON{Last: each(j.Last, jsonOfStep), Open: each(j.Open, jsonOfStep)})
}

func jsonOfStep(s writeback.Step) stepJSON {
	j := stepJSON{
		ChangeID: s.ID, CommandID: s.Command, Kind: string(s.Kind), Source: s.Source, Line: orNull(s.Line),
		SubjectType: string(s.Type), Subject: s.Masked(), FromCustomerID: s.From, TargetCustomerID: orNull(s.Target),
		AskedAt: s.AskedAt.UTC(), SentAt: orNull(s.SentAt.UTC()), RequestID: orNull(s.RequestID), Outcome: string(s.Outcome),
		Code: orNull(s.Code), SettledAt: orNull(s.SettledAt.UTC()), SettledBy: orNull(string(s.SettledBy)),
	}
	if s.Kind == writeback.KindNickname {
		j.Nickname = &s.Nickname
	}
	return j
}

// orNull is nil for the zero value.
func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
