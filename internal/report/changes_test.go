package report_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/report"
	"simsync/internal/writeback"
)

var (
	north     = uuid.MustParse("4543dedb-cce7-4bee-89f3-7af1447927e6")
	south     = uuid.MustParse("e7fcef24-5c03-41dd-9e33-995b7d6f47e2")
	nameless  = uuid.MustParse("3bd92beb-0367-4e68-b50d-72c0fb08beab")
	customers = report.Customers{north: "Acme North", south: "Acme South"}
)

// known is a subscriber of a customer.
func known(customer uuid.UUID) writeback.Known {
	return writeback.Known{ICCID: "8935711001000034535", CustomerID: uuid.NullUUID{UUID: customer, Valid: true}}
}

func toSouth(line int, value string) writeback.Change {
	return writeback.Change{Line: line, Subject: writeback.Subject{Type: writeback.SubjectICCID, Value: value}, Target: south}
}

// moves is a plan with a line of every verdict.
func moves() *writeback.Plan {
	open := &writeback.Step{ID: 3, Change: toSouth(2, "8935711001000034576"), Outcome: writeback.OutcomeUnknown, AskedAt: minute(1)}
	return &writeback.Plan{Kind: writeback.KindMove, Source: "flolive", Lines: []writeback.Line{
		{Change: toSouth(2, "8935711001000034535"), Verdict: writeback.VerdictSend, Fits: []writeback.Known{known(north), known(nameless)}},
		{Change: toSouth(3, "8935711001000034543"), Verdict: writeback.VerdictAlready, Fits: []writeback.Known{known(south)}},
		{Change: toSouth(4, "8935711001000034550"), Verdict: writeback.VerdictUnknown},
		{Change: toSouth(5, "8935711001000034535"), Verdict: writeback.VerdictDuplicate, DuplicateOf: 2, Fits: []writeback.Known{known(north)}},
		{Change: toSouth(6, "8935711001000034568"), Verdict: writeback.VerdictSeveral, Fits: []writeback.Known{known(north), known(north)}},
		{Change: toSouth(7, "8935711001000034576"), Verdict: writeback.VerdictOpen, Fits: []writeback.Known{known(north)}, Open: open},
		{Change: writeback.Change{Line: 8, Subject: writeback.Subject{Type: writeback.SubjectIMSI, Value: "222013090961859"}, Target: nameless}, Verdict: writeback.VerdictSend},
	}}
}

// sent is the same plan once it was applied, as far as a lost answer let it be.
func sent() *writeback.Plan {
	p := moves()
	p.Lines[0].Step = &writeback.Step{ID: 4, Change: p.Lines[0].Change, Outcome: writeback.OutcomeAccepted, RequestID: "ff74dca6-8e7f-4b85-a42b-13860913b370"}
	p.Lines[2].Step = &writeback.Step{ID: 5, Change: p.Lines[2].Change, Outcome: writeback.OutcomeRefused, Code: "SUBSCRIBER_1002"}
	return p
}

func nicknames() *writeback.Plan {
	id := writeback.Subject{Type: writeback.SubjectPhysicalID, Value: "8944000000000000001"}
	return &writeback.Plan{Kind: writeback.KindNickname, Source: "iotx", LeftToRun: 1, Lines: []writeback.Line{
		{Change: writeback.Change{Subject: id, Nickname: "Größe"}, Verdict: writeback.VerdictSend, Fits: []writeback.Known{{Nickname: "Pump 7"}}, Step: &writeback.Step{ID: 6, Outcome: writeback.OutcomeDone}},
	}}
}

// steps are a step of every outcome.
func steps() []writeback.Step {
	var all []writeback.Step
	for i, outcome := range []writeback.Outcome{
		writeback.OutcomeJournalled, writeback.OutcomeAccepted, writeback.OutcomeUnknown, writeback.OutcomeDone, writeback.OutcomeRefused,
		writeback.OutcomeNotExecuted, writeback.OutcomeFailed,
	} {
		s := writeback.Step{
			ID: int64(i + 1), Command: first, Kind: writeback.KindMove, Source: "flolive", Change: toSouth(i+2, "8935711001000034535"),
			From: uuid.NullUUID{UUID: north, Valid: true}, AskedAt: minute(0), Outcome: outcome,
		}
		if !outcome.IsOpen() {
			s.SentAt, s.SettledAt, s.SettledBy = minute(1), minute(2), writeback.SettledByCall
		}
		if outcome == writeback.OutcomeFailed {
			s.Code, s.RequestID = "INTERNAL_ERROR", "ff74dca6-8e7f-4b85-a42b-13860913b370"
		}
		all = append(all, s)
	}
	return all
}

func journal() report.Journal {
	named := writeback.Step{
		ID: 1234, Command: second, Kind: writeback.KindNickname, Source: "iotx", AskedAt: minute(3), Outcome: writeback.OutcomeUnknown,
		Change: writeback.Change{Subject: writeback.Subject{Type: writeback.SubjectPhysicalID, Value: "8944000000000000001"}, Nickname: "Größe"},
	}
	return report.Journal{Last: []writeback.Step{named}, Open: steps()}
}

