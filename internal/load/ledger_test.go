package load_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/transform"
)

func TestLedgerOfARun(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	n := f.night(1, "flolive")
	f.want(`SELECT source, command, version, started_at, finished_at, outcome, exit_code, records FROM sync.run`, "flolive|run|test|11-01 01:00|-|-|-|-")
	n.walk("a").add(sim(1), sim(2)).reject(transform.Reject{Whole: true, Reason: "r", Record: []byte(`1`)})
	n.promotion.Walks = []fetch.Facts{
		{Listing: "a", Verdict: fetch.VerdictComplete, Declared: new(int64(3)), Distinct: 3, Repeated: 1, Sessions: 2, Requests: 4, StartedAt: at(1, 0), FinishedAt: at(1, 1)},
		{Listing: "b", Verdict: fetch.VerdictExpired, Declared: new(int64(5)), Sessions: 3, Requests: 9, StartedAt: at(1, 0), FinishedAt: at(1, 1)},
	}
	done, err := n.session.Promote(t.Context(), n.promotion)
	if err != nil || done.Declared == nil || *done.Declared != 8 {
		t.Fatalf("%+v, %v", done, err)
	}
	f.want(`SELECT listing, verdict, declared, distinct_records, repeated, sessions, requests, started_at, finished_at FROM sync.walk ORDER BY 1`,
		"a|complete|3|3|1|2|4|11-01 00:00|11-01 01:00", "b|expired|5|0|0|3|9|11-01 00:00|11-01 01:00")

	closing := load.Closing{At: at(1, 3), Outcome: load.OutcomeIncomplete, ExitCode: 3, Error: "listing b: expired", Requests: 13, Retries: 2, Bytes: 1000}
	if err := f.db.CloseRun(t.Context(), n.promotion.ID, closing); err != nil {
		t.Fatal(err)
	}
	want := "11-01 03:00|incomplete|3|listing b: expired|13|2|1000|8|3|2|0|0|0|1|0|0"
	const run = `SELECT finished_at, outcome, exit_code, error, requests, retries, bytes, declared, records, inserted, updated, unchanged, repeated, rejected, rejected_parts, removed FROM sync.run`
	f.want(run, want)
	// The first end stays.
	if err := f.db.CloseRun(t.Context(), n.promotion.ID, load.Closing{At: at(2, 3), Outcome: load.OutcomeOK}); err != nil {
		t.Fatal(err)
	}
	f.want(run, want)
}

func TestLedgerOfARunThatPromotesNothing(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	n := f.night(1, "flolive")
	walks := []fetch.Facts{{Listing: "a", Verdict: fetch.VerdictUnreachable, StartedAt: at(1, 0), FinishedAt: at(1, 1)}}
	if err := f.db.RecordFailedWalks(t.Context(), n.promotion.ID, walks); err != nil {
		t.Fatal(err)
	}
	f.want(`SELECT w.verdict, r.records, r.inserted FROM sync.walk w JOIN sync.run r USING (run_id, source)`, "unreachable|-|-")
}

// One walk without a total, and the source has none.
func TestDeclaredNeedsEveryWalk(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	n := f.night(1, "flolive")
	n.promotion.Walks = []fetch.Facts{{Listing: "a", Declared: new(int64(3))}, {Listing: "b"}}
	done, err := n.session.Promote(t.Context(), n.promotion)
	if err != nil || done.Declared != nil {
		t.Errorf("%+v, %v", done, err)
	}
	f.want(`SELECT declared, records FROM sync.run`, "-|0")
}

// The schema holds the ledger to its sums, whoever writes it.
func TestLedgerMustBalance(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1))
	for statement, want := range map[string]string{
		`UPDATE sync.run SET records = 2`:                  "run_balance",
		`UPDATE sync.run SET inserted = 2, unchanged = -1`: "run_counts",
		`UPDATE sync.run SET outcome = NULL`:               "run_closed",
		`UPDATE sync.run SET outcome = 'fine'`:             "run_outcome",
		`INSERT INTO sync.reject (run_id, source, listing, is_whole, reason, rejected_at) SELECT run_id, source, 'a', true, 'r', now() FROM sync.run`: "reject_record",
	} {
		_, err := f.conn.Exec(t.Context(), statement)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.ConstraintName != want {
			t.Errorf("%s: %v, want %s", statement, err, want)
		}
	}
}

// Whoever lost the answer begins the run again.
func TestBeginningARunTwiceKeepsTheFirst(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	id := load.RunID{Run: uuid.Must(uuid.NewV7()), Source: "flolive"}
	for day := 1; day <= 2; day++ {
		if err := f.db.BeginRun(t.Context(), id, load.Beginning{Command: "run", Version: "test", At: at(day, 1)}); err != nil {
			t.Fatal(err)
		}
	}
	f.want(`SELECT source, started_at FROM sync.run`, "flolive|11-01 01:00")
}
