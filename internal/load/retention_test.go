package load_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgconn"

	"simsync/internal/load"
	"simsync/internal/transform"
)

// since is what sync.kept says, by kind.
const since = `SELECT what, since FROM fleet.kept ORDER BY what`

func inTime() bool { return false }

// expire deletes what is older than a day, of every kind.
func (f *fleet) expire(day int) load.Expired {
	f.Helper()
	return f.expireAll(load.Horizons{History: at(day, 0), Usage: at(day, 0), Rejects: at(day, 0), Runs: at(day, 0)})
}

func (f *fleet) expireAll(h load.Horizons) load.Expired {
	f.Helper()
	done, err := f.db.Expire(f.Context(), h, inTime)
	if err != nil {
		f.Fatal(err)
	}
	return done
}

func wantExpired(t testing.TB, got, want load.Expired) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("expired (-want +got):\n%s", diff)
	}
}

func TestVersionsGoByWhenTheyWereSuperseded(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	for day := 1; day <= 5; day++ { // versions end at dawn of the second to the fifth
		f.sync(day, "flolive", sim(1, nickname(fmt.Sprint(day))), sim(2))
	}
	history := load.Horizons{History: dawn(4)}
	wantExpired(t, f.expireAll(history), load.Expired{Versions: 2})
	f.want(`SELECT valid_from, valid_to, nickname FROM fleet.subscriber_history ORDER BY 1`, "11-03 02:00|11-04 02:00|3", "11-04 02:00|11-05 02:00|4")
	f.want(since, "history|11-04 02:00", "rejects|-", "runs|-", "usage|-")
	// Nothing to do is no news, and an earlier time takes nothing back.
	wantExpired(t, f.expireAll(history), load.Expired{})
	wantExpired(t, f.expireAll(load.Horizons{History: dawn(2)}), load.Expired{})
	f.want(since, "history|11-04 02:00", "rejects|-", "runs|-", "usage|-")
}

// What is left of a fleet must not pass for the fleet.
func TestFleetAtATimeThatIsNotKept(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	for day := 1; day <= 4; day++ {
		f.sync(day, "flolive", sim(1, nickname(fmt.Sprint(day))), sim(2))
	}
	const then = `SELECT right(iccid, 1), nickname FROM fleet.subscriber_at($1) ORDER BY 1`
	early := f.lines(then, at(2, 12))
	if diff := cmp.Diff([]string{"1|2", "2|-"}, early); diff != "" {
		t.Fatal(diff)
	}
	f.expireAll(load.Horizons{History: at(3, 12)})
	f.exec(`SET ROLE simsync_analyst`)
	for _, when := range []time.Time{at(3, 12), at(3, 13), at(9, 0)} {
		if got := f.lines(then, when); len(got) != 2 {
			t.Errorf("as of %s: %q", when, got)
		}
	}
	for _, sql := range []string{
		then, `SELECT count(*) FROM fleet.subscriber_at($1) WHERE iccid = 'none'`, `SELECT count(*) FROM (SELECT FROM fleet.subscriber_at($1) LIMIT 1) s`,
		`SELECT a.nickname FROM (VALUES ($1::timestamptz)) v (t) CROSS JOIN LATERAL fleet.subscriber_at(v.t) a`,
	} {
		var refused *pgconn.PgError
		_, err := f.conn.Exec(t.Context(), sql, at(3, 11))
		if !errors.As(err, &refused) || refused.Code != "55000" || !strings.Contains(refused.Hint, "fleet.kept") {
			t.Errorf("%s: %v, want to be told that the history is not kept", sql, err)
		}
	}
}

