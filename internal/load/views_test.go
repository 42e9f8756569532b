package load_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"pgregory.net/rapid"

	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/transform"
)

// zones are far apart: what is a day here is another there.
var zones = []string{"UTC", "Asia/Tokyo", "America/St_Johns"}

// inZone is the fleet as a program sees it whose sessions have another time zone.
func (f *fleet) inZone(zone string) *fleet {
	f.Helper()
	address, err := url.Parse(f.url)
	if err != nil {
		f.Fatal(err)
	}
	q := address.Query()
	q.Set("timezone", zone)
	address.RawQuery = q.Encode()
	there := *f
	there.url = address.String()
	if there.db, err = load.Open(f.Context(), there.url); err != nil {
		f.Fatal(err)
	}
	f.Cleanup(there.db.Close)
	there.conn = there.connect()
	return &there
}

// keepSnapshots makes the place for snapshots, and two functions that bring what the
// fleet says into one form: a row a field, values as JSON, times as instants.
const keepSnapshots = `
CREATE SCHEMA kept;
CREATE TABLE kept.snapshot (source text, night int, subscriber_key bigint, field text, value jsonb);
CREATE FUNCTION kept.plain(field text, value jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT CASE WHEN field ~ '_at$' THEN to_jsonb(extract(epoch FROM (value #>> '{}')::timestamptz)) ELSE nullif(value, 'null') END
$$;
CREATE FUNCTION kept.value_of(field text, told text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT CASE
		WHEN field = 'flags' THEN to_jsonb(told::text[])
		WHEN field IN ('extra', 'imsi_pairs', 'parent_key', 'line_rental_minor', 'contract_months', 'group_id') OR field LIKE 'is\_%' THEN told::jsonb
		ELSE kept.plain(field, to_jsonb(told))
	END
$$`

// snapshot takes down the tables as they are. $1 source, $2 night.
const snapshot = `
INSERT INTO kept.snapshot
SELECT $1, $2, s.subscriber_key, e.key, kept.plain(e.key, e.value)
FROM fleet.subscriber s
LEFT JOIN fleet.contract k USING (subscriber_key),
jsonb_each(to_jsonb(s) - '{subscriber_key,content_hash}'::text[] || coalesce(to_jsonb(k) - 'subscriber_key', '{}')
	|| jsonb_build_object('imsi_pairs', (SELECT coalesce(jsonb_agg(jsonb_build_object('imsi', i.imsi, 'msisdn', i.msisdn, 'is_last_active', i.is_last_active)
		ORDER BY i.ordinal), '[]') FROM fleet.subscriber_imsi i WHERE i.subscriber_key = s.subscriber_key))) e
WHERE s.source = $1`

// unlikeSnapshot is how the fleet at a moment differs from what was taken down. $1
// source, $2 night, $3 the moment.
const unlikeSnapshot = `
WITH told AS (
	SELECT v.subscriber_key, e.key, kept.plain(e.key, e.value)
	FROM fleet.subscriber_at($3) v,
	jsonb_each(to_jsonb(v) - '{subscriber_key,contract,superseded_at}'::text[] || coalesce(v.contract, '{}')) e
	WHERE v.source = $1
), taken AS (
	SELECT subscriber_key, field, value FROM kept.snapshot WHERE source = $1 AND night = $2
)
(SELECT 'only told', * FROM told EXCEPT ALL SELECT 'only told', * FROM taken)
UNION ALL
(SELECT 'only taken', * FROM taken EXCEPT ALL SELECT 'only taken', * FROM told)`

// unlikeChanges is how the changes of a night differ from its snapshot beside the one
// before. $1 source, $2 night, $3 when the night was promoted.
const unlikeChanges = `
WITH told AS (
	SELECT subscriber_key, field, kept.value_of(field, old), kept.value_of(field, new)
	FROM fleet.change WHERE source = $1 AND changed_at = $3
), taken AS (
	SELECT b.subscriber_key, b.field, a.value, b.value
	FROM kept.snapshot a
	JOIN kept.snapshot b ON b.source = $1 AND b.night = $2 AND b.subscriber_key = a.subscriber_key AND b.field = a.field
	WHERE a.source = $1 AND a.night = $2 - 1 AND a.value IS DISTINCT FROM b.value AND a.field <> 'changed_at'
)
(SELECT 'only told', * FROM told EXCEPT ALL SELECT 'only told', * FROM taken)
UNION ALL
(SELECT 'only taken', * FROM taken EXCEPT ALL SELECT 'only taken', * FROM told)`

