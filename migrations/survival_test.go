package migrations

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// published is what analysts build views on, by the version that made it.
var published = map[int64]map[string]string{
	4: {
		"by_status":  `SELECT source, status, count(*) AS sims FROM fleet.subscriber WHERE removed_at IS NULL GROUP BY source, status`,
		"everything": `SELECT * FROM fleet.subscriber`,
		"imsis":      `SELECT s.subscriber_key, s.iccid, s.status, count(i.imsi) AS imsis FROM fleet.subscriber s LEFT JOIN fleet.subscriber_imsi i USING (subscriber_key) GROUP BY s.subscriber_key`,
		"parents":    `SELECT c.iccid, p.iccid AS parent FROM fleet.subscriber c LEFT JOIN fleet.subscriber p ON p.subscriber_key = c.parent_key`,
		"rent":       `SELECT tariff_name, sum(line_rental_minor) AS rent FROM fleet.contract GROUP BY tariff_name`,
		"usage":      `SELECT subscriber_key, day, data_usage_bytes FROM fleet.data_usage`,
	},
	5: {
		"sims":       `SELECT * FROM fleet.sim`,
		"fresh":      `SELECT * FROM fleet.freshness`,
		"runs":       `SELECT r.*, w.listing, w.verdict FROM fleet.run r JOIN fleet.walk w USING (run_id, source)`,
		"changes":    `SELECT * FROM fleet.change WHERE changed_at > now() - interval '1 day'`,
		"versions":   `SELECT * FROM fleet.subscriber_version`,
		"now":        `SELECT * FROM fleet.subscriber_at(now())`,
		"of_an_hour": `SELECT subscriber_key, status, contract FROM fleet.subscriber_at(now() - interval '1 hour')`,
	},
}

// empty are the views that hold nothing after a first load.
const empty = "changes of_an_hour"

// What analysts made on an older schema, and what a DBA granted by hand, is there after
// every later migration and after syncs, the first of which takes the indexes off.
func TestAnalystsViewsAndGrantsSurvive(t *testing.T) {
	t.Parallel()
	for _, version := range []int64{4, 5} {
		t.Run(fmt.Sprintf("from version %d", version), func(t *testing.T) {
			t.Parallel()
			a := newAnalyst(t, version)
			a.makeViews(version)
			before := a.definitions()
			if err := up(t.Context(), a.url); err != nil {
				t.Fatal(err)
			}
			a.wantAnswers(0)
			a.wantGrants()

			a.exec(`DROP VIEW ` + a.name + `.imsis`) // it depends on a key: with it the indexes stay
			key := a.oid(`fleet.subscriber_pkey`)
			a.sync(0)
			if a.oid(`fleet.subscriber_pkey`) == key {
				t.Error("the first load did not take the indexes off")
			}
			a.exec(`SET ROLE ` + a.name + `; CREATE VIEW ` + a.name + `.imsis AS ` + published[4]["imsis"] + `; RESET ROLE`)
			a.sync(1)
			a.wantAnswers(1)
			a.wantGrants()
			if diff := cmp.Diff(before, a.definitions()); diff != "" {
				t.Errorf("the views (-before +after):\n%s", diff)
			}
		})
	}
}

// analyst is a database of some version with an analyst, who has a schema, and others who
// were granted something by hand.
type analyst struct {
	*testing.T
	url   string
	conn  *pgx.Conn
	name  string // of the analyst's role and schema
	night *simulator.Simulator
}

func newAnalyst(t *testing.T, version int64) *analyst {
	t.Helper()
	a := &analyst{T: t, url: localpg.NewDatabase(t, nil), name: fmt.Sprintf("simsync_ada_%d", version), night: simulator.New(simulator.Options{FloLIVE: 5200, IoTX: 60})}
	upTo(t, a.url, version)
	a.conn = connect(t, a.url)
	a.exec(strings.NewReplacer("ada", a.name, "bob", a.name+"_bob", "nightly", a.name+"_nightly").Replace(`
		CREATE ROLE ada IN ROLE simsync_analyst;
		CREATE SCHEMA ada AUTHORIZATION ada;
		CREATE ROLE bob;
		GRANT USAGE ON SCHEMA fleet TO bob;
		GRANT SELECT ON ALL TABLES IN SCHEMA fleet TO bob;
		CREATE ROLE nightly;
		GRANT USAGE ON SCHEMA fleet, sync TO nightly;
		GRANT SELECT, INSERT, UPDATE ON fleet.data_usage TO nightly`))
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		for _, role := range []string{a.name, a.name + "_bob", a.name + "_nightly"} {
			if _, err := a.conn.Exec(ctx, `RESET ROLE; DROP OWNED BY `+role+` CASCADE; DROP ROLE `+role); err != nil {
				t.Error(err)
			}
		}
	})
	return a
}