// The question whether the history is whole costs no index.
func TestFleetAtATimeStillUsesIndexes(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1))
	f.exec(`SET enable_seqscan = off`)
	plan := strings.Join(f.lines(`EXPLAIN SELECT status FROM fleet.subscriber_at('2026-11-02') WHERE subscriber_key = 1`), "\n")
	for _, want := range []string{"One-Time Filter: fleet.history_reaches", "Index Scan using subscriber_pkey", "Index Scan using subscriber_history_pkey"} {
		if !strings.Contains(plan, want) {
			t.Errorf("the plan lacks %q:\n%s", want, plan)
		}
	}
	if strings.Contains(plan, "Seq Scan") {
		t.Errorf("the plan reads a whole table:\n%s", plan)
	}
}

// usageOf is a thing observed once in each month, from November on.
func (f *fleet) usageOf(months int) {
	f.Helper()
	var rows []transform.Row
	for m := range months {
		rows = append(rows, thing(1, observed(int64(m), at(1, 12).AddDate(0, m, 0))))
	}
	f.sync(1, "iotx", rows...)
}

const usageByMonth = `SELECT to_char(day, 'YYYY-MM') FROM fleet.data_usage ORDER BY day`

func TestUsageGoesByWholeMonths(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.usageOf(5)
	wantExpired(t, f.expireAll(load.Horizons{Usage: time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC)}), load.Expired{Months: 1})
	f.want(usageByMonth, "2026-12", "2027-01", "2027-02", "2027-03")
	f.want(`SELECT since FROM fleet.kept WHERE what = 'usage'`, "12-01 00:00")
	wantExpired(t, f.expireAll(load.Horizons{Usage: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)}), load.Expired{Months: 2})
	f.want(usageByMonth, "2027-02", "2027-03")
	// A month that is gone comes back where it is observed again, and goes again.
	f.sync(2, "iotx", thing(1, observed(7, at(2, 12))))
	f.want(usageByMonth, "2026-11", "2027-02", "2027-03")
	wantExpired(t, f.expireAll(load.Horizons{Usage: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC)}), load.Expired{Months: 1})
	f.want(`SELECT since FROM fleet.kept WHERE what = 'usage'`, "02-01 00:00")
}

// A reader in a long transaction keeps its months, and nobody waits for it.
func TestMonthThatSomebodyReadsIsLeft(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.usageOf(3)
	reader, err := f.connect().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Exec(t.Context(), `SELECT count(*) FROM fleet.data_usage`); err != nil {
		t.Fatal(err)
	}
	f.sync(2, "flolive", sim(1))
	f.sync(3, "flolive", sim(1, nickname("x")))
	february := load.Horizons{Usage: time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC), History: at(9, 0)}
	wantExpired(t, f.expireAll(february), load.Expired{Versions: 1, Left: []string{"usage of 2026-11", "usage of 2026-12", "usage of 2027-01"}})
	f.want(usageByMonth, "2026-11", "2026-12", "2027-01")
	f.want(`SELECT since FROM fleet.kept WHERE what = 'usage'`, "-")
	if err := reader.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantExpired(t, f.expireAll(february), load.Expired{Months: 3})
	f.want(usageByMonth)
}

