package migrations

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"

	"simsync/internal/localpg"
)

var update = flag.Bool("update", false, "rewrite schema.sql and docs/data-dictionary.md")

//go:embed testdata/dump.sql
var dumpQuery string

// names are all migrations, oldest first.
var names = func() []string {
	found, err := fs.Glob(files, "*.sql")
	if err != nil {
		panic(err)
	}
	return found
}()

func TestMain(m *testing.M) { os.Exit(localpg.Main(m)) }

func TestUpDownUp(t *testing.T) {
	t.Parallel()
	url := localpg.NewDatabase(t, nil)
	ctx := t.Context()
	wantApplied := func(done []Applied, err error, want ...string) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		got := make([]string, len(done))
		for i, a := range done {
			got[i] = a.Name
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("applied (-want +got):\n%s", diff)
		}
	}
	done, err := Up(ctx, url)
	wantApplied(done, err, names...)
	first := dump(t, url)

	for _, name := range slices.Backward(names) {
		done, err = Down(ctx, url)
		wantApplied(done, err, name)
	}
	if left := dump(t, url); strings.Contains(left, "fleet") || strings.Contains(left, "COMMENT") {
		t.Errorf("left behind by all downs:\n%s", left)
	}
	if done, err = Down(ctx, url); err != nil || len(done) != 0 {
		t.Errorf("down on an empty database: %v, %v", done, err)
	}

	done, err = Up(ctx, url)
	wantApplied(done, err, names...)
	if diff := cmp.Diff(first, dump(t, url)); diff != "" {
		t.Errorf("the schema after up, all downs, up (-first +now):\n%s", diff)
	}
	if done, err = Up(ctx, url); err != nil || len(done) != 0 {
		t.Errorf("up on a schema that is there: %v, %v", done, err)
	}
}

func TestSchemaFile(t *testing.T) {
	t.Parallel()
	got := "-- The schema that the migrations beside this file add up to, read from the catalogue\n" +
		"-- of a migrated database: for reading, not for running. make schema rewrites it.\n\n" +
		dump(t, localpg.NewDatabase(t, up))
	if *update {
		if err := os.WriteFile("schema.sql", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("schema.sql is not what the migrations make; make schema rewrites it (-file +made):\n%s", diff)
	}
}

func TestDownRefusesToLose(t *testing.T) {
	t.Parallel()
	const loseAll = "To lose them on purpose: DROP SCHEMA fleet CASCADE; DROP SCHEMA sync CASCADE;"
	const (
		anyRead       = "details, eSIM profiles or contacts were read: migrating down would lose them, and the providers do not tell all of them again"
		loseWhatsRead = "To lose them on purpose: DELETE FROM private.contact; DELETE FROM fleet.subscriber_offer; DELETE FROM fleet.subscriber_detail; " +
			"DELETE FROM fleet.esim_profile_imsi; DELETE FROM fleet.esim_profile; " +
			"UPDATE sync.run SET details_asked = NULL, details_found = NULL, profiles_asked = NULL, profiles_found = NULL;"
	)
	for _, test := range []struct {
		name, row string
		version   int64 // whose down refuses
		want      string
		hint      string
	}{
		{
			"a ledger", `INSERT INTO sync.run (run_id, source, command, started_at, version) VALUES (gen_random_uuid(), 'flolive', 'run', now(), 'test')`,
			2, "sync.run is not empty: migrating down would lose the ledger and the rejects", loseAll,
		},
		{
			"profiles", `INSERT INTO fleet.esim_profile (source, eid, profile_id, flags, first_seen_at, fetched_at)
				VALUES ('flolive', repeat('8', 32), gen_random_uuid(), '{}', now(), now())`,
			3, anyRead, loseWhatsRead,
		},
		{
			"what was asked", `INSERT INTO sync.run (run_id, source, command, started_at, version, details_asked, details_found)
				VALUES (gen_random_uuid(), 'flolive', 'run', now(), 'test', 0, 0)`,
			3, anyRead, loseWhatsRead,
		},
		{
			"details of one who is gone", `INSERT INTO fleet.subscriber (subscriber_key, source, physical_id, kind, status, flags, first_seen_at, changed_at, removed_at, content_hash)
				VALUES (1, 'flolive', 'x', 'unknown', 'active', '{}', now(), now(), now(), 0);
				INSERT INTO fleet.subscriber_detail (subscriber_key, tags, system_labels, user_labels, flags, fetched_at) VALUES (1, '{}', '{}', '{}', '{}', now())`,
			3, anyRead, loseWhatsRead,
		},
		{
			"a journal", `INSERT INTO sync.change_request (command_id, kind, source, subject_type, subject_value, nickname, asked_at, outcome)
				VALUES (gen_random_uuid(), 'nickname', 'iotx', 'PHYSICAL_ID', 'x', '', now(), 'unknown')`,
			4, "sync.change_request is not empty: migrating down would lose the journal of what was changed at the providers",
			"To lose it on purpose: DELETE FROM sync.change_request;",
		},
		{
			"a horizon", `UPDATE sync.kept SET since = now() WHERE what = 'history'`,
			7, "sync.kept tells since when the history is whole: migrating down would lose that", "To lose it on purpose: UPDATE sync.kept SET since = NULL;",
		},
		{
			"a fleet", `INSERT INTO fleet.subscriber (subscriber_key, source, physical_id, kind, status, flags, first_seen_at, changed_at, content_hash)
				VALUES (1, 'iotx', 'x', 'unknown', 'active', '{}', now(), now(), 0)`,
			1, "fleet.subscriber is not empty: migrating down would lose the fleet and its history", loseAll,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			url := localpg.NewDatabase(t, up)
			exec(t, url, test.row)
			downTo(t, url, test.version)
			before := dump(t, url)
			done, err := Down(t.Context(), url)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasSuffix(err.Error(), "; hint: "+test.hint) || len(done) != 0 {
				t.Errorf("down: %v, %v\nwant %s; hint: %s", done, err, test.want, test.hint)
			}
			if diff := cmp.Diff(before, dump(t, url)); diff != "" {
				t.Errorf("a refused down changed the schema:\n%s", diff)
			}
		})
	}
}

