package load_test

import (
	"errors"
	"iter"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/load"
	"simsync/internal/transform"
)

// eidsDue queues EIDs and reads the queue back in pages of two: the last digits.
func (e *enriching) eidsDue(given iter.Seq2[transform.EID, error], from []string, most int) []string {
	e.fleet.Helper()
	n, err := e.QueueProfiles(e.fleet.Context(), given, from, noon(e.day).AddDate(0, 0, -7), most)
	if err != nil {
		e.fleet.Fatal(err)
	}
	all := []string{}
	var last int64
	for {
		page, err := e.DueProfiles(e.fleet.Context(), last, 2)
		if err != nil {
			e.fleet.Fatal(err)
		}
		for _, d := range page {
			all, last = append(all, string(d.EID[31:])), d.Place
		}
		if len(page) == 0 {
			break
		}
	}
	if int(n) != len(all) {
		e.fleet.Errorf("%d queued, %d read", n, len(all))
	}
	return all
}

func TestEIDsAreDueInOrder(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	with := func(i int) func(*transform.Row) { return func(r *transform.Row) { r.EID = eid(i) } }
	f.sync(1, "iotx", thing(1, with(4)), thing(2, with(5)), thing(3), thing(4, with(5)))
	f.sync(1, "other", thing(1, with(6)))
	wantDue := func(e *enriching, got []string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
			t.Errorf("due on day %d (-want +got):\n%s", e.day, diff)
		}
	}
	first := f.enrich(1, transform.DropContacts)
	wantDue(first, first.eidsDue(eids(2, 1, 5, 2), []string{"iotx"}, 100), "1", "2", "4", "5")
	first.saveProfiles(load.ProfileAnswer{EID: eid(5), Outcome: load.RequestFound}, load.ProfileAnswer{EID: eid(2), Outcome: load.RequestAbsent})
	e := f.enrich(2, transform.DropContacts)
	wantDue(e, e.eidsDue(eids(1, 2), []string{"iotx"}, 1), "1")
	e.saveProfiles(load.ProfileAnswer{EID: eid(1), Outcome: load.RequestFound}, load.ProfileAnswer{EID: eid(4), Outcome: load.RequestFound})
	e = f.enrich(3, transform.DropContacts)
	wantDue(e, e.eidsDue(eids(), nil, 100))

	f.sync(4, "iotx", thing(1, with(4), nickname("a")), thing(3)) // changed, and gone
	e = f.enrich(8, transform.DropContacts)
	wantDue(e, e.eidsDue(eids(1, 2), []string{"iotx"}, 100), "4", "2")
	e = f.enrich(9, transform.DropContacts)
	wantDue(e, e.eidsDue(eids(5, 1, 2), []string{"iotx", "other"}, 100), "6", "4", "2", "5", "1")
}

func TestFaultAmongEIDs(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	broken := errors.New("line 2")
	_, err := f.enrich(1, transform.DropContacts).QueueProfiles(t.Context(), func(yield func(transform.EID, error) bool) { _ = yield(eid(1), nil) && yield("", broken) }, nil, noon(1), 1)
	if !errors.Is(err, broken) {
		t.Errorf("queued: %v", err)
	}
}

func TestProfilesLeaveAndReturn(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	const held = `SELECT right(eid, 1), name, is_active, iccid, first_seen_at, fetched_at, removed_at FROM fleet.esim_profile ORDER BY eid, name`
	const pairs = `SELECT right(eid, 1), ordinal, imsi, xmin = $1::text::xid FROM fleet.esim_profile_imsi ORDER BY eid, profile_id, ordinal`
	told := func(day int, answers ...load.ProfileAnswer) *enriching {
		t.Helper()
		e := f.enrich(day, transform.DropContacts)
		e.saveProfiles(answers...)
		return e
	}
	found := func(i int, complete bool, profiles ...transform.ESIMProfile) load.ProfileAnswer {
		return load.ProfileAnswer{EID: eid(i), Outcome: load.RequestFound, Complete: complete, Profiles: profiles}
	}
	e := told(1, found(1, true, profile(1, "a", "222010000000001", "222010000000002"), profile(1, "b"), profile(1, "b")), found(2, true, profile(2, "a")))
	f.want(held, "1|a|true|8944000000000000001|11-01 12:00|11-01 12:00|-", "1|b|true|8944000000000000001|11-01 12:00|11-01 12:00|-",
		"2|a|true|8944000000000000001|11-01 12:00|11-01 12:00|-")
	f.want(`SELECT profiles_asked, profiles_found, details_asked FROM sync.run WHERE run_id = '`+e.id.Run.String()+`'`, "2|3|0")
	f.want(`SELECT right(eid, 1), outcome, asked_at FROM sync.profile_request ORDER BY 1`, "1|found|11-01 12:00", "2|found|11-01 12:00")

	// A doubt removes nothing; a complete answer does, on its EID alone.
	told(2, found(1, false, profile(1, "a", "222010000000001", "222010000000003")))
	written := f.lines(`SELECT xmin::text FROM fleet.esim_profile WHERE right(eid, 1) = '1' AND name = 'a'`)[0]
	if diff := cmp.Diff([]string{"1|0|222010000000001|false", "1|1|222010000000003|true"}, f.lines(pairs, written)); diff != "" {
		t.Errorf("pairs, and whether they were written (-want +got):\n%s", diff)
	}
	for _, outcome := range []load.RequestOutcome{load.RequestRefused, load.RequestUnreadable} {
		told(2, load.ProfileAnswer{EID: eid(1), Outcome: outcome})
	}
	f.want(`SELECT count(*) FROM fleet.esim_profile WHERE removed_at IS NOT NULL`, "0")
	told(3, found(1, true, profile(1, "b")))
	told(4, found(1, true, profile(1, "b"))) // it left on the third
	f.want(held, "1|a|true|8944000000000000001|11-01 12:00|11-02 12:00|11-03 12:00", "1|b|true|8944000000000000001|11-01 12:00|11-04 12:00|-",
		"2|a|true|8944000000000000001|11-01 12:00|11-01 12:00|-")
	f.want(`SELECT count(*) FROM fleet.esim_profile_imsi`, "2")
	told(5, found(1, true, profile(1, "a"), profile(1, "b")))
	f.want(held, "1|a|true|8944000000000000001|11-01 12:00|11-05 12:00|-", "1|b|true|8944000000000000001|11-01 12:00|11-05 12:00|-",
		"2|a|true|8944000000000000001|11-01 12:00|11-01 12:00|-")
	f.want(`SELECT count(*) FROM fleet.esim_profile_imsi`, "0")

	// An EID that the provider does not know has nothing on it.
	told(6, load.ProfileAnswer{EID: eid(1), Outcome: load.RequestAbsent, Complete: true})
	f.want(`SELECT right(eid, 1), name, removed_at FROM fleet.esim_profile ORDER BY eid, name`, "1|a|11-06 12:00", "1|b|11-06 12:00", "2|a|-")
}
