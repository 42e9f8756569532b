package load_test

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/transform"
)

func TestMain(m *testing.M) {
	// A check of the model is several syncs. A flag on the command line overrides.
	if err := flag.Set("rapid.checks", "30"); err != nil {
		panic(err)
	}
	os.Exit(localpg.Main(m))
}

// fleet is a test's database and what the test does to it.
type fleet struct {
	testing.TB
	url  string
	db   *load.DB
	conn *pgx.Conn // reads, and meddles
}

func newFleet(t testing.TB) *fleet {
	t.Helper()
	f := &fleet{TB: t, url: localpg.NewDatabase(t, migrateLedger)}
	var err error
	if f.db, err = load.Open(t.Context(), f.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.db.Close)
	f.conn = f.connect()
	return f
}

// within is the fleet for a subtest.
func (f *fleet) within(t testing.TB) *fleet {
	inner := *f
	inner.TB = t
	return &inner
}

func (f *fleet) connect() *pgx.Conn {
	f.Helper()
	conn, err := pgx.Connect(f.Context(), f.url)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = conn.Close(context.WithoutCancel(f.Context())) })
	return conn
}

func (f *fleet) exec(sql string) {
	f.Helper()
	if _, err := f.conn.Exec(f.Context(), sql); err != nil {
		f.Fatalf("%s: %v", sql, err)
	}
}

// lines are the rows of a query, the values of each with a bar between; null is "-".
func (f *fleet) lines(sql string, args ...any) []string {
	f.Helper()
	rows, err := f.conn.Query(f.Context(), sql, args...)
	if err != nil {
		f.Fatalf("%s: %v", sql, err)
	}
	lines, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		values, err := row.Values()
		texts := make([]string, len(values))
		for i, v := range values {
			texts[i] = lineText(v)
		}
		return strings.Join(texts, "|"), err
	})
	if err != nil {
		f.Fatalf("%s: %v", sql, err)
	}
	return lines
}

func lineText(v any) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case time.Time:
		return v.UTC().Format("01-02 15:04")
	case [16]byte:
		return uuid.UUID(v).String()
	case map[string]any, []any:
		text, _ := json.Marshal(v, json.Deterministic(true))
		return string(text)
	}
	return fmt.Sprint(v)
}

// want compares the lines of a query.
func (f *fleet) want(sql string, want ...string) {
	f.Helper()
	if diff := cmp.Diff(append([]string{}, want...), append([]string{}, f.lines(sql)...)); diff != "" {
		f.Errorf("%s (-want +got):\n%s", sql, diff)
	}
}

// tables are all that hold the fleet.
var tables = []string{"subscriber", "subscriber_imsi", "contract", "customer", "subscriber_history", "network_state", "data_usage"}

// contents is what every row of the fleet says.
func (f *fleet) contents() []string {
	f.Helper()
	var all []string
	for _, table := range tables {
		all = append(all, f.lines(`SELECT '`+table+`', to_jsonb(r)::text FROM fleet.`+table+` r ORDER BY 2`)...)
	}
	return all
}

// physical is where every row of the fleet stands and who wrote or locked it: any
// write at all shows here.
func (f *fleet) physical() []string {
	f.Helper()
	var all []string
	for _, table := range tables {
		for _, line := range f.lines(`SELECT ctid::text, xmin::text, xmax::text FROM fleet.` + table + ` ORDER BY ctid`) {
			all = append(all, table+" "+line)
		}
	}
	return all
}

// dawn is when the run of a day in November is promoted.
func dawn(day int) time.Time { return time.Date(2026, 11, day, 2, 0, 0, 0, time.UTC) }

// night is one run on a source.
type night struct {
	*fleet
	session   *load.Session
	promotion load.Promotion
	walks     []*walk
	isFixed   bool // the test has said what is gone
}

// night begins the run of a day on a source. Every walk is complete, and no limit
// holds removals back, unless the test says otherwise.
func (f *fleet) night(day int, source string) *night {
	f.Helper()
	session, err := f.db.Session(f.Context(), source)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(session.Close)
	id := load.RunID{Run: uuid.Must(uuid.NewV7()), Source: source}
	if err := f.db.BeginRun(f.Context(), id, load.Beginning{Command: "run", Version: "test", At: dawn(day).Add(-time.Hour)}); err != nil {
		f.Fatal(err)
	}
	return &night{fleet: f, session: session, promotion: load.Promotion{ID: id, At: dawn(day), Complete: true, RemovalLimit: 1}}
}

