package load_test

import (
	"errors"
	"fmt"
	"iter"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/load"
	"simsync/migrations"
)

// counted fills a database with subscribers of a source: so many of each status.
func (f *fleet) counted(source, status string, from, n int, more string) {
	f.Helper()
	f.exec(fmt.Sprintf(`INSERT INTO fleet.subscriber (subscriber_key, source, subscriber_id, iccid, kind, status, flags, first_seen_at, changed_at, content_hash)
		SELECT k, '%s', k::text, (8944000000000000000 + k)::text, 'cellular', '%s', '{}', now(), now(), k FROM generate_series(%d, %d) k`, source, status, from, from+n-1))
	if more != "" {
		f.exec(fmt.Sprintf(`UPDATE fleet.subscriber SET %s WHERE subscriber_key BETWEEN %d AND %d`, more, from, from+n-1))
	}
}

func (f *fleet) figures(days int) load.Figures {
	f.Helper()
	got, err := f.db.Figures(f.Context(), days)
	if err != nil {
		f.Fatal(err)
	}
	return got
}

func TestFiguresOfAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	got := f.figures(30)
	if got.At.IsZero() || got.Days != 30 || !got.Since.Equal(got.At.UTC().Truncate(24*time.Hour).AddDate(0, 0, -29)) {
		t.Errorf("as of %v, %d days since %v", got.At, got.Days, got.Since)
	}
	got.At, got.Since, got.Days = time.Time{}, time.Time{}, 0
	for _, empty := range []int{len(got.Sources), len(got.Customers), len(got.Flags), len(got.Freshness), len(got.Runs), len(got.Usage), len(got.Rejects)} {
		if empty != 0 {
			t.Errorf("not empty: %+v", got)
		}
	}
}

func TestFiguresCountLiveSubscribers(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.counted("flolive", "active", 1, 3, "")
	f.counted("flolive", "suspended", 4, 2, "flags = '{iccid_luhn}'")
	f.counted("flolive", "active", 6, 5, "removed_at = now(), flags = '{iccid_luhn}'")
	f.counted("iotx", "unknown", 11, 2, "flags = '{iccid_luhn,imei_luhn}'")
	f.counted("iotx", "terminated", 13, 1, "")
	f.exec(`INSERT INTO fleet.network_state (subscriber_key, is_online, observed_at) VALUES (11, true, now()), (12, false, now()), (13, NULL, now())`)
	got := f.figures(30)
	want := []load.SourceFigures{
		{Source: "flolive", StatusCounts: load.StatusCounts{Active: 3, Suspended: 2}, Flagged: 2},
		{Source: "iotx", StatusCounts: load.StatusCounts{Terminated: 1, Unknown: 2}, Flagged: 2, Observed: 2, Online: 1},
	}
	if diff := cmp.Diff(want, got.Sources); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	wantFlags := []load.FlagCount{
		{"iccid_luhn", "flolive", load.RelationSubscriber, 2, 5},
		{"iccid_luhn", "iotx", load.RelationSubscriber, 2, 3},
		{"imei_luhn", "iotx", load.RelationSubscriber, 2, 3},
	}
	if diff := cmp.Diff(wantFlags, got.Flags); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
}

// A subscriber has a flag on its row, its details or its eSIM profile, and is one however
// many it has. What is of a subscriber or a profile that is gone counts nowhere.
func TestFiguresCountFlagsBesideTheRow(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.counted("flolive", "active", 1, 8, "")
	f.counted("flolive", "active", 9, 1, "removed_at = now()")
	f.counted("other", "active", 11, 8, "")
	f.exec(`UPDATE fleet.subscriber SET flags = '{iccid_luhn}' WHERE subscriber_key IN (1, 2)`)
	f.exec(`INSERT INTO fleet.subscriber_detail (subscriber_key, tags, system_labels, user_labels, flags, fetched_at)
		SELECT k, '{}', '{}', '{}', CASE WHEN k IN (2, 3, 9) THEN '{iccid_luhn,location_range}' ELSE '{}' END::text[], now() FROM unnest(ARRAY[1, 2, 3, 4, 9]) k`)
	// Of subscribers 3 and 4, by both their names; of 5 and 6, by one; one is of 7's
	// subscriberId and of another card; two have no flag or have left; the last is of nobody.
	f.exec(`INSERT INTO fleet.esim_profile (source, eid, profile_id, subscriber_id, iccid, flags, first_seen_at, fetched_at, removed_at)
		SELECT 'flolive', lpad(n::text, 32, '0'), gen_random_uuid(), id, '89440000000000000' || card, flags::text[], now(), now(), CASE WHEN n = 7 THEN now() END
		FROM (VALUES (1, '3', '03', '{eid_check}'), (2, '4', '04', '{eid_check}'), (3, '5', NULL, '{eid_check}'), (4, NULL, '06', '{eid_check}'), (5, '7', '99', '{eid_check}'),
			(6, '8', '08', '{}'), (7, '8', '08', '{eid_check}'), (8, NULL, NULL, '{iccid_luhn}')) v (n, id, card, flags)`)
	got := f.figures(30)
	if flagged := got.Sources[0].Flagged; flagged != 6 || got.Sources[1].Flagged != 0 {
		t.Errorf("%d subscribers of flolive have flags, and %d of the other source; want 6 and none", flagged, got.Sources[1].Flagged)
	}
	want := []load.FlagCount{
		{"eid_check", "flolive", load.RelationProfile, 5, 7},
		{"iccid_luhn", "flolive", load.RelationDetail, 2, 4},
		{"iccid_luhn", "flolive", load.RelationSubscriber, 2, 8},
		{"location_range", "flolive", load.RelationDetail, 2, 4},
		{"iccid_luhn", "flolive", load.RelationProfile, 1, 7},
	}
	if diff := cmp.Diff(want, got.Flags); diff != "" {
		t.Errorf("flags (-want +got):\n%s", diff)
	}
}