// unlikeLedger finds versions and changes whose run says another time. $1 source.
const unlikeLedger = `
SELECT 'version', changed_at FROM fleet.subscriber_version v
WHERE source = $1 AND NOT EXISTS (SELECT FROM fleet.run r WHERE r.source = v.source AND r.as_of = v.changed_at)
UNION ALL
SELECT 'change', changed_at FROM fleet.change c
WHERE source = $1 AND NOT EXISTS (SELECT FROM fleet.run r WHERE (r.run_id, r.source, r.as_of) = (c.run_id, c.source, c.changed_at))`

// unlikeLive finds live subscribers that the view has not once. $1 source.
const unlikeLive = `
WITH told AS (SELECT subscriber_key FROM fleet.sim WHERE source = $1),
	live AS (SELECT subscriber_key FROM fleet.subscriber WHERE source = $1 AND removed_at IS NULL)
(TABLE told EXCEPT ALL TABLE live) UNION ALL (TABLE live EXCEPT ALL TABLE told)`

// TestViewsAgainstSnapshots lets random nights pass and takes the tables down after
// each: the views, asked later and from anywhere, tell the same.
func TestViewsAgainstSnapshots(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.exec(keepSnapshots)
	var there []*fleet
	for _, zone := range zones {
		there = append(there, f.inZone(zone))
	}
	check := 0
	rapid.Check(t, func(t *rapid.T) {
		check++
		source := fmt.Sprint("source ", check)
		nights := rapid.IntRange(1, 4).Draw(t, "nights")
		for night := 1; night <= nights; night++ {
			rapid.SampledFrom(there).Draw(t, "writer").randomNight(t, night, source)
			if _, err := f.conn.Exec(f.Context(), snapshot, source, night); err != nil {
				t.Fatal(err)
			}
		}
		rapid.SampledFrom(there).Draw(t, "reader").wantSnapshots(t, nights, source)
	})
	f.sync(1, "observed", thing(1, observed(1, at(1, 0))))
	f.wantNoNulls()
}

// randomNight brings some of a few subscribers, in random states.
func (f *fleet) randomNight(t *rapid.T, day int, source string) {
	n := f.night(day, source)
	n.promotion.Complete = rapid.Bool().Draw(t, "complete")
	w := n.walk("all")
	for range rapid.IntRange(0, 8).Draw(t, "records") {
		w.add(drawVersion(t))
	}
	if _, err := n.tryPromote(); err != nil {
		t.Fatalf("night %d: %v", day, err)
	}
	n.end(load.OutcomeOK)
}

// drawVersion is a subscriber of either provider in a state that touches every kind of
// column.
func drawVersion(t *rapid.T) transform.Row {
	states := []transform.Status{transform.StatusActive, transform.StatusSuspended}
	edits := []func(*transform.Row){
		status(rapid.SampledFrom(states).Draw(t, "status")),
		func(r *transform.Row) {
			r.Extra = rapid.SampledFrom([][]byte{nil, []byte(`{"more":1}`), []byte(`{"more":{"a":"ü"}}`)}).Draw(t, "extra")
			r.Flags = rapid.SampledFrom([][]transform.Flag{nil, {transform.FlagICCIDLuhn}, {transform.FlagICCIDLuhn, transform.FlagIMEILuhn}}).Draw(t, "flags")
		},
	}
	if rapid.Bool().Draw(t, "with customer") {
		edits = append(edits, customer(customerA, "Acme"))
	}
	i := rapid.IntRange(6, 8).Draw(t, "floLIVE's")
	if rapid.Bool().Draw(t, "floLIVE") {
		return sim(i, edits...)
	}
	row := drawRecord(t, 0).row
	edits = append(edits, func(r *transform.Row) {
		c := *r.Contract
		c.TariffName = rapid.SampledFrom([]string{"small", "large"}).Draw(t, "tariff")
		c.TerminatedAt = rapid.SampledFrom([]*time.Time{nil, new(at(1, 23)), new(at(2, 1))}).Draw(t, "terminated")
		c.LineRentalMinor, c.IsBarred = rapid.SampledFrom([]*int64{nil, new(int64(100))}).Draw(t, "rent"), rapid.SampledFrom([]*bool{nil, new(true)}).Draw(t, "barred")
		r.Contract = &c
	})
	return edited(row, edits)
}