// walk is a listing being walked.
type walk struct {
	*load.Walk
	night   *night
	listing string
}

func (n *night) walk(listing string) *walk {
	w := &walk{Walk: n.session.Walk(listing), night: n, listing: listing}
	n.walks = append(n.walks, w)
	return w
}

// add stages a page of rows.
func (w *walk) add(rows ...transform.Row) *walk {
	w.night.Helper()
	return w.batch(&transform.Batch{Rows: rows, Records: len(rows)})
}

func (w *walk) reject(rejects ...transform.Reject) *walk {
	w.night.Helper()
	whole := 0
	for _, r := range rejects {
		if r.Whole {
			whole++
		}
	}
	return w.batch(&transform.Batch{Rejects: rejects, Records: whole})
}

func (w *walk) batch(b *transform.Batch) *walk {
	w.night.Helper()
	if err := w.Add(w.night.Context(), b); err != nil {
		w.night.Fatal(err)
	}
	return w
}

func (w *walk) restart() *walk {
	w.night.Helper()
	if err := w.Restart(w.night.Context()); err != nil {
		w.night.Fatal(err)
	}
	return w
}

// tryPromote promotes what was walked; all that is missing is gone, unless the test
// has its own idea of that or the walks were not complete.
func (n *night) tryPromote() (load.Promoted, error) {
	if n.promotion.Complete && !n.isFixed {
		n.promotion.Gone = n.session.MissingKeys()
	}
	n.promotion.Walks = nil
	for _, w := range n.walks {
		n.promotion.Walks = append(n.promotion.Walks, factsOf(w.listing, n.promotion.At))
	}
	done, err := n.session.Promote(n.Context(), n.promotion)
	n.session.Close()
	return done, err
}

func (n *night) promote() load.Promoted {
	n.Helper()
	done, err := n.tryPromote()
	if err != nil {
		n.Fatal(err)
	}
	return done
}

// sync is a whole night of one listing, closed as ok.
func (f *fleet) sync(day int, source string, rows ...transform.Row) load.Counts {
	f.Helper()
	n := f.night(day, source)
	n.walk("all").add(rows...)
	done := n.promote()
	n.end(load.OutcomeOK)
	return done.Counts
}

// end closes the run in the ledger.
func (n *night) end(outcome load.Outcome) {
	n.Helper()
	if err := n.db.CloseRun(n.Context(), n.promotion.ID, load.Closing{At: n.promotion.At, Outcome: outcome}); err != nil {
		n.Fatal(err)
	}
}

// wantCounts compares what a promote counted; Declared is not looked at.
func wantCounts(t testing.TB, got, want load.Counts) {
	t.Helper()
	got.Declared = nil
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func factsOf(listing string, at time.Time) fetch.Facts {
	return fetch.Facts{Listing: listing, Verdict: fetch.VerdictComplete, Sessions: 1, StartedAt: at, FinishedAt: at}
}

// content hashes what makes a version of a subscriber, as transform does in its way.
func content(r transform.Row) transform.ContentHash {
	r.Identity, r.Content, r.Top, r.Parent, r.Observation, r.CustomerName = transform.Identity{}, 0, false, nil, nil, ""
	text, err := json.Marshal(r, json.Deterministic(true))
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(text)
	return transform.ContentHash(binary.BigEndian.Uint64(sum[:]))
}

// untilWaiting is cancelled as soon as some connection waits for a lock.
func (f *fleet) untilWaiting() context.Context {
	ctx, cancel := context.WithCancel(f.Context())
	watcher := f.connect()
	go func() {
		defer cancel()
		f.awaitOn(watcher, `SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
	}()
	return ctx
}

// awaitUnlocked waits until the server has noticed that the sessions are dead.
func (f *fleet) awaitUnlocked() {
	f.Helper()
	f.awaitOn(f.connect(), `SELECT count(*) = 0 FROM pg_locks
		WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
}

// awaitOn waits until a query answers true.
func (f *fleet) awaitOn(conn *pgx.Conn, sql string) {
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	for range 5000 {
		var done bool
		if err := conn.QueryRow(f.Context(), sql).Scan(&done); err != nil || done {
			return
		}
		<-ticker.C
	}
	f.Errorf("it never came true: %s", sql)
}
