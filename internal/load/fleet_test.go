package load_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"simsync/internal/load"
	"simsync/internal/transform"
	"simsync/internal/writeback"
)

// found words what a subject names: the key, the customer's first digits, the nickname.
func (f *fleet) found(source string, kind writeback.SubjectType, value string) []string {
	f.Helper()
	known, err := f.db.Fleet(source).Subscribers(f.Context(), []writeback.Subject{{Type: kind, Value: value}, {Type: kind, Value: value}})
	if err != nil {
		f.Fatal(err)
	}
	words := []string{}
	for _, k := range known {
		if k.Type != kind || k.Value != value {
			f.Errorf("asked for %s %s, told of %s %s", kind, value, k.Type, k.Value)
		}
		words = append(words, fmt.Sprintf("%s %s %s", k.ICCID[len(k.ICCID)-1:], k.CustomerID.UUID.String()[:2], k.Nickname))
	}
	return words
}

func imei(digits string) func(*transform.Row) {
	return func(r *transform.Row) { r.IMEI = transform.IMEI(digits) }
}

func TestSubscribersByEveryName(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	// 2 shares 1's device and its second IMSI; 3 left; one of another source has 1's ICCID.
	shared := pairs(transform.Pair{IMSI: sim(1).Pairs[1].IMSI})
	f.sync(1, "flolive", sim(1, customer(fromCustomer, "A"), imei("353652060163532")), sim(2, customer(toCustomer, "B"), imei("35365206016353"), shared), sim(3))
	f.sync(1, "other", sim(1, customer(toCustomer, "B")))
	f.sync(2, "flolive", sim(1, customer(fromCustomer, "A"), imei("353652060163532")), sim(2, customer(toCustomer, "B"), imei("35365206016353"), shared))
	f.sync(1, "iotx", thing(4, nickname("Pump")))
	for _, test := range []struct {
		source string
		kind   writeback.SubjectType
		value  string
		want   []string
	}{
		{"flolive", writeback.SubjectICCID, string(sim(1).ICCID), []string{"1 0a "}},
		{"flolive", writeback.SubjectIMSI, string(sim(1).Pairs[0].IMSI), []string{"1 0a "}},
		{"flolive", writeback.SubjectIMSI, string(sim(1).Pairs[1].IMSI), []string{"1 0a ", "2 0b "}},
		{"flolive", writeback.SubjectMSISDN, string(sim(1).Pairs[0].MSISDN), []string{"1 0a "}},
		{"flolive", writeback.SubjectIMEI, "353652060163532", []string{"1 0a ", "2 0b "}},
		{"flolive", writeback.SubjectIMEI, "35365206016353", []string{"1 0a ", "2 0b "}},
		{"flolive", writeback.SubjectIMEI, "35365206016354", []string{}},
		{"flolive", writeback.SubjectICCID, string(sim(3).ICCID), []string{}}, // removed
		{"flolive", writeback.SubjectICCID, string(thing(4).ICCID), []string{}},
		{"iotx", writeback.SubjectPhysicalID, thing(4).PhysicalID, []string{"4 00 Pump"}},
	} {
		if diff := cmp.Diff(test.want, f.found(test.source, test.kind, test.value)); diff != "" {
			t.Errorf("%s %s at %s (-want +got):\n%s", test.kind, test.value, test.source, diff)
		}
	}
}

// A move that was done since the last run began is what a subscriber is at; one before
// it is not: the run has seen more.
func TestSubscribersAreWhereTheyWereMoved(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1, customer(fromCustomer, "A")))
	j := f.journal("flolive")
	step := named(f.keys()[0])
	if err := j.Begin(t.Context(), []*writeback.Step{step}); err != nil {
		t.Fatal(err)
	}
	where := func(want string) {
		t.Helper()
		if diff := cmp.Diff([]string{"1 " + want + " "}, f.found("flolive", writeback.SubjectICCID, string(sim(1).ICCID))); diff != "" {
			t.Errorf("where it is (-want +got):\n%s", diff)
		}
	}
	where("0a") // it is only on its way
	step.Outcome, step.SettledAt, step.SettledBy = writeback.OutcomeDone, dawn(1).Add(2*time.Hour), writeback.SettledByCall
	if err := j.Record(t.Context(), []*writeback.Step{step}); err != nil {
		t.Fatal(err)
	}
	where("0b")
	f.sync(2, "flolive", sim(1, customer(fromCustomer, "A")))
	f.exec(`UPDATE sync.run SET connected_since = '2024-01-01' WHERE started_at = (SELECT max(started_at) FROM sync.run)`)
	where("0b")                                               // it need not have been in that window
	f.sync(3, "flolive", sim(1, customer(fromCustomer, "A"))) // and back, by other hands
	where("0a")
}

