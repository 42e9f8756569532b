package run_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/jackc/pgx/v5"

	"simsync/internal/archive"
	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// inArchivedWorld is a world that keeps an archive, and beside it an empty database.
func inArchivedWorld(t *testing.T, o simulator.Options, test func(w *world, kept *archive.Archive, empty *load.DB)) {
	t.Helper()
	t.Parallel()
	url, emptyURL, dir := localpg.NewDatabase(t, migrate), localpg.NewDatabase(t, migrate), t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w, err := newWorld(t, url, simulator.New(o), "flolive", "iotx")
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		empty, err := load.Open(t.Context(), emptyURL)
		if err != nil {
			t.Fatal(err)
		}
		defer empty.Close()
		test(w, w.keepIn(dir), empty)
	})
}

// keepIn has the world's syncs archived in a folder.
func (w *world) keepIn(dir string) *archive.Archive {
	w.t.Helper()
	kept, err := archive.Open(archive.Options{Dir: dir})
	if err != nil {
		w.t.Fatal(err)
	}
	w.options.Archive = kept
	return kept
}

// inRebuilt replays the archive into a database that holds nothing of the world's sources,
// and has it looked at.
func (w *world) inRebuilt(kept *archive.Archive, url string, look func(db *load.DB)) {
	w.t.Helper()
	db, err := load.Open(w.t.Context(), url)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	w.mustReplay(kept, db)
	look(db)
}

// wantRebuilt wants the archive to make the same again.
func (w *world) wantRebuilt(kept *archive.Archive, url string) {
	w.t.Helper()
	w.inRebuilt(kept, url, w.wantSameContent)
}

// replay replays a source into a database.
func (w *world) replay(kept *archive.Archive, source config.Source, into *load.DB) (run.Replayed, error) {
	o := run.Options{DB: into, Command: "backfill", Version: "test", Log: w.options.Log}
	return run.Replay(w.t.Context(), source, kept, o)
}

// mustReplay replays everything, and wants each run to end as it did.
func (w *world) mustReplay(kept *archive.Archive, into *load.DB) {
	w.t.Helper()
	for line := range strings.Lines(w.logs.String()) {
		if strings.Contains(line, "not archived") {
			w.t.Error(line)
		}
	}
	for _, source := range w.sources {
		done, err := w.replay(kept, source, into)
		if err != nil {
			w.t.Fatalf("source %s: %v", source.Name, err)
		}
		for _, s := range done.Runs {
			if r := s.Sources[0]; !r.Loaded {
				w.t.Errorf("source %s: %v", r.Source, r.Err)
			}
		}
	}
}

// wantRebuiltTables does the same, and leaves out how the ledger says that runs ended: one
// that was disturbed after its promote is replayed undisturbed.
func (w *world) wantRebuiltTables(kept *archive.Archive, url string) {
	w.t.Helper()
	w.inRebuilt(kept, url, func(db *load.DB) {
		for _, source := range w.sources {
			w.wantSameFound(db, contentOf(source.Name)+` AND line !~ '^(run|walk|reject) '`)
		}
	})
}

// whoSQL names a subscriber of the table s in every database alike.
const whoSQL = `concat_ws(' ', s.source, s.subscriber_id, s.iccid, s.physical_id)`

// ofSubscriber words a query of a table's rows by whose they are.
func ofSubscriber(table, without string) string {
	return fmt.Sprintf(`SELECT '%[1]s ' || %[2]s || ' ' || (to_jsonb(t) - '{subscriber_key%[3]s}'::text[])::text
		FROM %[1]s t JOIN fleet.subscriber s ON s.subscriber_key = t.subscriber_key`, table, whoSQL, without)
}