// Whoever changes the fleet's layout is not waited for, and a view of an analyst's own
// is not dropped.
func TestMonthThatCannotGoIsLeft(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.usageOf(2)
	h := load.Horizons{Usage: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
	left := load.Expired{Left: []string{"usage of 2026-11", "usage of 2026-12"}}
	layout, err := f.connect().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := layout.Exec(t.Context(), `SELECT pg_advisory_xact_lock($1, 0)`, 0x53494D53); err != nil {
		t.Fatal(err)
	}
	wantExpired(t, f.expireAll(h), left)
	if err := layout.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.exec(`CREATE VIEW public.november AS SELECT * FROM fleet.data_usage_2026_11`)
	wantExpired(t, f.expireAll(h), load.Expired{Months: 1, Left: left.Left[:1]})
	f.want(usageByMonth, "2026-11")
	f.want(`SELECT since FROM fleet.kept WHERE what = 'usage'`, "01-01 00:00")
}

// The function drops nothing that sync.kept does not give up.
func TestUsageThatIsKeptCannotBeDropped(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.usageOf(2)
	for _, statement := range []string{``, `UPDATE sync.kept SET since = '2026-11-30 23:59:59Z' WHERE what = 'usage'`} {
		f.exec(statement)
		if _, err := f.conn.Exec(t.Context(), `SELECT sync.drop_usage_partition('2026-11-15')`); err == nil {
			t.Errorf("dropped after %q", statement)
		}
	}
	f.exec(`UPDATE sync.kept SET since = '2026-12-01Z' WHERE what = 'usage'`)
	f.exec(`SELECT sync.drop_usage_partition('2026-11-15'), sync.drop_usage_partition('2026-10-15')`)
	f.want(usageByMonth, "2026-12")
}

func TestRunsThatTheLedgerIsReadBy(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	run := func(day int, source string, outcome load.Outcome, more ...func(*night)) {
		n := f.night(day, source)
		n.walk("all").add(sim(1))
		for _, do := range more {
			do(n)
		}
		switch outcome {
		case "": // killed
			n.session.Close()
			return
		case load.OutcomeFailed:
			n.session.Close()
		case load.OutcomeHeldBack, load.OutcomeIncomplete:
			n.promotion.Doubt = outcome
			n.promote()
		default:
			n.promote()
		}
		n.end(outcome)
	}
	windowed := func(n *night) {
		f.exec(`UPDATE sync.run SET connected_since = '2026-01-01' WHERE run_id = '` + n.promotion.ID.Run.String() + `'`)
	}
	refused := func(n *night) {
		n.walks[0].reject(transform.Reject{Whole: true, Reason: "r", Record: []byte(`1`)})
	}
	run(1, "a", load.OutcomeOK, refused)
	run(2, "a", "")
	run(3, "a", load.OutcomeFailed)
	run(4, "a", load.OutcomeOK)
	run(5, "a", load.OutcomeHeldBack) // since the last complete one: how many attempts is asked for
	run(6, "a", load.OutcomeOK, windowed)
	run(7, "a", "")
	run(1, "b", load.OutcomeIncomplete)
	run(2, "b", load.OutcomeIncomplete, refused)
	const runs = `SELECT source, extract(day FROM started_at)::int, outcome FROM sync.run ORDER BY 1, 2`
	freshness := f.lines(`SELECT source, complete_run_id, loaded_as_of, attempted_run_id, attempts_since FROM fleet.freshness ORDER BY 1`)

	wantExpired(t, f.expireAll(load.Horizons{Runs: at(20, 0)}), load.Expired{Runs: 2})
	f.want(runs, "a|1|ok", "a|4|ok", "a|5|held_back", "a|6|ok", "a|7|-", "b|1|incomplete", "b|2|incomplete") // the first has a reject
	wantExpired(t, f.expireAll(load.Horizons{Rejects: at(2, 0), Runs: at(20, 0)}), load.Expired{Rejects: 1, Runs: 1})
	f.want(runs, "a|4|ok", "a|5|held_back", "a|6|ok", "a|7|-", "b|1|incomplete", "b|2|incomplete")
	f.want(`SELECT count(*) FROM sync.reject`, "1")
	f.want(`SELECT count(*) FROM sync.walk WHERE source = 'a'`, "3")
	f.want(since, "history|-", "rejects|11-02 00:00", "runs|11-20 00:00", "usage|-")
	if diff := cmp.Diff(freshness, f.lines(`SELECT source, complete_run_id, loaded_as_of, attempted_run_id, attempts_since FROM fleet.freshness ORDER BY 1`)); diff != "" {
		t.Errorf("how fresh the data is (-before +after):\n%s", diff)
	}
}

// A replay of an older night is complete, and newer in the ledger, but not in its data.
func TestRunWithTheNewestDataStays(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "a", sim(1))
	f.sync(2, "a", sim(1))
	f.exec(`UPDATE sync.run SET as_of = '2026-10-01' WHERE started_at > '2026-11-02'`)
	wantExpired(t, f.expireAll(load.Horizons{Runs: at(20, 0)}), load.Expired{})
}

