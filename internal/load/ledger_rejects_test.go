package load_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/load"
)

// refuse writes rejects of two sources into the ledger, those of iotx before and after
// the one of flolive.
func refuse(t *testing.T, db *load.DB) {
	t.Helper()
	for _, id := range ledgerIDs[:2] {
		beginRun(t, db, id, "flolive", 0)
		beginRun(t, db, id, "iotx", 0)
	}
	const insert = `INSERT INTO sync.reject (run_id, source, listing, is_whole, subject, field, reason, record, record_bytes, rejected_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`
	ledgerExec(t, db, insert, ledgerIDs[0], "iotx", "subscribers", true, nil, "", "not an object", nil, []byte{0xff, 0}, runTime(5))
	ledgerExec(t, db, insert, ledgerIDs[0], "flolive", "details", false, "8935711001000545451", "eid", "not 32 digits", "{}", nil, runTime(6))
	ledgerExec(t, db, insert, ledgerIDs[0], "iotx", "subscribers", true, "short", "physicalId", "missing", `{"a":1}`, nil, runTime(7))
	ledgerExec(t, db, insert, ledgerIDs[1], "iotx", "subscribers", true, nil, nil, "of another run", "{}", nil, runTime(8))
}

func TestRejectsAreReadBySource(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	refuse(t, db)
	iotx := load.Reject{RunID: ledgerIDs[0], Source: "iotx", Listing: "subscribers", IsWhole: true}
	bytes, text := iotx, iotx
	bytes.ID, bytes.Reason, bytes.RejectedAt, bytes.RecordBytes = 1, "not an object", runTime(5), []byte{0xff, 0}
	text.ID, text.Reason, text.RejectedAt, text.Record = 3, "missing", runTime(7), new(`{"a":1}`)
	text.Subject, text.Field = new("short"), new("physicalId")
	part := load.Reject{
		ID: 2, RunID: ledgerIDs[0], Source: "flolive", Listing: "details", Subject: new("8935711001000545451"), Field: new("eid"),
		Reason: "not 32 digits", Record: new("{}"), RejectedAt: runTime(6),
	}
	without := func(r load.Reject) load.Reject {
		r.Record, r.RecordBytes = nil, nil
		return r
	}
	for name, c := range map[string]struct {
		query load.RejectQuery
		want  []load.Reject
	}{
		"all, whole":       {load.RejectQuery{Records: true}, []load.Reject{part, bytes, text}},
		"without records":  {load.RejectQuery{}, []load.Reject{without(part), without(bytes), without(text)}},
		"one source":       {load.RejectQuery{Source: "iotx", Records: true}, []load.Reject{bytes, text}},
		"as many as asked": {load.RejectQuery{Limit: 2, Records: true}, []load.Reject{part, bytes}},
		"of nobody":        {load.RejectQuery{Source: "nobody"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.query.Run = ledgerIDs[0]
			var got []load.Reject
			for r, err := range db.Rejects(t.Context(), c.query) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, r)
			}
			if diff := cmp.Diff(c.want, got, sameInstant); diff != "" {
				t.Errorf("rejects (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRejectsAreMasked(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]load.Reject{
		"":                    {},
		"*****":               {Subject: new("short")},
		"8935***********5451": {Subject: new("8935711001000545451")},
	} {
		if got := r.Masked(); got != want {
			t.Errorf("masked %q, want %q", got, want)
		}
	}
}

// Who has seen enough may go, and one who is stopped hears of it.
func TestRejectsEndWhereTheReaderDoes(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	refuse(t, db)
	ledgerExec(t, db, `INSERT INTO sync.reject (run_id, source, listing, is_whole, reason, record, rejected_at)
		SELECT $1, 'iotx', 'subscribers', true, 'made', repeat('x', 1000), now() FROM generate_series(1, 20000)`, ledgerIDs[0])
	read := 0
	for _, err := range db.Rejects(t.Context(), load.RejectQuery{Run: ledgerIDs[0], Records: true}) {
		if err != nil {
			t.Fatal(err)
		}
		if read++; read == 10 {
			break
		}
	}
	if _, err := db.Runs(t.Context(), 1); err != nil {
		t.Errorf("what is read next: %v", err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var last error
	for _, err := range db.Rejects(ctx, load.RejectQuery{Run: ledgerIDs[0], Records: true}) {
		last = err
		cancel()
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("a list that was cancelled ends with %v", last)
	}
}
