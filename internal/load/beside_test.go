package load_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/load"
	"simsync/internal/transform"
)

func TestCustomers(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	names := `SELECT source, left(customer_id::text, 1), name FROM fleet.customer ORDER BY 1, 2`
	f.sync(1, "flolive", sim(1, customer(customerA, "Acme")), sim(2, customer(customerB, "")), sim(3))
	f.sync(1, "other", sim(1, customer(customerA, "Acme of theirs")))
	f.want(names, "flolive|a|Acme", "flolive|b|-", "other|a|Acme of theirs")
	subscribers := f.lines(`SELECT ctid::text, xmin::text, xmax::text FROM fleet.subscriber ORDER BY 1`)

	wantCounts(t, f.sync(2, "flolive", sim(1, customer(customerA, "Acme Ltd")), sim(2, customer(customerB, "Bolt")), sim(3)),
		load.Counts{Records: 3, Unchanged: 3})
	f.want(names, "flolive|a|Acme Ltd", "flolive|b|Bolt", "other|a|Acme of theirs")
	if diff := cmp.Diff(subscribers, f.lines(`SELECT ctid::text, xmin::text, xmax::text FROM fleet.subscriber ORDER BY 1`)); diff != "" {
		t.Errorf("renaming a customer wrote its subscribers:\n%s", diff)
	}
	// A name that is not told is not forgotten; of several, the last holds.
	f.sync(3, "flolive", sim(1, customer(customerA, "")), sim(2, customer(customerA, "One")), sim(3, customer(customerA, "Two")))
	f.want(names, "flolive|a|Two", "flolive|b|Bolt", "other|a|Acme of theirs")
	f.sync(4, "flolive", sim(1, customer(customerA, "")))
	f.want(names, "flolive|a|Two", "flolive|b|Bolt", "other|a|Acme of theirs")
}

// A refused record is kept to the byte, as text where it is text.
func TestRejectsAreKeptWhole(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	n := f.night(1, "flolive")
	a, b := n.walk("a"), n.walk("b")
	a.reject(
		transform.Reject{Whole: true, Subject: "8944", Field: "iccid", Reason: "too short", Record: []byte("{\"iccid\": \"8944\",\n \"z\": 1, \"a\": 2}")},
		transform.Reject{Whole: true, Reason: "not valid Unicode", Subject: "a\xffb", Record: []byte("{\"x\":\"\xff\"}")})
	b.reject(
		transform.Reject{Whole: true, Reason: "NUL", Subject: "a\x00b", Record: []byte("{\x00}")},
		transform.Reject{Reason: "not a boolean", Field: "isActive", Subject: "s", Record: []byte(`{"isActive":"\u0000"}`)}).
		add(sim(1))
	wantCounts(t, n.promote().Counts, load.Counts{Records: 4, Inserted: 1, Rejected: 3, RejectedParts: 1})
	f.want(`SELECT listing, is_whole, subject, field, reason, record, encode(record_bytes, 'hex'), rejected_at FROM sync.reject ORDER BY reject_id`,
		"a|true|8944|iccid|too short|{\"iccid\": \"8944\",\n \"z\": 1, \"a\": 2}|-|11-01 02:00",
		"a|true|a\uFFFDb|-|not valid Unicode|-|7b2278223a22ff227d|11-01 02:00",
		"b|true|ab|-|NUL|-|7b007d|11-01 02:00",
		`b|false|s|isActive|not a boolean|{"isActive":"\u0000"}|-|11-01 02:00`)
}
