package load_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simsync/internal/load"
	"simsync/internal/transform"
)

func TestDetailsAreDueInOrder(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	instance := func(i, of int) transform.Row { // a sub-customer's, on the SIM of another
		return sim(i, func(r *transform.Row) { r.ICCID = sim(of).ICCID })
	}
	f.sync(1, "flolive", sim(1), sim(2), sim(3), sim(4), sim(5), sim(6), instance(16, 6))
	f.sync(1, "iotx", thing(7))
	wantDue := func(e *enriching, most int, want ...string) {
		t.Helper()
		if diff := cmp.Diff(append([]string{}, want...), append([]string{}, e.due(most)...)); diff != "" {
			t.Errorf("due on day %d (-want +got):\n%s", e.day, diff)
		}
	}
	first := f.enrich(1, transform.DropContacts)
	wantDue(first, 100, "1 1", "2 2", "3 3", "4 4", "5 5", "6 6 16")
	first.answer(4, load.RequestFound)
	first.answer(3, load.RequestRefused)
	second := f.enrich(2, transform.DropContacts)
	wantDue(second, 3, "1 1", "2 2", "5 5") // the new alone, and no more than asked for
	for _, i := range []int{1, 2, 5, 16} {
		second.answer(i, load.RequestAbsent)
	}
	wantDue(f.enrich(2, transform.DropContacts), 100, "6 6") // the other instance is not due

	// A change counts; so does an age of a week, to the minute; what is gone is left alone.
	f.sync(5, "flolive", sim(1, nickname("a")), sim(3, nickname("b")), sim(4), sim(5), sim(6), instance(16, 6))
	wantDue(f.enrich(5, transform.DropContacts), 100, "6 6", "3 3", "1 1")
	wantDue(f.enrich(8, transform.DropContacts), 100, "6 6", "3 3", "1 1", "4 4")
	wantDue(f.enrich(9, transform.DropContacts), 100, "6 6 16", "3 3", "1 1", "4 4", "5 5")
	wantDue(f.enrich(9, transform.DropContacts), 4, "6 6 16", "3 3", "1 1", "4 4")
}

// Every field arrives in its column.
func TestDetailIsSavedWhole(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	f.sync(1, "flolive", sim(1), sim(2))
	e := f.enrich(1, transform.DropContacts)
	e.answer(1, load.RequestFound, whole)
	e.answer(2, load.RequestFound)
	const detail = `SELECT alias, tags::text, system_labels::text, user_labels::text, longitude, latitude, mcc, mnc, lac, cid, last_rat_type, last_rat_type_label,
		last_data_rat_type, last_data_rat_type_label, last_apn, is_in_data_session, last_data_session_at, host(last_ip), first_activated_at,
		custom_fields, flags::text, extra, fetched_at FROM fleet.subscriber_detail ORDER BY subscriber_key`
	f.want(detail,
		`Camera1|{a,b}|{LPWA}|{"with \"quotes\"",ü}|-0.5|70.25|001|02|16|2224|GSM|3G (UTRAN 1)|6|4G|flolive.net|false|11-01 09:00|10.84.8.208|11-01 08:00|`+
			`[{"keyName":"k","keyValue":"v"}]|{nul_removed}|{"more":1}|11-01 12:00`,
		`-|{}|{}|{}|`+strings.Repeat("-|", 16)+`{}|-|11-01 12:00`)
	f.want(`SELECT ordinal, name, description, attached_at, renews_on, expires_on, priority, linked_offer_ids::text FROM fleet.subscriber_offer ORDER BY ordinal`,
		`0|roaming|-|11-01 01:00|11-02 00:00|11-03 00:00|100|{aaaaaaaa-0000-4000-8000-000000000001,bbbbbbbb-0000-4000-8000-000000000002}`,
		`1|data|-|11-01 01:00|11-02 00:00|11-03 00:00|100|{aaaaaaaa-0000-4000-8000-000000000001,bbbbbbbb-0000-4000-8000-000000000002}`)

	// Told again with nothing, everything is nothing.
	f.enrich(9, transform.DropContacts).answer(1, load.RequestFound)
	f.want(detail+` LIMIT 1`, `-|{}|{}|{}|`+strings.Repeat("-|", 16)+`{}|-|11-09 12:00`)
	f.want(`SELECT count(*) FROM fleet.subscriber_offer`, "0")
}