// A view of somebody's own on what a migration down drops is in its way, and is named.
func TestDownNamesTheViewsInItsWay(t *testing.T) {
	t.Parallel()
	url := localpg.NewDatabase(t, up)
	downTo(t, url, 5)
	exec(t, url, `CREATE SCHEMA my_own; CREATE VIEW my_own.sims AS SELECT iccid FROM fleet.sim; CREATE VIEW my_own.more AS SELECT source FROM fleet.sim`)
	before := dump(t, url)
	_, err := Down(t.Context(), url)
	const sims, more = "view my_own.sims depends on view fleet.sim", "view my_own.more depends on view fleet.sim"
	if err == nil || !strings.Contains(err.Error(), sims) || !strings.Contains(err.Error(), more) || strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), "CASCADE") {
		t.Errorf("down: %v\nwant the views named in a line, and nothing of CASCADE", err)
	}
	if diff := cmp.Diff(before, dump(t, url)); diff != "" {
		t.Errorf("a refused down changed the schema:\n%s", diff)
	}
}

func TestUpFromSeveralPodsAtOnce(t *testing.T) {
	t.Parallel()
	url := localpg.NewDatabase(t, nil)
	var results [8][]Applied
	group, ctx := errgroup.WithContext(t.Context())
	for i := range results {
		group.Go(func() error {
			var err error
			results[i], err = Up(ctx, url)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	times := make(map[string]int)
	for _, done := range results {
		for _, a := range done {
			times[a.Name]++
		}
	}
	once := make(map[string]int)
	for _, name := range names {
		once[name] = 1
	}
	if diff := cmp.Diff(once, times); diff != "" {
		t.Errorf("how often each was applied (-want +got):\n%s", diff)
	}
}

func TestStateIsReadWithoutWriting(t *testing.T) {
	t.Parallel()
	ctx, url := t.Context(), localpg.NewDatabase(t, nil)
	conn := connect(t, url)
	newest := versionOf(t, names[len(names)-1])
	check := func(wantCurrent int64, wantApplied bool) {
		t.Helper()
		current, wanted, err := Version(ctx, conn)
		if err != nil || current != wantCurrent || wanted != newest {
			t.Errorf("Version = %d, %d, %v; want %d, %d", current, wanted, err, wantCurrent, newest)
		}
		states, err := Status(ctx, url)
		if err != nil || len(states) != len(names) {
			t.Fatalf("Status = %v, %v", states, err)
		}
		for i, s := range states {
			if s.Version != versionOf(t, names[i]) || s.AppliedAt.IsZero() == wantApplied {
				t.Errorf("Status: %+v", s)
			}
		}
	}
	check(0, false)
	var made bool
	if err := conn.QueryRow(ctx, `SELECT to_regnamespace('sync') IS NOT NULL OR to_regnamespace('fleet') IS NOT NULL`).Scan(&made); err != nil || made {
		t.Errorf("reading the state made a schema: %v, %v", made, err)
	}
	if _, err := Up(ctx, url); err != nil {
		t.Fatal(err)
	}
	check(newest, true)
}

func TestAnalystReadsTheFleetAlone(t *testing.T) {
	t.Parallel()
	conn := withMonth(t)
	// A table made later.
	for _, statement := range []string{`CREATE TABLE fleet.later (n int)`, `SET ROLE simsync_analyst`} {
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	const refused = "42501" // insufficient_privilege
	for statement, want := range map[string]string{
		`SELECT * FROM fleet.subscriber`:                   "",
		`SELECT * FROM fleet.subscriber_history`:           "",
		`SELECT * FROM fleet.later`:                        "",
		`SELECT * FROM fleet.kept`:                         "",
		`SELECT * FROM sync.kept`:                          refused,
		`SELECT sync.drop_usage_partition('2020-01-01')`:   refused,
		`DELETE FROM fleet.subscriber`:                     refused,
		`UPDATE fleet.customer SET name = ''`:              refused,
		`INSERT INTO fleet.later VALUES (1)`:               refused,
		`SELECT nextval('fleet.subscriber_key_block')`:     refused,
		`CREATE TABLE fleet.mine (n int)`:                  refused,
		`SELECT * FROM fleet.subscriber_detail`:            "",
		`SELECT * FROM fleet.esim_profile_imsi`:            "",
		`SELECT * FROM fleet.daily_usage`:                  "",
		`SELECT * FROM fleet.tariff_usage`:                 "",
		`SELECT * FROM fleet.find('8944')`:                 "",
		`SELECT * FROM private.contact`:                    refused,
		`SELECT * FROM private.contact_identity`:           refused,
		`SELECT * FROM sync.run`:                           refused,
		`SELECT * FROM sync.change_request`:                refused,
		`SELECT * FROM sync.reject`:                        refused,
		`SELECT version_id FROM sync.schema_version`:       refused,
		`DO $$ BEGIN PERFORM FROM fleet.contract; END; $$`: "",
		`SELECT * FROM fleet.data_usage_2026_11`:           "",
		`SELECT * FROM fleet.sim, fleet.freshness`:         "",
		`SELECT * FROM fleet.run, fleet.walk`:              "",
		`SELECT * FROM fleet.change`:                       "",
		`SELECT * FROM fleet.subscriber_at(now())`:         "",
		`CREATE VIEW fleet.mine AS SELECT 1 AS n`:          refused,
		`COMMENT ON TABLE fleet.subscriber IS 'mine'`:      refused,
		`TRUNCATE fleet.data_usage`:                        refused,
		`SELECT sync.make_usage_partition('2026-12-01')`:   refused,
	} {
		_, err := conn.Exec(t.Context(), statement)
		var told *pgconn.PgError
		if errors.As(err, &told); (told == nil && want != "") || (told != nil && told.Code != want) {
			t.Errorf("%s: %v, want %q", statement, err, want)
		}
	}
}

func TestBrokenURL(t *testing.T) {
	t.Parallel()
	if _, err := Up(t.Context(), "postgres://host:port/"); err == nil || !strings.HasPrefix(err.Error(), "read the database URL: ") {
		t.Errorf("Up: %v", err)
	}
}

func up(ctx context.Context, url string) error {
	_, err := Up(ctx, url)
	return err
}

// versionOf is the number that a migration's name begins with.
func versionOf(t *testing.T, name string) int64 {
	t.Helper()
	digits, _, _ := strings.Cut(name, "_")
	version, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

// downTo takes back every migration after a version.
func downTo(t *testing.T, url string, version int64) {
	t.Helper()
	for _, name := range names {
		if versionOf(t, name) <= version {
			continue
		}
		if _, err := Down(t.Context(), url); err != nil {
			t.Fatal(err)
		}
	}
}

// dump is the schema as text, for a reader and for comparing.
func dump(t *testing.T, url string) string {
	t.Helper()
	conn := connect(t, url)
	// Compiling the query takes the server many times as long as running it.
	if _, err := conn.Exec(t.Context(), `SET jit = off`); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(t.Context(), dumpQuery)
	if err != nil {
		t.Fatal(err)
	}
	objects, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(objects, "\n\n") + "\n"
}

func exec(t *testing.T, url, statement string) {
	t.Helper()
	if _, err := connect(t, url).Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}
