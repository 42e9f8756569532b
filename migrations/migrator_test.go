package migrations

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"simsync/internal/localpg"
)

// hurried gives way soon, and tries again at once.
func hurried(attempts int) migrator {
	return migrator{files: files, patience: 50 * time.Millisecond, beside: time.Second, pause: 10 * time.Millisecond, attempts: attempts}
}

// upTo brings the schema to a version.
func upTo(t *testing.T, url string, version int64) {
	t.Helper()
	_, err := inPractice.withProvider(t.Context(), url, func(p *goose.Provider, _ *watch) ([]Applied, error) {
		results, err := p.UpTo(t.Context(), version)
		return applied(results), err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// hold opens a transaction that a statement gives locks to.
func hold(t *testing.T, url, statement string) pgx.Tx {
	t.Helper()
	tx, err := connect(t, url).BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{`SET application_name = 'a long report'`, statement} {
		if _, err := tx.Exec(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	return tx
}

func release(t *testing.T, tx pgx.Tx) {
	t.Helper()
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A migration that cannot have a lock gives way, says who has it, and leaves the schema
// as it was.
func TestMigrationThatIsKeptFromALock(t *testing.T) {
	t.Parallel()
	url := localpg.NewDatabase(t, nil)
	upTo(t, url, 4)
	before := dump(t, url)
	reader := hold(t, url, `SELECT count(*) FROM sync.run`)
	m := hurried(2)
	m.patience = 2 * time.Second // time enough to see who it is, on a machine that does much else
	var told []Waiting
	done, err := m.with(func(w Waiting) { told = append(told, w) }).up(t.Context(), url)
	if err == nil || len(done) != 0 {
		t.Fatalf("%v, %v, want it held", done, err)
	}
	if _, isHeld := errors.AsType[*heldError](err); !isHeld {
		t.Fatalf("%v, want a heldError", err)
	}
	pid := reader.Conn().PgConn().PID()
	if who := fmt.Sprintf("process %d (a long report) ", pid); len(told) != 1 || told[0].Name != "00005_analysis.sql" || !strings.HasPrefix(told[0].HeldBy, who) {
		t.Errorf("told %v, want once that %s holds the lock", told, who)
	}
	for _, want := range []string{"migrate: 00005_analysis.sql had to wait for a lock, 2 times for 2s", fmt.Sprintf("process %d (a long report) in a transaction since 20", pid)} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nlacks %s", err, want)
		}
	}
	if strings.Contains(err.Error(), "SELECT count") {
		t.Errorf("%v: the text of a query", err)
	}
	if after := dump(t, url); after != before {
		t.Error("the schema is another")
	}
	if done, err = hurried(1).down(t.Context(), url); err != nil || len(done) != 1 || done[0].Version != 4 {
		t.Errorf("what needs no such lock: %v, %v", done, err)
	}
	release(t, reader)
	if err := up(t.Context(), url); err != nil {
		t.Error(err)
	}
}

// Between its attempts others go on, and once the lock is free the migration has it.
func TestMigrationIsTriedAgain(t *testing.T) {
	t.Parallel()
	url := localpg.NewDatabase(t, nil)
	upTo(t, url, 4)
	reader := hold(t, url, `SELECT count(*) FROM sync.run`)
	migrated := make(chan error, 1)
	go func() {
		_, err := hurried(10_000).up(t.Context(), url)
		migrated <- err
	}()
	other := connect(t, url)
	for range 20 { // each would wait for ever behind a migration that waits for the reader
		if _, err := other.Exec(t.Context(), `INSERT INTO sync.run (run_id, source, command, started_at, version) VALUES (gen_random_uuid(), 'a', 'run', now(), 'test')`); err != nil {
			t.Fatal(err)
		}
	}
	release(t, reader)
	if err := <-migrated; err != nil {
		t.Error(err)
	}
	var n int
	if err := other.QueryRow(t.Context(), `SELECT count(*) FROM sync.run`).Scan(&n); err != nil || n != 20 {
		t.Errorf("%d runs, want the 20 that were written meanwhile (%v)", n, err)
	}
}

func TestMigrationWaitsUntilItIsStopped(t *testing.T) {
	t.Parallel()
	url := localpg.NewDatabase(t, nil)
	upTo(t, url, 4)
	hold(t, url, `SELECT count(*) FROM sync.run`)
	m := hurried(2)
	m.patience, m.pause = time.Second, time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	watcher := connect(t, url)
	go func() {
		defer cancel()
		var waits bool
		for !waits {
			const waiting = `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`
			if err := watcher.QueryRow(t.Context(), waiting).Scan(&waits); err != nil {
				return
			}
		}
	}()
	if done, err := m.up(ctx, url); err == nil || len(done) != 0 {
		t.Errorf("%v, %v, want it stopped", done, err)
	}
}

// An index that is built beside readers and writers is built anew where that broke off.
func TestBrokenBuildOfAnIndexIsBegunAgain(t *testing.T) {
	t.Parallel()
	url := localpg.NewDatabase(t, nil)
	m := hurried(1)
	m.files = fstest.MapFS{
		"00001_table.sql": {Data: []byte("-- +goose Up\nCREATE TABLE public.t (n int);\nINSERT INTO public.t VALUES (1), (1);\n-- +goose Down\nDROP TABLE public.t;\n")},
		"00002_index.sql": {Data: []byte("-- +goose NO TRANSACTION\n-- +goose Up\nDROP INDEX CONCURRENTLY IF EXISTS public.t_idx;\n" +
			"CREATE UNIQUE INDEX CONCURRENTLY t_idx ON public.t (n);\n-- +goose Down\nDROP INDEX CONCURRENTLY public.t_idx;\n")},
		"00003_after.sql": {Data: []byte("-- +goose Up\nCREATE TABLE public.patience AS SELECT current_setting('lock_timeout') AS t;\n-- +goose Down\nDROP TABLE public.patience;\n")},
	}
	if _, err := m.up(t.Context(), url); err == nil {
		t.Fatal("a unique index on what is not unique")
	}
	conn := connect(t, url)
	valid := func() (is bool) {
		if err := conn.QueryRow(t.Context(), `SELECT indisvalid FROM pg_index WHERE indexrelid = 'public.t_idx'::regclass`).Scan(&is); err != nil {
			t.Fatal(err)
		}
		return is
	}
	if valid() {
		t.Fatal("the broken build left a valid index: nothing is tried here")
	}
	exec(t, url, `DELETE FROM public.t WHERE ctid = '(0,1)'`)
	done, err := m.up(t.Context(), url)
	if err != nil || len(done) != 2 || !valid() {
		t.Errorf("%v, %v, valid: %t", done, err, valid())
	}
	var patience string
	if err := conn.QueryRow(t.Context(), `SELECT t FROM public.patience`).Scan(&patience); err != nil || patience != "50ms" {
		t.Errorf("the next migration waits %s for a lock (%v): a setting of the one before it", patience, err)
	}
}