// wantSnapshots compares every night with what was taken down of it, at its first
// moment and at its last.
func (f *fleet) wantSnapshots(t *rapid.T, nights int, source string) {
	none := func(sql string, args ...any) {
		if differences := f.lines(sql, args...); len(differences) > 0 {
			t.Fatalf("%s\n%q: %q", sql, args, differences)
		}
	}
	none(unlikeSnapshot, source, 0, dawn(1).Add(-1))
	for night := 1; night <= nights; night++ {
		none(unlikeSnapshot, source, night, dawn(night))
		none(unlikeSnapshot, source, night, dawn(night+1).Add(-1000))
		none(unlikeChanges, source, night, dawn(night))
	}
	none(unlikeLedger, source)
	none(unlikeLive, source)
}

// wantNoNulls reads every column of a view whose comment knows of no null.
func (f *fleet) wantNoNulls() {
	f.Helper()
	asked := f.lines(`
		SELECT format('SELECT %L FROM fleet.%I HAVING count(*) <> count(%I) OR count(*) = 0', c.relname || '.' || a.attname, c.relname, a.attname)
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'fleet'::regnamespace AND c.relkind = 'v' AND a.attnum > 0
		  AND col_description(c.oid, a.attnum) !~* '\mnull(:| where| while| for| at)'`)
	if len(asked) == 0 {
		f.Fatal("no column of a view is without null")
	}
	for _, query := range asked {
		f.want(query)
	}
}

// Two versions of the same terms have the same contract, whoever wrote and reads them.
func TestContractsOfVersionsCompare(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	for day, zone := range zones {
		f.inZone(zone).sync(day+1, "iotx", thing(1, nickname(zone)))
	}
	for _, zone := range zones {
		f.inZone(zone).want(`SELECT count(*), count(DISTINCT contract), min((contract ->> 'connected_at')::timestamptz) FROM fleet.subscriber_version`, "3|1|05-01 00:00")
	}
}