func TestGoldenChanges(t *testing.T) {
	style := report.Style{Now: now, Location: cet}
	narrow, colored := style, style
	narrow.Width, colored.Color = 80, true
	closed := report.Journal{Last: steps()[3:]}
	for name, print := range map[string]func(*bytes.Buffer) error{
		"plan.txt":           func(b *bytes.Buffer) error { return report.Plan(b, moves(), false, customers, style) },
		"plan_80.txt":        func(b *bytes.Buffer) error { return report.Plan(b, moves(), false, customers, narrow) },
		"plan_color.txt":     func(b *bytes.Buffer) error { return report.Plan(b, moves(), false, customers, colored) },
		"plan_applied.txt":   func(b *bytes.Buffer) error { return report.Plan(b, sent(), true, customers, style) },
		"plan_nickname.txt":  func(b *bytes.Buffer) error { return report.Plan(b, nicknames(), true, nil, style) },
		"plan.json":          func(b *bytes.Buffer) error { return report.PlanJSON(b, sent(), &first) },
		"plan_nickname.json": func(b *bytes.Buffer) error { return report.PlanJSON(b, nicknames(), nil) },
		"journal.txt":        func(b *bytes.Buffer) error { return report.JournalStatus(b, journal(), customers, style) },
		"journal_80.txt":     func(b *bytes.Buffer) error { return report.JournalStatus(b, journal(), customers, narrow) },
		"journal_closed.txt": func(b *bytes.Buffer) error { return report.JournalStatus(b, closed, nil, style) },
		"journal_empty.txt":  func(b *bytes.Buffer) error { return report.JournalStatus(b, report.Journal{}, nil, style) },
		"journal.json":       func(b *bytes.Buffer) error { return report.JournalStatusJSON(b, journal()) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := print(&b); err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{"8935711001000034535", "8944000000000000001", "222013090961859"} {
				if strings.Contains(b.String(), id) {
					t.Error("an identifier is shown whole")
				}
			}
			golden(t, name, b.String())
		})
	}
}

// The members of a step's JSON are the columns of the journal, but for the subscriber's
// key, which means nothing outside the database, and the subject, which is masked.
func TestStepJSONMembersAreTheJournalsColumns(t *testing.T) {
	db, err := load.Open(t.Context(), localpg.NewDatabase(t, migrate))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var want, got []string
	err = db.Pool().QueryRow(t.Context(), `SELECT array_agg(replace(column_name::text, 'subject_value', 'subject')) FROM information_schema.columns
		WHERE table_schema = 'sync' AND table_name = 'change_request' AND column_name <> 'subscriber_key'`).Scan(&want)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := report.JournalStatusJSON(&b, journal()); err != nil {
		t.Fatal(err)
	}
	var told struct {
		Open []map[string]jsontext.Value `json:"open"`
	}
	if err := json.Unmarshal(b.Bytes(), &told); err != nil {
		t.Fatal(err)
	}
	for name := range told.Open[0] {
		got = append(got, name)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members of a step, against the columns of sync.change_request (-want +got):\n%s", diff)
	}
}

// What stands in a file, or comes from a provider, cannot steer the terminal.
func TestChangesHoldNoControlCharacters(t *testing.T) {
	const evil = "a\x1b[2Jb\rc\nd\u202ee"
	p, j := nicknames(), journal()
	p.Lines[0].Nickname, p.Lines[0].Fits[0].Nickname, p.Lines[0].Step.Code, p.Lines[0].Value = evil, evil, evil, evil
	j.Last[0].Nickname, j.Last[0].Code, j.Last[0].Source = evil, evil, evil
	evilCustomers := report.Customers{north: evil, south: evil}
	var b bytes.Buffer
	style := report.Style{Now: now, Location: cet}
	if err := errors.Join(report.Plan(&b, p, true, nil, style), report.Plan(&b, moves(), false, evilCustomers, style),
		report.JournalStatus(&b, j, evilCustomers, style)); err != nil {
		t.Fatal(err)
	}
	if at := strings.IndexAny(b.String(), "\x1b\r\u202e"); at >= 0 || strings.Contains(b.String(), "\nd") {
		t.Errorf("a control character came through:\n%q", b.String())
	}
}

func TestChangesThatCannotBeWrittenAreReported(t *testing.T) {
	for name, err := range map[string]error{
		"Plan":              report.Plan(full{}, moves(), false, nil, report.Style{}),
		"PlanJSON":          report.PlanJSON(full{}, moves(), nil),
		"JournalStatus":     report.JournalStatus(full{}, journal(), nil, report.Style{}),
		"JournalStatusJSON": report.JournalStatusJSON(full{}, journal()),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: error %v, want %v", name, err, errFull)
		}
	}
}
