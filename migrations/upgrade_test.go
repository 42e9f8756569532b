package migrations

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"simsync/internal/localpg"
)

// oldest is the version from which a database may be upgraded.
const oldest = 4

// fillSQL puts something into every table that there is at version oldest.
const fillSQL = `
INSERT INTO fleet.subscriber (subscriber_key, source, physical_id, kind, iccid, status, flags, first_seen_at, changed_at, content_hash)
SELECT n, 'iotx', 'p' || n, 'cellular', '8901' || lpad(n::text, 15, '0'), 'active', '{}', '2026-01-01', '2026-02-01', n FROM generate_series(1, 3000) n;
INSERT INTO fleet.subscriber_imsi SELECT n, 0, lpad(n::text, 15, '0'), NULL, true FROM generate_series(1, 3000) n;
INSERT INTO fleet.contract (subscriber_key, tariff_name, is_active) SELECT n, 'small', true FROM generate_series(1, 3000) n;
INSERT INTO fleet.network_state SELECT n, true, false, n, '2026-02-01' FROM generate_series(1, 3000) n;
SELECT sync.make_usage_partition('2026-01-15'), sync.make_usage_partition('2026-02-15');
INSERT INTO fleet.data_usage SELECT n, d, n, d + interval '12 hours' FROM generate_series(1, 3000) n, (VALUES ('2026-01-31'::date), ('2026-02-01')) v (d);
INSERT INTO fleet.subscriber_history (subscriber_key, valid_from, valid_to, run_id, source, physical_id, kind, status, flags, imsi_pairs, contract)
SELECT n, '2026-01-01', '2026-02-01', '01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11', 'iotx', 'p' || n, 'cellular', 'inactive', '{}', '[]', '{"tariff_name": "large"}' FROM generate_series(1, 3000) n;
INSERT INTO fleet.customer VALUES ('flolive', gen_random_uuid(), 'A');
INSERT INTO fleet.subscriber (subscriber_key, source, subscriber_id, kind, iccid, status, flags, first_seen_at, changed_at, content_hash)
VALUES (9001, 'flolive', 'x', 'cellular', '89440000000000000001', 'active', '{}', '2026-01-01', '2026-01-01', 0);
INSERT INTO fleet.subscriber_detail (subscriber_key, tags, system_labels, user_labels, flags, fetched_at) VALUES (9001, '{a}', '{}', '{}', '{}', '2026-01-01');
INSERT INTO fleet.subscriber_offer (subscriber_key, ordinal, offer_id, linked_offer_ids) VALUES (9001, 0, gen_random_uuid(), '{}');
INSERT INTO fleet.esim_profile (source, eid, profile_id, flags, first_seen_at, fetched_at) VALUES ('flolive', repeat('8', 32), '01a4b3f0-52c1-7a63-9d1e-5be2a7c40f12', '{}', now(), now());
INSERT INTO fleet.esim_profile_imsi VALUES ('flolive', repeat('8', 32), '01a4b3f0-52c1-7a63-9d1e-5be2a7c40f12', 0, '001010123456789', NULL, true);
INSERT INTO private.contact (subscriber_key, ordinal) VALUES (9001, 0);
INSERT INTO private.contact_identity VALUES (9001, 0, 0, 'PASSPORT', 'x');
INSERT INTO sync.run (run_id, source, command, started_at, finished_at, outcome, exit_code, version, records, inserted, updated, unchanged, repeated, rejected)
VALUES ('01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11', 'iotx', 'run', '2026-02-01', '2026-02-01', 'ok', 0, 'old', 3001, 3000, 0, 0, 0, 1);
INSERT INTO sync.walk VALUES ('01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11', 'iotx', 'subscribers', 'complete', NULL, 3001, 0, 1, 1, '2026-02-01', '2026-02-01');
INSERT INTO sync.reject (run_id, source, listing, is_whole, reason, record, rejected_at)
VALUES ('01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11', 'iotx', 'subscribers', true, 'r', '1', '2026-02-01');
INSERT INTO sync.detail_request VALUES (9001, '01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11', '2026-02-01', 'found');
INSERT INTO sync.profile_request VALUES ('flolive', repeat('8', 32), '01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11', '2026-02-01', 'found');
INSERT INTO sync.change_request (command_id, kind, source, subject_type, subject_value, nickname, asked_at, outcome)
VALUES (gen_random_uuid(), 'nickname', 'iotx', 'PHYSICAL_ID', 'p1', '', '2026-02-01', 'unknown')`

// fullDatabase is at a version, with something in every table.
func fullDatabase(t *testing.T, version int64) string {
	t.Helper()
	url := localpg.NewDatabase(t, nil)
	upTo(t, url, oldest)
	exec(t, url, fillSQL)
	upTo(t, url, version)
	empty := texts(t, url, `SELECT '' FROM sync.run WHERE false`)
	for _, table := range tablesOf(t, url) {
		if got := texts(t, url, `SELECT 'x' FROM `+table.name+` LIMIT 1`); len(got) == 0 {
			empty = append(empty, table.name)
		}
	}
	if len(empty) > 0 {
		t.Fatalf("nothing is in %s: give it rows in fillSQL, or in the migration that makes it", strings.Join(empty, ", "))
	}
	return url
}

// table is one with the columns that it had once.
type table struct{ name, columns string }

