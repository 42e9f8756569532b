package writeback_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"pgregory.net/rapid"

	"simsync/internal/writeback"
)

const (
	simA = "8935711001000034535"
	simB = "8935711001000034543"
)

// at is a subscriber that a subject names, with its customer.
func at(subject writeback.Subject, key int64, iccid string, customer uuid.UUID) writeback.Known {
	return writeback.Known{Subject: subject, Key: key, ICCID: iccid, CustomerID: uuid.NullUUID{UUID: customer, Valid: true}}
}

func subject(kind writeback.SubjectType, value string) writeback.Subject {
	return writeback.Subject{Type: kind, Value: value}
}

func TestPlanOfMoves(t *testing.T) {
	t.Parallel()
	byICCID, byIMSI, byIMEI := subject(writeback.SubjectICCID, simA), subject(writeback.SubjectIMSI, "222013090961859"), subject(writeback.SubjectIMEI, "35365206016353")
	asked := move(2, byICCID.Type, byICCID.Value, south)
	seven := int64(7)
	for _, test := range []struct {
		name    string
		changes []writeback.Change
		known   []writeback.Known
		open    []writeback.Step
		want    []writeback.Verdict
	}{
		{"elsewhere", []writeback.Change{asked}, []writeback.Known{at(byICCID, 7, simA, north)}, nil, []writeback.Verdict{writeback.VerdictSend}},
		{"already there", []writeback.Change{asked}, []writeback.Known{at(byICCID, 7, simA, south)}, nil, []writeback.Verdict{writeback.VerdictAlready}},
		{"not known", []writeback.Change{asked}, nil, nil, []writeback.Verdict{writeback.VerdictUnknown}},
		{"of no customer", []writeback.Change{asked}, []writeback.Known{{Subject: byICCID, Key: 7, ICCID: simA}}, nil, []writeback.Verdict{writeback.VerdictSend}},
		{
			"parent's and child's of one SIM, one there",
			[]writeback.Change{asked},
			[]writeback.Known{at(byICCID, 7, simA, south), at(byICCID, 8, simA, north)},
			nil,
			[]writeback.Verdict{writeback.VerdictSend},
		},
		{
			"parent's and child's of one SIM, both there",
			[]writeback.Change{asked},
			[]writeback.Known{at(byICCID, 7, simA, south), at(byICCID, 8, simA, south)},
			nil,
			[]writeback.Verdict{writeback.VerdictAlready},
		},
		{
			"two SIMs of one device",
			[]writeback.Change{move(2, byIMEI.Type, byIMEI.Value, south)},
			[]writeback.Known{at(byIMEI, 7, simA, north), at(byIMEI, 8, simB, north)},
			nil,
			[]writeback.Verdict{writeback.VerdictSeveral},
		},
		{
			"the same line twice",
			[]writeback.Change{asked, move(3, byICCID.Type, byICCID.Value, south)},
			[]writeback.Known{at(byICCID, 7, simA, north)},
			nil,
			[]writeback.Verdict{writeback.VerdictSend, writeback.VerdictDuplicate},
		},
		{
			"one subscriber by two names",
			[]writeback.Change{asked, move(3, byIMSI.Type, byIMSI.Value, south)},
			[]writeback.Known{at(byICCID, 7, simA, north), at(byIMSI, 7, simA, north)},
			nil,
			[]writeback.Verdict{writeback.VerdictSend, writeback.VerdictDuplicate},
		},
		{
			"open by the same name",
			[]writeback.Change{asked},
			nil,
			[]writeback.Step{{Change: writeback.Change{Subject: byICCID, Target: north}, Outcome: writeback.OutcomeUnknown}},
			[]writeback.Verdict{writeback.VerdictOpen},
		},
		{
			"open by another name",
			[]writeback.Change{asked},
			[]writeback.Known{at(byICCID, 7, simA, north)},
			[]writeback.Step{{Change: writeback.Change{Subject: byIMSI, Target: south}, SubscriberKey: &seven, Outcome: writeback.OutcomeAccepted}},
			[]writeback.Verdict{writeback.VerdictOpen},
		},
		{
			"of another subscriber",
			[]writeback.Change{asked},
			[]writeback.Known{at(byICCID, 9, simA, north)},
			[]writeback.Step{{Change: writeback.Change{Subject: byIMSI, Target: south}, SubscriberKey: &seven, Outcome: writeback.OutcomeAccepted}},
			[]writeback.Verdict{writeback.VerdictSend},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			plan, err := writeback.NewPlan(writeback.KindMove, "flolive", test.changes, writeback.Knowledge{Subscribers: test.known, Open: test.open})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, verdicts(plan)); diff != "" {
				t.Errorf("verdicts (-want +got):\n%s", diff)
			}
		})
	}
}

func verdicts(p *writeback.Plan) []writeback.Verdict {
	var all []writeback.Verdict
	for _, l := range p.Lines {
		all = append(all, l.Verdict)
	}
	return all
}