func TestAnyICCID(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	for _, want := range []string{"", string(sim(2).ICCID)} {
		got, err := f.db.Fleet("flolive").AnyICCID(t.Context())
		if err != nil || got != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
		f.sync(1, "flolive", sim(1), sim(2))
		f.sync(2, "flolive", sim(2))
	}
}

func TestCustomersByName(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1, customer(fromCustomer, "A")), sim(2, customer(toCustomer, "")))
	got, err := f.db.Customers(t.Context(), "flolive")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[uuid.UUID]string{fromCustomer: "A"}, got); diff != "" {
		t.Errorf("customers (-want +got):\n%s", diff)
	}
}

// What a provider answers to a nickname goes into the fleet as a version, and the next
// run finds it there.
func TestFollow(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	noon := dawn(1).Add(10 * time.Hour)
	f.sync(1, "iotx", thing(1, nickname("Pump")), thing(2), thing(3, childOf(thing(2), true)))
	command := uuid.Must(uuid.NewV7())
	answered := transform.Batch{
		Rows:    []transform.Row{thing(1, nickname("Größe"), observed(7, noon))},
		Rejects: []transform.Reject{{Subject: "x", Field: "imsi", Reason: "for the next run to tell", Record: []byte(`{}`)}},
		Records: 1,
	}
	follow := func() {
		t.Helper()
		if err := f.db.Fleet("iotx").Follow(t.Context(), command, noon, &answered); err != nil {
			t.Fatal(err)
		}
	}
	follow()
	f.want(`SELECT right(iccid, 1), nickname, changed_at FROM fleet.subscriber ORDER BY 1`, "1|Größe|11-01 12:00", "2|-|11-01 02:00", "3|-|11-01 02:00")
	f.want(`SELECT right(iccid, 1), nickname, valid_from, valid_to FROM fleet.subscriber_history`, "1|Pump|11-01 02:00|11-01 12:00")
	f.want(`SELECT run_id::text FROM fleet.subscriber_history`, command.String())
	f.want(`SELECT data_usage_bytes FROM fleet.network_state`, "7")
	f.want(`SELECT count(*) FROM sync.run`, "1")
	f.want(`SELECT count(*) FROM sync.reject`, "0")
	f.want(links, "1|-|-", "2|-|-", "3|2|true")

	before := f.lines(`SELECT ctid::text, xmin::text FROM fleet.subscriber ORDER BY 1`)
	follow() // the same again is nothing new
	if diff := cmp.Diff(before, f.lines(`SELECT ctid::text, xmin::text FROM fleet.subscriber ORDER BY 1`)); diff != "" {
		t.Errorf("the same answer again was written (-before +after):\n%s", diff)
	}
	wantCounts(t, f.sync(2, "iotx", thing(1, nickname("Größe")), thing(2), thing(3, childOf(thing(2), true))), load.Counts{Records: 3, Unchanged: 3})
}

func TestFollowLeavesWhatARunHolds(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1))
	n := f.night(2, "iotx")
	answered := transform.Batch{Rows: []transform.Row{thing(1, nickname("x"))}, Records: 1}
	err := f.db.Fleet("iotx").Follow(t.Context(), uuid.Must(uuid.NewV7()), dawn(2), &answered)
	if !errors.Is(err, writeback.ErrHeld) {
		t.Errorf("error %v, want ErrHeld", err)
	}
	n.session.Close()
	f.want(`SELECT nickname FROM fleet.subscriber`, "-")
}