// tablesOf are all tables but goose's own; partitions are read by the whole.
func tablesOf(t *testing.T, url string) []table {
	t.Helper()
	var all []table
	for _, line := range texts(t, url, `
		SELECT format('%s|%s', c.oid::regclass, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum))
		FROM pg_class c
		JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE c.relnamespace::regnamespace::text IN ('fleet', 'private', 'sync') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		  AND c.relname <> 'schema_version'
		GROUP BY c.oid ORDER BY 1`) {
		name, columns, _ := strings.Cut(line, "|")
		all = append(all, table{name, columns})
	}
	return all
}

// contents are the number of rows and a sum of all values of tables, without what the
// writer wrote.
func contents(t *testing.T, url string, tables []table) []string {
	t.Helper()
	var all []string
	for _, table := range tables {
		all = append(all, texts(t, url, fmt.Sprintf(
			`SELECT concat_ws(' ', '%s', count(*), md5(string_agg(r::text, E'\n' ORDER BY r::text))) FROM (SELECT %s FROM %s) r WHERE r::text NOT LIKE '%%writer%%'`,
			table.name, table.columns, table.name))...)
	}
	return all
}

func texts(t *testing.T, url, sql string) []string {
	t.Helper()
	conn := connect(t, url)
	defer conn.Close(t.Context())
	rows, err := conn.Query(t.Context(), sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return found
}

// A database in use is upgraded from every version: a long reader keeps nobody out but,
// perhaps, the migration, which gives way until it is gone; a writer goes on; and no row
// is lost.
func TestUpgradeOfAFullDatabase(t *testing.T) {
	t.Parallel()
	for _, name := range names[:len(names)-1] {
		version := versionOf(t, name)
		if version < oldest {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := fullDatabase(t, version)
			tables := tablesOf(t, url)
			before := contents(t, url, tables)
			reader := hold(t, url, `SELECT count(*), (SELECT count(*) FROM fleet.data_usage) FROM fleet.subscriber`)
			w := startWriter(t, url)
			m := inPractice
			m.attempts, m.patience, m.beside = 1, 200*time.Millisecond, 200*time.Millisecond
			if _, err := m.up(t.Context(), url); err != nil {
				t.Logf("gave way to the reader: %v", err)
				release(t, reader)
				if _, err := inPractice.up(t.Context(), url); err != nil {
					t.Fatal(err)
				}
			} else {
				release(t, reader)
			}
			w.stop(t)
			if diff := cmp.Diff(before, contents(t, url, tables)); diff != "" {
				t.Errorf("tables after the upgrade (-before +after):\n%s", diff)
			}
		})
	}
}

// writer writes until it is stopped.
type writer struct {
	url     string
	cancel  context.CancelFunc
	done    chan error
	written int
}

func startWriter(t *testing.T, url string) *writer {
	t.Helper()
	conn := connect(t, url)
	ctx, cancel := context.WithCancel(t.Context())
	w := &writer{url: url, cancel: cancel, done: make(chan error, 1)}
	// Longer than a migration may keep a lock, on a machine that does much else.
	exec := func(sql string) error {
		_, err := conn.Exec(t.Context(), sql)
		return err
	}
	if err := exec(`SET lock_timeout = '20s'`); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(w.done)
		for ctx.Err() == nil {
			err := exec(fmt.Sprintf(`
				INSERT INTO fleet.subscriber (subscriber_key, source, physical_id, kind, status, flags, first_seen_at, changed_at, content_hash)
				VALUES (%d, 'writer', 'writer%[1]d', 'unknown', 'active', '{}', now(), now(), 0);
				INSERT INTO sync.run (run_id, source, command, started_at, version) VALUES (gen_random_uuid(), 'writer', 'run', now(), 'test')`, 10_000+w.written))
			if err != nil {
				w.done <- err
				return
			}
			w.written++
		}
	}()
	return w
}

func (w *writer) stop(t *testing.T) {
	t.Helper()
	w.cancel()
	if err := <-w.done; err != nil {
		t.Errorf("writing during the upgrade: %v", err)
	}
	want := fmt.Sprintf("%d %[1]d", w.written)
	if got := texts(t, w.url, `SELECT concat((SELECT count(*) FROM fleet.subscriber WHERE source = 'writer'), ' ', (SELECT count(*) FROM sync.run WHERE source = 'writer'))`); got[0] != want || w.written == 0 {
		t.Errorf("%s rows of what was written, want %s", got[0], want)
	}
}

// Each way down from the newest schema loses nothing that the way up does not bring
// back, or is refused, with a hint.
func TestDownAndUpAgainLosesNothing(t *testing.T) {
	t.Parallel()
	for what, statement := range map[string]string{
		"nothing deleted yet": ``,
		"history deleted":     `UPDATE sync.kept SET since = '2026-01-15'`,
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			newest := versionOf(t, names[len(names)-1])
			url := fullDatabase(t, newest)
			exec(t, url, statement)
			tables := tablesOf(t, url)
			before := contents(t, url, tables)
			for depth := 1; ; depth++ {
				refusal := downTimes(t, url, depth)
				if err := up(t.Context(), url); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(before, contents(t, url, tables)); diff != "" {
					t.Errorf("tables after %d down and up (-before +after):\n%s", depth, diff)
				}
				if refusal == nil {
					continue
				}
				if !strings.Contains(refusal.Error(), "; hint: ") {
					t.Errorf("%v: no hint", refusal)
				}
				return
			}
		})
	}
}

// downTimes takes so many migrations back, or returns why not.
func downTimes(t *testing.T, url string, depth int) error {
	t.Helper()
	for range depth {
		if done, err := Down(t.Context(), url); err != nil || len(done) == 0 {
			return err
		}
	}
	return nil
}