func (a *analyst) exec(sql string) {
	a.Helper()
	if _, err := a.conn.Exec(a.Context(), sql); err != nil {
		a.Fatalf("%s: %v", sql, err)
	}
}

func (a *analyst) makeViews(version int64) {
	a.Helper()
	a.exec(`SET ROLE ` + a.name)
	for since, views := range published {
		if since > version {
			continue
		}
		for name, query := range views {
			a.exec(`CREATE VIEW ` + a.name + `.` + name + ` AS ` + query)
		}
	}
	a.exec(`RESET ROLE`)
}

// definitions are the analyst's views as the server words them.
func (a *analyst) definitions() map[string]string {
	a.Helper()
	rows, err := a.conn.Query(a.Context(), `SELECT viewname, definition FROM pg_views WHERE schemaname = $1`, a.name)
	if err != nil {
		a.Fatal(err)
	}
	all := make(map[string]string)
	var name, definition string
	if _, err := pgx.ForEachRow(rows, []any{&name, &definition}, func() error {
		all[name] = definition
		return nil
	}); err != nil {
		a.Fatal(err)
	}
	return all
}

// wantAnswers reads every view as the analyst, and wants rows of each that can have some.
func (a *analyst) wantAnswers(atLeast int) {
	a.Helper()
	a.exec(`SET ROLE ` + a.name)
	defer a.exec(`RESET ROLE`)
	for name := range a.definitions() {
		var n int
		if err := a.conn.QueryRow(a.Context(), `SELECT count(*) FROM (SELECT * FROM `+a.name+`.`+name+` LIMIT 10) v`).Scan(&n); err != nil {
			a.Errorf("view %s: %v", name, err)
		} else if n < atLeast && !strings.Contains(empty, name) {
			a.Errorf("view %s is empty", name)
		}
	}
}

// wantGrants reads every table of version 4, months too, as who was granted them by hand,
// and asks who may open a month.
func (a *analyst) wantGrants() {
	a.Helper()
	for _, role := range []string{a.name, a.name + "_bob"} {
		var lost []string
		err := a.conn.QueryRow(a.Context(), `
			SELECT array_agg(c.oid::regclass::text)
			FROM pg_class c
			WHERE c.relnamespace = 'fleet'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname ~ '^(subscriber|customer|contract|network|data_usage|esim)'
			  AND NOT has_table_privilege($1, c.oid, 'SELECT')`, role).Scan(&lost)
		if err != nil || len(lost) > 0 {
			a.Errorf("%s may no longer read %v (%v)", role, lost, err)
		}
	}
	for role, want := range map[string]bool{a.name: false, a.name + "_bob": false, a.name + "_nightly": true} {
		var may bool
		err := a.conn.QueryRow(a.Context(), `SELECT has_function_privilege($1, 'sync.make_usage_partition(date)', 'EXECUTE')`, role).Scan(&may)
		if err != nil || may != want {
			a.Errorf("%s may open a month: %v (%v)", role, may, err)
		}
	}
}

func (a *analyst) oid(name string) (oid uint32) {
	a.Helper()
	if err := a.conn.QueryRow(a.Context(), `SELECT $1::text::regclass::oid`, name).Scan(&oid); err != nil {
		a.Fatal(err)
	}
	return oid
}

// sync syncs a night of two simulated fleets.
func (a *analyst) sync(night int) {
	a.Helper()
	a.night.SetNight(night)
	server := httptest.NewServer(a.night.Handler())
	defer server.Close()
	db, err := load.Open(a.Context(), a.url)
	if err != nil {
		a.Fatal(err)
	}
	defer db.Close()
	sources := []config.Source{
		{
			Name: "flolive", API: config.FloLIVEv2, BaseURL: server.URL, Username: simulator.DefaultUsername, Password: config.NewSecret(simulator.DefaultPassword),
			Customers: a.night.CustomerIDs(), Walks: 2, ChunkSize: 10000, PITKeepAlive: 30 * time.Minute, SessionAttempts: 3, RequestTimeout: time.Minute, RemovalLimit: 1,
		},
		{
			Name: "iotx", API: config.IoTXv4, BaseURL: server.URL, Token: config.NewSecret(simulator.DefaultIoTXToken),
			PageSize: 100, Concurrency: 4, RequestTimeout: time.Minute, RemovalLimit: 1,
		},
	}
	done, err := run.Sync(a.Context(), sources, run.Options{DB: db, Command: "run", Version: "test", MaxRejects: 1, Log: zerolog.Nop()})
	if err != nil {
		a.Fatal(err)
	}
	for i, err := range done.Errs() {
		if err != nil {
			a.Fatalf("source %s: %v", done.Sources[i].Source, err)
		}
	}
}