func TestOneProcessExpiresAtATime(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.exec(`SELECT pg_advisory_lock(1397312851, 1)`)
	if _, err := f.db.Expire(t.Context(), load.Horizons{History: at(1, 0)}, inTime); !errors.Is(err, load.ErrExpiring) {
		t.Errorf("%v, want ErrExpiring", err)
	}
	f.exec(`SELECT pg_advisory_unlock_all()`)
	f.expire(1)
	f.awaitUnlocked()
}

// A signal, or the end of the time for it, leaves whole batches, and sync.kept says
// what is true.
func TestExpiringBreaksOff(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1), sim(2))
	f.exec(`INSERT INTO fleet.subscriber_history (subscriber_key, valid_from, valid_to, run_id, source, physical_id, kind, status, flags, imsi_pairs)
		SELECT s.subscriber_key, '2026-01-01'::timestamptz + g * interval '1 second', '2026-02-01', gen_random_uuid(), 'flolive', 'x', 'unknown', 'active', '{}', '[]'
		FROM fleet.subscriber s, generate_series(1, 12000) g`)
	const left = `SELECT count(*), (SELECT since FROM fleet.kept WHERE what = 'history') FROM fleet.subscriber_history`
	h := load.Horizons{History: at(1, 0)}
	batches := 0
	done, err := f.db.Expire(t.Context(), h, func() bool { batches++; return batches > 1 })
	if err != nil || done.Versions != 10_000 {
		t.Errorf("%+v, %v, want one batch", done, err)
	}
	f.want(left, "14000|11-01 00:00")

	// A signal while a batch waits for a lock.
	holder, err := f.connect().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := holder.Exec(t.Context(), `LOCK TABLE fleet.subscriber_history`); err != nil {
		t.Fatal(err)
	}
	done, err = f.db.Expire(f.untilWaiting(), h, inTime)
	if !errors.Is(err, context.Canceled) || done.Any() {
		t.Errorf("%+v, %v, want it broken off", done, err)
	}
	if err := holder.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.want(left, "14000|11-01 00:00")
	f.awaitUnlocked()
	wantExpired(t, f.expireAll(h), load.Expired{Versions: 14_000})
	f.want(left, "0|11-01 00:00")
}

// A table that is held whole is left, and what is beside it goes.
func TestKindThatIsHeldIsLeft(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1))
	f.sync(2, "flolive", sim(1, nickname("x")))
	holder, err := f.connect().Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback(t.Context()) }()
	if _, err := holder.Exec(t.Context(), `LOCK TABLE sync.run IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	wantExpired(t, f.expire(10), load.Expired{Versions: 1, Left: []string{"runs"}})
}

// The role that syncs at night owns nothing. Without its rights it is told, and what it
// may delete goes.
func TestExpiringByARoleThatOwnsNothing(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.usageOf(2)
	f.sync(2, "iotx", thing(1, nickname("x")))
	db, role := f.runner(t, `USAGE ON SCHEMA fleet, sync`, `SELECT, UPDATE ON sync.kept`, `SELECT, DELETE ON sync.reject, sync.run`)
	h := load.Horizons{History: at(20, 0), Usage: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Rejects: at(20, 0), Runs: at(20, 0)}
	done, err := db.Expire(t.Context(), h, inTime)
	if err == nil || !strings.Contains(err.Error(), "delete history before 2026-11-20: expire_history: ") {
		t.Errorf("error %v, want that it may not delete the history", err)
	}
	wantExpired(t, done, load.Expired{Months: 1, Runs: 1})
	f.want(since, "history|-", "rejects|-", "runs|11-20 00:00", "usage|12-01 00:00")
	f.exec(`GRANT SELECT, DELETE ON fleet.subscriber_history TO ` + role)
	if done, err = db.Expire(t.Context(), h, inTime); err != nil {
		t.Error(err)
	}
	wantExpired(t, done, load.Expired{Versions: 1})
}
