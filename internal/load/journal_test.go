package load_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"simsync/internal/load"
	"simsync/internal/transform"
	"simsync/internal/writeback"
)

var (
	fromCustomer = uuid.MustParse("0aaaaaaa-0000-4000-8000-000000000001")
	toCustomer   = uuid.MustParse("0bbbbbbb-0000-4000-8000-000000000002")
)

// journal takes the lock of a source's journal to the test's end.
func (f *fleet) journal(source string) *load.Journal {
	f.Helper()
	j, err := f.db.Journal(f.Context(), source)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(j.Close)
	return j
}

// moveStep is a move to customer B, asked for on the day before a night.
func moveStep(line int, kind writeback.SubjectType, value string) *writeback.Step {
	return &writeback.Step{
		Command: uuid.MustParse("01a1fc95-88fd-7ed6-b783-c4ba4722dad6"), Kind: writeback.KindMove, Source: "flolive",
		Change:  writeback.Change{Line: line, Subject: writeback.Subject{Type: kind, Value: value}, Target: toCustomer},
		AskedAt: dawn(1).Add(time.Hour), Outcome: writeback.OutcomeJournalled,
	}
}

func TestJournalKeepsSteps(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1, customer(fromCustomer, "")))
	j := f.journal("flolive")
	key := f.keys()[0]
	steps := []*writeback.Step{moveStep(2, writeback.SubjectICCID, "8900000000000000001"), moveStep(3, writeback.SubjectIMSI, "222013090961859")}
	steps[0].SubscriberKey, steps[0].From = &key, uuid.NullUUID{UUID: fromCustomer, Valid: true}
	if err := j.Begin(t.Context(), steps); err != nil {
		t.Fatal(err)
	}
	if steps[0].ID == 0 || steps[0].ID == steps[1].ID {
		t.Errorf("IDs %d and %d", steps[0].ID, steps[1].ID)
	}
	steps[0].Outcome, steps[0].RequestID, steps[0].SentAt = writeback.OutcomeAccepted, "a-request", dawn(2)
	steps[1].Outcome, steps[1].Code, steps[1].SettledAt, steps[1].SettledBy = writeback.OutcomeRefused, "SUBSCRIBER_1002", dawn(2), writeback.SettledByAnswer
	if err := j.Record(t.Context(), steps); err != nil {
		t.Fatal(err)
	}

	open, err := f.db.OpenSteps(t.Context(), "flolive")
	if err != nil {
		t.Fatal(err)
	}
	steps[0].SubscriberID, steps[0].ICCID = sim(1).SubscriberID, string(sim(1).ICCID)
	same := cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })
	if diff := cmp.Diff([]writeback.Step{*steps[0]}, open, same); diff != "" {
		t.Errorf("open steps (-want +got):\n%s", diff)
	}
	last, err := f.db.LastSteps(t.Context(), []string{"iotx", "flolive"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]writeback.Step{*steps[0], *steps[1]}, last, same); diff != "" {
		t.Errorf("the last command's steps (-want +got):\n%s", diff)
	}
	if none, err := f.db.OpenSteps(t.Context(), "iotx"); err != nil || len(none) != 0 {
		t.Errorf("another source's steps: %v, %v", none, err)
	}
}