// The runs of one source, oldest first, and what is to be known of its freshness.
func TestFreshness(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	const (
		killed       = load.Outcome("killed")
		loadedKilled = load.Outcome("killed after the load")
		stopped      = load.Outcome("stopped after the load")
		stoppedShort = load.Outcome("stopped after a load that was not complete")
		details      = load.Outcome("details of an archived run") // ok, and nothing loaded
		window       = load.Outcome("window")
	)
	for source, test := range map[string]struct {
		outcomes []load.Outcome // of days 1 on
		want     string         // complete, loaded, attempted, how, whether that is complete, attempts since
	}{
		"never complete":         {[]load.Outcome{load.OutcomeIncomplete, load.OutcomeFailed}, "-|11-01 02:00|11-02 01:00|failed|false|2"},
		"complete":               {[]load.Outcome{load.OutcomeFailed, load.OutcomeOK}, "11-02 02:00|11-02 02:00|11-02 01:00|ok|true|0"},
		"incomplete since":       {[]load.Outcome{load.OutcomeOK, load.OutcomeIncomplete}, "11-01 02:00|11-02 02:00|11-02 01:00|incomplete|false|1"},
		"held back since":        {[]load.Outcome{load.OutcomeOK, load.OutcomeHeldBack, load.OutcomeHeldBack}, "11-01 02:00|11-03 02:00|11-03 01:00|held_back|false|2"},
		"interrupted since":      {[]load.Outcome{load.OutcomeOK, load.OutcomeInterrupted}, "11-01 02:00|11-01 02:00|11-02 01:00|interrupted|false|1"},
		"killed":                 {[]load.Outcome{load.OutcomeOK, killed}, "11-01 02:00|11-01 02:00|11-02 01:00|killed|false|1"},
		"killed at first":        {[]load.Outcome{killed}, "-|-|11-01 01:00|killed|false|1"},
		"killed at its details":  {[]load.Outcome{load.OutcomeFailed, loadedKilled}, "11-02 02:00|11-02 02:00|11-02 01:00|killed|true|0"},
		"stopped at its details": {[]load.Outcome{load.OutcomeOK, stopped}, "11-02 02:00|11-02 02:00|11-02 01:00|interrupted|true|0"},
		"stopped, held back":     {[]load.Outcome{load.OutcomeOK, stoppedShort}, "11-01 02:00|11-02 02:00|11-02 01:00|interrupted|false|1"},
		"details since":          {[]load.Outcome{load.OutcomeOK, details}, "11-01 02:00|11-01 02:00|11-01 01:00|ok|true|0"},
		"well again":             {[]load.Outcome{load.OutcomeOK, load.OutcomeFailed, killed, load.OutcomeOK}, "11-04 02:00|11-04 02:00|11-04 01:00|ok|true|0"},
		"windows alone":          {[]load.Outcome{window}, "-|11-01 02:00|-|-|false|0"},
		"a window since":         {[]load.Outcome{load.OutcomeOK, window}, "11-01 02:00|11-02 02:00|11-01 01:00|ok|true|0"},
		"a window after failure": {[]load.Outcome{load.OutcomeOK, load.OutcomeFailed, window}, "11-01 02:00|11-03 02:00|11-02 01:00|failed|false|1"},
	} {
		for i, outcome := range test.outcomes {
			n := f.night(i+1, source)
			switch outcome {
			case load.OutcomeOK, load.OutcomeIncomplete, load.OutcomeHeldBack, window, stopped, stoppedShort, loadedKilled:
				n.walk("all").add(sim(1))
				n.promotion.Doubt = map[load.Outcome]load.Outcome{
					load.OutcomeIncomplete: load.OutcomeIncomplete, load.OutcomeHeldBack: load.OutcomeHeldBack, stoppedShort: load.OutcomeHeldBack,
				}[outcome]
				n.promote()
			default:
				n.session.Close()
			}
			switch outcome {
			case killed, loadedKilled:
			case stopped, stoppedShort:
				n.end(load.OutcomeInterrupted)
			case details:
				n.end(load.OutcomeOK)
			case window:
				n.end(load.OutcomeOK)
				f.exec(`UPDATE sync.run SET connected_since = '2026-10-01' WHERE run_id = '` + n.promotion.ID.Run.String() + `'`)
			default:
				n.end(outcome)
			}
		}
		f.want(`SELECT complete_as_of, loaded_as_of, attempted_at, attempted_outcome, is_complete, attempts_since FROM fleet.freshness WHERE source = '`+source+`'`, test.want)
	}
	f.want(`SELECT count(*) FROM fleet.freshness WHERE complete_age IS DISTINCT FROM now() - complete_as_of`, "0")
	f.want(`SELECT f.source FROM fleet.freshness f LEFT JOIN fleet.run c ON (c.run_id, c.source) = (f.complete_run_id, f.source)
		LEFT JOIN fleet.run a ON (a.run_id, a.source) = (f.attempted_run_id, f.source)
		WHERE (c.as_of, c.is_complete, a.started_at) IS DISTINCT FROM (f.complete_as_of, CASE WHEN f.complete_as_of IS NOT NULL THEN true END, f.attempted_at)`)
}