// contentSQL is all that a sync writes, without the keys and ids that are a database's
// own.
var contentSQL = strings.Join([]string{
	`SELECT 'subscriber ' || ` + whoSQL + ` || ' on ' || coalesce(concat_ws(' ', p.source, p.physical_id), '') || ' ' || (to_jsonb(s) - '{subscriber_key,parent_key}'::text[])::text
		FROM fleet.subscriber s LEFT JOIN fleet.subscriber p ON p.subscriber_key = s.parent_key`,
	`SELECT 'history ' || coalesce(concat_ws(' ', p.source, p.physical_id), '') || ' ' || (to_jsonb(h) - '{subscriber_key,parent_key,run_id}'::text[])::text
		FROM fleet.subscriber_history h LEFT JOIN fleet.subscriber p ON p.subscriber_key = h.parent_key`,
	`SELECT 'customer ' || to_jsonb(c)::text FROM fleet.customer c`,
	ofSubscriber("fleet.subscriber_imsi", ""), ofSubscriber("fleet.contract", ""), ofSubscriber("fleet.network_state", ""),
	ofSubscriber("fleet.data_usage", ""), ofSubscriber("fleet.subscriber_detail", ""), ofSubscriber("fleet.subscriber_offer", ""),
	ofSubscriber("private.contact", ""), ofSubscriber("private.contact_identity", ""), ofSubscriber("sync.detail_request", ",run_id"),
	`SELECT 'profile ' || to_jsonb(p)::text FROM fleet.esim_profile p`,
	`SELECT 'profile imsi ' || to_jsonb(i)::text FROM fleet.esim_profile_imsi i`,
	`SELECT 'profile request ' || (to_jsonb(r) - 'run_id')::text FROM sync.profile_request r`,
	`SELECT concat_ws(' ', 'run', r.source, r.as_of, r.outcome, r.exit_code, r.declared, r.records, r.inserted, r.updated, r.unchanged, r.repeated,
		r.removed, r.rejected, r.rejected_parts, r.details_asked, r.details_found, r.profiles_asked, r.profiles_found) FROM sync.run r WHERE r.as_of IS NOT NULL`,
	`SELECT 'walk ' || r.as_of || (to_jsonb(w) - 'run_id')::text FROM sync.walk w JOIN sync.run r USING (run_id, source) WHERE r.as_of IS NOT NULL`,
	`SELECT 'reject ' || (to_jsonb(j) - '{run_id,reject_id}'::text[])::text FROM sync.reject j`,
}, "\nUNION ALL\n")

// contentOf is a query for what a source has in contentSQL; its name is the source's own.
func contentOf(source string) string {
	return fmt.Sprintf(`SELECT line FROM (%s) AS content (line) WHERE line ~ '\m%s\M'`, contentSQL, source)
}

// wantSameContent compares all that two databases hold of the world's sources.
func (w *world) wantSameContent(rebuilt *load.DB) {
	w.t.Helper()
	for _, source := range w.sources {
		w.wantSameFound(rebuilt, contentOf(source.Name))
	}
}

// wantSameFound compares what a query finds in two databases, EXCEPT both ways.
func (w *world) wantSameFound(rebuilt *load.DB, contentSQL string) {
	w.t.Helper()
	ctx := w.t.Context()
	conn, err := rebuilt.Pool().Acquire(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Release()
	for _, statement := range []string{
		`CREATE TEMPORARY TABLE original (line text)`,
		`CREATE TEMPORARY TABLE rebuilt (line) AS ` + contentSQL,
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			w.t.Fatalf("%s: %v", statement, err)
		}
	}
	lines := w.lines(contentSQL)
	_, err = conn.CopyFrom(ctx, pgx.Identifier{"original"}, []string{"line"}, pgx.CopyFromSlice(len(lines), func(i int) ([]any, error) { return []any{lines[i]}, nil }))
	if err != nil {
		w.t.Fatal(err)
	}
	rows, err := conn.Query(ctx, `
		(SELECT 'only in the original: ' || line FROM (TABLE original EXCEPT ALL TABLE rebuilt) o ORDER BY 1 LIMIT 5)
		UNION ALL
		(SELECT 'only in the rebuilt: ' || line FROM (TABLE rebuilt EXCEPT ALL TABLE original) r ORDER BY 1 LIMIT 5)`)
	if err != nil {
		w.t.Fatal(err)
	}
	differences, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		w.t.Fatal(err)
	}
	for _, d := range differences {
		w.t.Error(d)
	}
	_, _ = conn.Exec(ctx, `DROP TABLE original, rebuilt`)
	if len(lines) == 0 {
		w.t.Error("nothing was compared")
	}
}