// The smallest groups are one row, so that the sum is always that of the fleet.
func TestFiguresNameTheLargestGroups(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	const customer = "00000000-0000-4000-8000-0000000000"
	f.counted("flolive", "active", 1, 100, "")
	f.counted("iotx", "inactive", 101, 100, "")
	// Customer c has c subscribers, the first hundred told; the others have none.
	f.exec(`UPDATE fleet.subscriber SET customer_id = ('` + customer + `' || lpad(((1 + sqrt(8 * subscriber_key - 7)) / 2)::int::text, 2, '0'))::uuid WHERE source = 'flolive'`)
	f.exec(`INSERT INTO fleet.customer VALUES ('flolive', '` + customer + `13', 'Thirteen'), ('flolive', '` + customer + `01', NULL)`)
	f.exec(`INSERT INTO fleet.contract (subscriber_key, operator_code, operator_name, tariff_name)
		SELECT k, 'O', CASE WHEN k % 2 = 0 THEN 'Even' END, 'T' || k % 20 FROM generate_series(101, 199) k`)
	got := f.figures(30)
	for name, groups := range map[string][]load.GroupFigures{"customers": got.Customers, "operators": got.Operators, "tariffs": got.Tariffs} {
		var sum load.StatusCounts
		var counted int64
		for i, g := range groups {
			sum = sum.Plus(g.StatusCounts)
			counted += g.Groups
			if i > 0 && g.Source != "" && g.Total() > groups[i-1].Total() {
				t.Errorf("%s: %v stands after fewer", name, g)
			}
		}
		want := map[string][3]int64{"customers": {200, 16, 16}, "operators": {99, 2, 2}, "tariffs": {99, 16, 20}}[name]
		if sum.Total() != want[0] || int64(len(groups)) != want[1] || counted != want[2] {
			t.Errorf("%s: %d subscribers in %d rows of %d groups, want %v", name, sum.Total(), len(groups), counted, want)
		}
	}
	if none := got.Customers[0]; none.Source != "iotx" || none.ID != nil || none.Name != nil || none.Inactive != 100 {
		t.Errorf("the largest customer is %+v, want that of subscribers without one", none)
	}
	if others := got.Tariffs[15]; others.Source != "" || others.Name != nil || others.Groups != 5 {
		t.Errorf("the others are %+v", others)
	}
}

func TestFiguresAddUsageUp(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.exec(`INSERT INTO fleet.tariff_usage (source, day, operator_code, operator_name, tariff_name, subscribers, used_bytes)
		SELECT source, (now() AT TIME ZONE 'UTC')::date - n, NULL, NULL, tariff, 10 + n, 100 * n
		FROM generate_series(0, 5) n, unnest(ARRAY['iotx', 'other']) source, unnest(ARRAY['one', NULL]) tariff WHERE n <> 1`)
	var got []string
	for _, u := range f.figures(3).Usage {
		got = append(got, fmt.Sprint(u.Bytes, " of ", u.Observed, " ", u.IsFirst))
	}
	if diff := cmp.Diff([]string{"800 of 48 false", "0 of 40 false"}, got); diff != "" {
		t.Errorf("used by day (-want +got):\n%s", diff)
	}
	f.exec(`DELETE FROM fleet.tariff_usage WHERE day < (now() AT TIME ZONE 'UTC')::date`)
	if u := f.figures(3).Usage; len(u) != 1 || !u[0].IsFirst {
		t.Errorf("the first day of all: %+v", u)
	}
}