// The lock lets one command at a time write back to a source, and the index lets one
// step of a subscriber be open, whoever holds what.
func TestJournalIsSafeFromTwoTerminals(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var held []*load.Journal
	for range 8 {
		wg.Go(func() {
			j, err := f.db.Journal(t.Context(), "flolive")
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				held = append(held, j)
			} else if !errors.Is(err, writeback.ErrLocked) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(held) != 1 {
		t.Fatalf("%d of 8 hold the journal, want 1", len(held))
	}
	f.journal("iotx").Close() // another source's is free
	if err := held[0].Begin(t.Context(), []*writeback.Step{moveStep(2, writeback.SubjectIMSI, "222013090961859")}); err != nil {
		t.Fatal(err)
	}
	held[0].Close()

	j := f.journal("flolive") // free again
	err := j.Begin(t.Context(), []*writeback.Step{moveStep(2, writeback.SubjectIMSI, "222013090961860"), moveStep(3, writeback.SubjectIMSI, "222013090961859")})
	if !errors.Is(err, writeback.ErrUnderWay) {
		t.Errorf("error %v, want ErrUnderWay", err)
	}
	f.want(`SELECT line, subject_value, outcome FROM sync.change_request`, "2|222013090961859|journalled") // all or none
}

// A run and a command that writes back do not wait for each other.
func TestJournalAndRunHoldDifferentLocks(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.journal("flolive")
	f.night(1, "flolive")
}

// What a sync settled is not taken back by an answer that is recorded later, which
// still adds what it tells.
func TestRecordLeavesWhatIsSettled(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	j := f.journal("flolive")
	step := moveStep(2, writeback.SubjectIMSI, "222013090961859")
	if err := j.Begin(t.Context(), []*writeback.Step{step}); err != nil {
		t.Fatal(err)
	}
	f.exec(`UPDATE sync.change_request SET outcome = 'done', settled_at = now(), settled_by = 'sync'`)
	step.Outcome, step.RequestID, step.SentAt = writeback.OutcomeAccepted, "a-request", dawn(2)
	if err := j.Record(t.Context(), []*writeback.Step{step}); err != nil {
		t.Fatal(err)
	}
	f.want(`SELECT outcome, settled_by, request_id, sent_at IS NOT NULL FROM sync.change_request`, "done|sync|a-request|true")
}

func (f *fleet) keys() []int64 {
	f.Helper()
	var keys []int64
	if err := f.conn.QueryRow(f.Context(), `SELECT array_agg(subscriber_key ORDER BY subscriber_key) FROM fleet.subscriber`).Scan(&keys); err != nil {
		f.Fatal(err)
	}
	return keys
}

// A promote settles the open moves whose subscribers it sees at their targets.
func TestPromoteSettlesMoves(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		step   func(key int64) *writeback.Step
		before transform.Row
		after  transform.Row
		want   string
	}{
		{"moved", named, sim(1, customer(fromCustomer, "")), sim(1, customer(toCustomer, "")), "done|sync"},
		{"not moved", named, sim(1, customer(fromCustomer, "")), sim(1, customer(fromCustomer, "")), "unknown|-"},
		{"by ICCID alone", nameless(writeback.SubjectICCID, string(sim(1).ICCID)), sim(1, customer(fromCustomer, "")), sim(1, customer(toCustomer, "")), "done|sync"},
		{"by IMSI alone", nameless(writeback.SubjectIMSI, string(sim(1).Pairs[0].IMSI)), sim(1, customer(fromCustomer, "")), sim(1, customer(toCustomer, "")), "done|sync"},
		{"there before it was asked", nameless(writeback.SubjectICCID, string(sim(1).ICCID)), sim(1, customer(toCustomer, "")), sim(1, customer(toCustomer, "")), "unknown|-"},
		{"another", nameless(writeback.SubjectICCID, "8900000000000000999"), sim(1, customer(fromCustomer, "")), sim(1, customer(toCustomer, "")), "unknown|-"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t)
			f.sync(1, "flolive", test.before)
			j := f.journal("flolive")
			step := test.step(f.keys()[0])
			if err := j.Begin(t.Context(), []*writeback.Step{step}); err != nil {
				t.Fatal(err)
			}
			step.Outcome, step.SentAt = writeback.OutcomeUnknown, dawn(1).Add(time.Hour)
			if err := j.Record(t.Context(), []*writeback.Step{step}); err != nil {
				t.Fatal(err)
			}
			n := f.night(2, "flolive")
			n.walk("all").add(test.after)
			done := n.promote()
			f.want(`SELECT outcome, settled_by FROM sync.change_request`, test.want)
			if settled := done.MovesSettled == 1; settled != (test.want == "done|sync") {
				t.Errorf("%d moves settled, while the journal says %s", done.MovesSettled, test.want)
			}
		})
	}
}

func named(key int64) *writeback.Step {
	s := moveStep(2, writeback.SubjectICCID, string(sim(1).ICCID))
	s.SubscriberKey = &key
	return s
}

func nameless(kind writeback.SubjectType, value string) func(int64) *writeback.Step {
	return func(int64) *writeback.Step { return moveStep(2, kind, value) }
}

// A step that is being recorded is not waited for: the next promote settles it.
func TestPromoteDoesNotWaitForTheJournal(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1, customer(fromCustomer, "")))
	if err := f.journal("flolive").Begin(t.Context(), []*writeback.Step{named(f.keys()[0])}); err != nil {
		t.Fatal(err)
	}
	f.exec(`BEGIN`)
	f.exec(`UPDATE sync.change_request SET outcome = 'accepted'`)
	n := f.night(2, "flolive")
	n.walk("all").add(sim(1, customer(toCustomer, "")))
	if got := n.promote().MovesSettled; got != 0 {
		t.Errorf("%d moves settled while the step is locked, want 0", got)
	}
	f.exec(`COMMIT`)
	n = f.night(3, "flolive")
	n.walk("all").add(sim(1, customer(toCustomer, "")))
	if got := n.promote().MovesSettled; got != 1 {
		t.Errorf("%d moves settled, want 1", got)
	}
}