func TestPlanRefusesLinesThatCannotBothBeMeant(t *testing.T) {
	t.Parallel()
	byICCID, byIMSI := subject(writeback.SubjectICCID, simA), subject(writeback.SubjectIMSI, "222013090961859")
	_, err := writeback.NewPlan(writeback.KindMove, "flolive",
		[]writeback.Change{move(2, byICCID.Type, byICCID.Value, south), move(5, byIMSI.Type, byIMSI.Value, north)},
		writeback.Knowledge{Subscribers: []writeback.Known{at(byICCID, 7, simA, north), at(byIMSI, 7, simA, north)}})
	if err == nil || !strings.Contains(err.Error(), "lines 2 and 5 name the same subscriber and ask for different things") {
		t.Errorf("error %v, want one that names both lines", err)
	}
}

func TestPlanOfNicknames(t *testing.T) {
	t.Parallel()
	const decomposed, composed = "Gro\u0308ße", "Größe"
	for _, test := range []struct {
		is, asked string
		want      writeback.Verdict
	}{
		{"Pump 7", "Pump 8", writeback.VerdictSend},
		{"Pump 7", "Pump 7", writeback.VerdictAlready},
		{"", "", writeback.VerdictAlready},
		{"Pump 7", "", writeback.VerdictSend},
		{decomposed, composed, writeback.VerdictSend}, // they look alike and are not
	} {
		id := subject(writeback.SubjectPhysicalID, simA)
		plan, err := writeback.NewPlan(writeback.KindNickname, "iotx", []writeback.Change{{Subject: id, Nickname: test.asked}},
			writeback.Knowledge{Subscribers: []writeback.Known{{Subject: id, Key: 1, Nickname: test.is}}})
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.Lines[0].Verdict; got != test.want {
			t.Errorf("%q to be named %q: %s, want %s", test.is, test.asked, got, test.want)
		}
	}
}

// No plan sends one subscriber twice, nor one that is open, by whatever names.
func TestPlanSendsASubscriberOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Subscriber n has ICCID n and IMSI n; any of them may be known or not, and open or not.
		var k writeback.Knowledge
		names := func(n int) []writeback.Subject {
			digit := string(rune('0' + n))
			return []writeback.Subject{subject(writeback.SubjectICCID, strings.Repeat(digit, 19)), subject(writeback.SubjectIMSI, strings.Repeat(digit, 15))}
		}
		open := make(map[int]bool)
		for n := range 4 {
			key := int64(n)
			for _, name := range names(n) {
				k.Subscribers = append(k.Subscribers, at(name, key, names(n)[0].Value, north))
			}
			if open[n] = rapid.Bool().Draw(t, "open"); open[n] {
				k.Open = append(k.Open, writeback.Step{Change: writeback.Change{Subject: names(n)[1]}, SubscriberKey: &key, Outcome: writeback.OutcomeJournalled})
			}
		}
		var changes []writeback.Change
		for line := range rapid.IntRange(1, 12).Draw(t, "lines") {
			n, by := rapid.IntRange(0, 3).Draw(t, "subscriber"), rapid.IntRange(0, 1).Draw(t, "name")
			changes = append(changes, writeback.Change{Line: line + 2, Subject: names(n)[by], Target: south})
		}
		plan, err := writeback.NewPlan(writeback.KindMove, "flolive", changes, k)
		if err != nil {
			t.Fatal(err)
		}
		sent := make(map[int64]bool)
		for _, l := range plan.Lines {
			if !l.Verdict.Sends() {
				continue
			}
			key := l.Fits[0].Key
			if sent[key] || open[int(key)] {
				t.Fatalf("subscriber %d is sent, though it was before", key)
			}
			sent[key] = true
		}
	})
}

func TestUnfinished(t *testing.T) {
	t.Parallel()
	step := func(o writeback.Outcome) *writeback.Step { return &writeback.Step{Outcome: o} }
	for _, test := range []struct {
		line writeback.Line
		want int
	}{
		{writeback.Line{Verdict: writeback.VerdictSend, Step: step(writeback.OutcomeAccepted)}, 0},
		{writeback.Line{Verdict: writeback.VerdictSend, Step: step(writeback.OutcomeDone)}, 0},
		{writeback.Line{Verdict: writeback.VerdictSend, Step: step(writeback.OutcomeRefused)}, 1},
		{writeback.Line{Verdict: writeback.VerdictSend, Step: step(writeback.OutcomeNotExecuted)}, 1},
		{writeback.Line{Verdict: writeback.VerdictUnknown, Step: step(writeback.OutcomeUnknown)}, 1},
		{writeback.Line{Verdict: writeback.VerdictSend}, 1}, // never sent
		{writeback.Line{Verdict: writeback.VerdictAlready}, 0},
		{writeback.Line{Verdict: writeback.VerdictDuplicate}, 0},
		{writeback.Line{Verdict: writeback.VerdictSeveral}, 1},
		{writeback.Line{Verdict: writeback.VerdictOpen, Open: step(writeback.OutcomeAccepted)}, 0},
		{writeback.Line{Verdict: writeback.VerdictOpen, Open: step(writeback.OutcomeUnknown)}, 1},
		{writeback.Line{Verdict: writeback.VerdictOpen, Change: writeback.Change{Target: south}, Open: step(writeback.OutcomeAccepted)}, 1}, // to elsewhere
	} {
		plan := writeback.Plan{Lines: []writeback.Line{test.line}}
		if got := plan.Unfinished(); got != test.want {
			t.Errorf("%+v: %d unfinished, want %d", test.line, got, test.want)
		}
	}
}