// What the ledger tells analysts: how a run ended, what it counted, and how its walks did.
func TestRunsAndWalksForAnalysts(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1), sim(2))
	n := f.night(2, "flolive")
	n.promotion.Complete, n.promotion.Doubt = false, load.OutcomeIncomplete
	n.walk("a").add(sim(1, nickname("x")), sim(1, nickname("y"))).reject(transform.Reject{Subject: "x", Reason: "no", Record: []byte("{}"), Whole: true})
	n.promote()
	facts := []fetch.Facts{{Listing: "b", Verdict: fetch.VerdictLostAnswer, Declared: new(int64(9)), Distinct: 4, Repeated: 1, Sessions: 2, StartedAt: dawn(2), FinishedAt: dawn(2)}}
	if err := f.db.RecordFailedWalks(t.Context(), n.promotion.ID, facts); err != nil {
		t.Fatal(err)
	}
	n.end(load.OutcomeIncomplete)
	failed := f.night(3, "flolive")
	failed.session.Close()
	if err := f.db.CloseRun(t.Context(), failed.promotion.ID, load.Closing{At: dawn(3), Outcome: load.OutcomeFailed, ExitCode: 1, Error: "the provider is out of reach"}); err != nil {
		t.Fatal(err)
	}
	f.night(4, "flolive").session.Close()
	alive := f.night(5, "flolive")
	f.want(`SELECT started_at, outcome, load_outcome, exit_code, error, is_running FROM fleet.run ORDER BY started_at`,
		"11-01 01:00|ok|ok|0|-|false",
		"11-02 01:00|incomplete|incomplete|0|-|false",
		"11-03 01:00|failed|-|1|the provider is out of reach|false",
		"11-04 01:00|-|-|-|-|false",
		"11-05 01:00|-|-|-|-|true")
	f.want(`SELECT attempted_outcome, attempted_error FROM fleet.freshness`, "running|-")
	alive.session.Close()
	f.want(`SELECT attempted_outcome, attempted_error FROM fleet.freshness`, "killed|-")
	f.exec(`DELETE FROM sync.run WHERE started_at > '2026-11-04'`)
	f.want(`SELECT attempted_outcome, attempted_error FROM fleet.freshness`, "failed|the provider is out of reach")
	f.want(`SELECT started_at, finished_at, outcome, is_whole, is_complete, as_of, records, inserted, updated, unchanged, repeated, removed, rejected FROM fleet.run ORDER BY started_at`,
		"11-01 01:00|11-01 02:00|ok|true|true|11-01 02:00|2|2|0|0|0|0|0",
		"11-02 01:00|11-02 02:00|incomplete|true|false|11-02 02:00|3|0|1|0|1|0|1",
		"11-03 01:00|11-03 02:00|failed|true|false|-|-|-|-|-|-|-|-")
	f.want(`SELECT w.listing, w.verdict, w.is_complete, w.declared, w.distinct_records, w.repeated FROM fleet.walk w JOIN fleet.run r USING (run_id, source) ORDER BY r.started_at, 1`,
		"all|complete|true|-|0|0", "a|complete|true|-|0|0", "b|lost_answer|false|9|4|1")
}

// A ledger that older versions of the program wrote tells how a load ended by how the run
// did; of a run that was stopped afterwards, removals prove that all was made.
func TestLoadsOfOlderVersions(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	for day, old := range []string{
		"outcome = 'ok', exit_code = 0", "outcome = 'incomplete', exit_code = 3", "outcome = 'held_back', exit_code = 4",
		"outcome = 'interrupted', exit_code = 143, removed = 7", "outcome = 'interrupted', exit_code = 143", "outcome = NULL, exit_code = NULL, finished_at = NULL, removed = 7",
	} {
		f.sync(day+1, "flolive", sim(1))
		f.exec(`UPDATE sync.run SET load_outcome = NULL, ` + old + ` WHERE started_at = (SELECT max(started_at) FROM sync.run)`)
	}
	f.want(`SELECT outcome, load_outcome, is_complete FROM fleet.run ORDER BY started_at`,
		"ok|ok|true", "incomplete|incomplete|false", "held_back|held_back|false", "interrupted|ok|true", "interrupted|incomplete|false", "-|ok|true")
}