func TestFiguresTellOfRunsAndRejects(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	night := func(daysAgo int, outcome, counts string) string {
		id := f.lines(`SELECT gen_random_uuid()`)[0]
		f.exec(fmt.Sprintf(`INSERT INTO sync.run (run_id, source, command, started_at, finished_at, outcome, exit_code, version, as_of, records, inserted, updated,
			unchanged, repeated, rejected, rejected_parts, removed) VALUES ('%s', 'iotx', 'run', now() - %d * interval '1 day', now(), %s, 0, 'test', %s)`, id, daysAgo, outcome, counts))
		return id
	}
	const nothing = "NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL"
	loaded := func(daysAgo int) string {
		return fmt.Sprintf("now() - %d * interval '1 day', 10, 4, 3, 1, 0, 2, 1, 5", daysAgo)
	}
	old := night(9, "'ok'", loaded(9)) // before the days
	good := night(2, "'ok'", loaded(2))
	replay := night(0, "'ok'", loaded(1))
	failed := night(0, "'failed'", nothing)
	f.exec(`INSERT INTO sync.reject (run_id, source, listing, is_whole, field, reason, record, rejected_at)
		VALUES ('` + good + `', 'iotx', 'details', false, 'details', 'late', '{}', now())`)
	for _, id := range []string{old, good, replay} {
		f.exec(`INSERT INTO sync.reject (run_id, source, listing, is_whole, field, reason, record, rejected_at)
			SELECT '` + id + `', 'iotx', 'l', n = 0, 'pairs[' || n || '].imsi', 'missing', '{}', now() FROM generate_series(0, 3) n`)
	}
	f.exec(`INSERT INTO sync.walk SELECT '` + failed + `', 'iotx', v, v, 1, 1, 0, 1, 1, now(), now() FROM unnest(ARRAY['drift', 'complete', 'endless']) v`)

	got := f.figures(3)
	var runs []string
	for _, r := range got.Runs {
		runs = append(runs, fmt.Sprintf("%s %s %d of %d %s %t", r.RunID, *r.Outcome, r.CompleteWalks, r.Walks, r.Reasons, r.Running))
	}
	want := []string{failed + " failed 1 of 3 [drift endless] false", replay + " ok 0 of 0 [] false", good + " ok 0 of 0 [] false"}
	if diff := cmp.Diff(want, runs); diff != "" {
		t.Errorf("runs (-want +got):\n%s", diff)
	}
	var rejects []string
	for _, r := range got.Rejects {
		rejects = append(rejects, fmt.Sprintf("%s %t %s %s: %d, %.0f days ago", r.Source, r.IsWhole, *r.Field, r.Reason, r.Count, got.At.Sub(r.Last).Hours()/24))
	}
	wantRejects := []string{
		"iotx true pairs[].imsi missing: 2, 1 days ago",
		"iotx false pairs[].imsi missing: 6, 1 days ago",
		"iotx false details late: 1, 2 days ago",
	}
	if diff := cmp.Diff(wantRejects, rejects); diff != "" {
		t.Errorf("rejects of the days (-want +got):\n%s", diff)
	}
	if k := got.Freshness[0]; k.Source != "iotx" || k.IsComplete || k.AttemptedOutcome != "failed" || k.CompleteAsOf == nil {
		t.Errorf("freshness: %+v", k)
	}
}

// The roles that make the report and exports need what the pages about them grant, and
// nothing else.
func TestRightsOfReportAndExport(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	for name, act := range map[string]func(*load.DB) error{
		"report": func(db *load.DB) error {
			_, err := db.Figures(t.Context(), 30)
			return err
		},
		"export": func(db *load.DB) error {
			selected := load.Selection{Relation: "fleet.sim", Source: "nobody"} // whose name is looked for
			err := db.Export(t.Context(), selected, func(_ load.Relation, rows iter.Seq2[[]load.Value, error]) error {
				for _, err := range rows {
					return err
				}
				return nil
			})
			if errors.Is(err, load.ErrNotExported) {
				return nil
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile("../../docs/" + name + ".md")
			if err != nil {
				t.Fatal(err)
			}
			var rights []string
			for _, grant := range regexp.MustCompile(`(?m)^GRANT (.*) TO simsync_`+name+`;$`).FindAllStringSubmatch(string(text), -1) {
				rights = append(rights, grant[1])
			}
			db, _ := f.runner(t, rights...)
			if _, _, err := migrations.Version(t.Context(), db.Pool()); err != nil {
				t.Error(err)
			}
			if err := act(db); err != nil {
				t.Error(err)
			}
		})
	}
}

// A run that is alive is told from one that was killed, as in the ledger.
func TestFiguresTellWhetherARunIsAlive(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.night(1, "iotx")
	f.exec(`UPDATE sync.run SET started_at = now()`)
	alive := f.figures(30)
	if alive.Runs[0].IsOK || !alive.Runs[0].Running || alive.Freshness[0].AttemptedOutcome != "running" {
		t.Errorf("a run that holds its lock: %+v, %+v", alive.Runs[0], alive.Freshness[0])
	}
	f.exec(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	for range 1000 {
		if f.lines(`SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)[0] == "0" {
			break
		}
	}
	if killed := f.figures(30); killed.Runs[0].Running || killed.Freshness[0].AttemptedOutcome != "killed" {
		t.Errorf("a run without its lock: %+v, %+v", killed.Runs[0], killed.Freshness[0])
	}
	f.exec(`UPDATE sync.run SET load_outcome = 'ok'`)
	if loaded := f.figures(30); !loaded.Runs[0].IsOK || loaded.Runs[0].Running {
		t.Errorf("a run that was killed after its load: %+v", loaded.Runs[0])
	}
}