func TestWhatWasToldStaysWhereNothingIs(t *testing.T) {
	t.Parallel()
	for _, outcome := range []load.RequestOutcome{load.RequestAbsent, load.RequestRefused, load.RequestUnreadable} {
		f := newEnrichedFleet(t)
		f.sync(1, "flolive", sim(1))
		f.enrich(1, transform.KeepContacts).answer(1, load.RequestFound, whole, people("Ann"))
		e := f.enrich(9, transform.KeepContacts)
		e.answer(1, outcome)
		f.want(`SELECT d.alias, d.fetched_at, o.name, c.first_name, r.outcome, r.asked_at FROM fleet.subscriber_detail d JOIN fleet.subscriber_offer o USING (subscriber_key)
			JOIN private.contact c USING (subscriber_key) JOIN sync.detail_request r USING (subscriber_key) ORDER BY o.ordinal`,
			"Camera1|11-01 12:00|roaming|Ann|"+string(outcome)+"|11-09 12:00", "Camera1|11-01 12:00|data|Ann|"+string(outcome)+"|11-09 12:00")
		f.want(`SELECT details_asked, details_found, profiles_asked FROM sync.run WHERE run_id = '`+e.id.Run.String()+`'`, "1|0|0")
	}
}

// An offer that is as it was is not written again.
func TestOffersAreChangedInPlace(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	f.sync(1, "flolive", sim(1), sim(2))
	e := f.enrich(1, transform.KeepContacts)
	e.answer(1, load.RequestFound, offers("a", "b", "c"), people("Ann", "Bob", "Cid"))
	e.answer(2, load.RequestFound, offers("other"), people("Other"))
	const rows = `SELECT 'offer', ordinal, name, xmin = $1::text::xid FROM fleet.subscriber_offer UNION ALL
		SELECT 'contact', ordinal, first_name, xmin = $1::text::xid FROM private.contact UNION ALL
		SELECT 'identity', 10*ordinal + place, id_number, xmin = $1::text::xid FROM private.contact_identity ORDER BY 1, 2, 3`
	e.answer(1, load.RequestFound, offers("a", "x"), people("Ann", "Xan"))
	written := f.lines(`SELECT xmin::text FROM fleet.subscriber_offer WHERE name = 'x'`)[0]
	if diff := cmp.Diff([]string{
		"contact|0|Ann|false", "contact|0|Other|false", "contact|1|Xan|true",
		"identity|0|POther|false", "identity|0|PAnn|false", "identity|1|NAnn|false", "identity|1|NOther|false", "identity|10|PXan|true", "identity|11|NXan|true",
		"offer|0|a|false", "offer|0|other|false", "offer|1|x|true",
	}, f.lines(rows, written), cmp.Transformer("sorted", sorted)); diff != "" {
		t.Errorf("rows, and whether the second answer wrote them (-want +got):\n%s", diff)
	}
}

func TestContactsAreKeptOrDropped(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	f.sync(1, "flolive", sim(1), sim(2))
	f.sync(1, "iotx", thing(1))
	const held = `SELECT c.ordinal, c.first_name, c.email_address, c.birthdate, i.place, i.id_type, i.id_number
		FROM private.contact c JOIN private.contact_identity i USING (subscriber_key, ordinal) ORDER BY c.ordinal, i.place`
	f.enrich(1, transform.DropContacts).answer(1, load.RequestFound, whole, people("Ann")) // as nobody should hand it over
	f.want(held)
	f.enrich(1, transform.KeepContacts).answer(1, load.RequestFound, whole, people("Ann"))
	f.want(held, "0|Ann|Ann@example.org|11-02 00:00|0|PASSPORT|PAnn", "0|Ann|Ann@example.org|11-02 00:00|1|NATIONAL_ID|NAnn")

	drop := func(source string) int64 {
		f.release()
		session, err := f.db.Session(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		defer session.Close()
		dropped, err := session.DropContacts(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return dropped
	}
	if n := drop("iotx"); n != 0 {
		t.Errorf("%d contacts of another source dropped", n)
	}
	if n := drop("flolive"); n != 1 {
		t.Errorf("%d contacts dropped, want 1", n)
	}
	f.want(`SELECT count(*) FROM private.contact`, "0")
	f.want(`SELECT count(*) FROM private.contact_identity`, "0")
}

// Rejects of answers are in the ledger, under a listing of their own.
func TestRejectsOfDetails(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	f.sync(1, "flolive", sim(1))
	e := f.enrich(1, transform.DropContacts)
	e.save(load.DetailAnswer{
		Key: f.key(1), AskedAt: noon(1), Outcome: load.RequestUnreadable,
		Rejects: []transform.Reject{
			{Whole: true, Subject: "s", Reason: "not an object", Record: []byte("[\"\xff\"]")},
			{Field: "lastIp", Reason: "no address", Record: []byte(`{"lastIp":1}`)},
		},
	})
	f.want(`SELECT listing, is_whole, subject, field, reason, record, record_bytes IS NULL, rejected_at FROM sync.reject ORDER BY reject_id`,
		"details|true|s|-|not an object|-|false|11-01 12:00", `details|false|-|lastIp|no address|{"lastIp":1}|true|11-01 12:00`)
}

// A batch is saved whole or not at all, and the next one can be.
func TestFailedBatchLeavesNothing(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	f.sync(1, "flolive", sim(1), sim(2))
	e := f.enrich(1, transform.KeepContacts)
	f.exec(`CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$`)
	f.exec(`CREATE TRIGGER refuse BEFORE INSERT ON private.contact_identity FOR EACH ROW EXECUTE FUNCTION public.refuse()`)
	answer := load.DetailAnswer{Key: f.key(1), AskedAt: noon(1), Outcome: load.RequestFound, Rejects: []transform.Reject{{Reason: "r", Record: []byte(`1`)}}}
	whole(&answer.Detail)
	people("Ann")(&answer.Detail)
	if _, err := e.SaveDetails(t.Context(), []load.DetailAnswer{answer}); err == nil || !strings.HasPrefix(err.Error(), "save details of source flolive: contact_identity_upsert: ") {
		t.Errorf("saved: %v", err)
	}
	const all = `SELECT (SELECT count(*) FROM fleet.subscriber_detail), (SELECT count(*) FROM fleet.subscriber_offer), (SELECT count(*) FROM private.contact),
		(SELECT count(*) FROM sync.detail_request), (SELECT count(*) FROM sync.reject), (SELECT sum(details_asked) FROM sync.run)`
	f.want(all, "0|0|0|0|0|{0 0 false finite true}")
	f.exec(`DROP FUNCTION public.refuse CASCADE`)
	e.save(answer)
	f.want(all, "1|2|1|1|1|{1 0 false finite true}")
}

// Whatever is answered, in whatever order: no subscriber, pair or version is written.
func TestDetailsNeverTouchTheFleet(t *testing.T) {
	f := newEnrichedFleet(t)
	f.sync(1, "flolive", fleetOf(1, 6, sim)...)
	f.sync(2, "flolive", append(fleetOf(1, 5, sim), sim(6, nickname("a")))...)
	before, contents := f.written(), f.contents()
	day := 2
	rapid.Check(t, func(rt *rapid.T) {
		day++
		e := f.enrich(2+day%20, transform.Contacts(rapid.Bool().Draw(rt, "contacts")))
		if _, err := e.QueueDetails(t.Context(), noon(e.day), 10); err != nil {
			rt.Fatal(err)
		}
		outcomes := []load.RequestOutcome{load.RequestFound, load.RequestFound, load.RequestAbsent, load.RequestUnreadable, load.RequestRefused}
		var answers []load.DetailAnswer
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(1, 6), 0, 6, rapid.ID[int]).Draw(rt, "subscribers") {
			a := load.DetailAnswer{Key: f.key(i), AskedAt: noon(e.day), Outcome: rapid.SampledFrom(outcomes).Draw(rt, "outcome")}
			a.Detail.Alias = rapid.StringMatching(`[a-z]{0,3}`).Draw(rt, "alias")
			a.Detail.ProviderStatus, a.Detail.CustomerName = "TERMINATED", "Another"
			offers(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 3).Draw(rt, "offers")...)(&a.Detail)
			people(rapid.SliceOfN(rapid.SampledFrom([]string{"Ann", "Bob"}), 0, 2).Draw(rt, "people")...)(&a.Detail)
			answers = append(answers, a)
		}
		e.save(answers...)
		if diff := cmp.Diff(before, f.written()); diff != "" {
			rt.Fatalf("rows of the fleet were written (-before +after):\n%s", diff)
		}
	})
	if diff := cmp.Diff(contents, f.contents()); diff != "" {
		t.Errorf("the fleet is not what it was (-before +after):\n%s", diff)
	}
}

func TestEnrichmentNeedsItsConnection(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	f.sync(1, "flolive", sim(1))
	e := f.enrich(1, transform.DropContacts)
	f.release()
	for what, err := range map[string]error{
		"queue the details of source flolive: ":       second(e.QueueDetails(t.Context(), noon(1), 1)),
		"read the queue of details of source flolive": second(e.DueDetails(t.Context(), 0, 1)),
		"queue the EIDs of source flolive: ":          second(e.QueueProfiles(t.Context(), eids(1), nil, noon(1), 1)),
		"read the queue of EIDs of source flolive: ":  second(e.DueProfiles(t.Context(), 0, 1)),
		"save details of source flolive: ":            second(e.SaveDetails(t.Context(), nil)),
		"save profiles of source flolive: ":           second(e.SaveProfiles(t.Context(), nil)),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), what) {
			t.Errorf("%v, want it to begin with %q", err, what)
		}
	}
}

func second[T any](_ T, err error) error { return err }
