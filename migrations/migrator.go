package migrations

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// How long to wait for another process that migrates: lockAttempts times lockPeriod
// seconds, so five minutes. Polling, not waiting inside the server, keeps no snapshot
// that a CREATE INDEX CONCURRENTLY would have to wait for.
const (
	lockPeriod   = 1
	lockAttempts = 300
)

// migrator applies migrations to databases in use.
type migrator struct {
	files fs.FS
	// patience is how long a statement waits for a lock: as long every later reader of the
	// table waits behind it.
	patience time.Duration
	// beside is the same for a migration outside a transaction: it builds indexes beside
	// readers and writers, and waits for their ends while it keeps nobody out.
	beside time.Duration
	// pause is between two attempts: in it those readers go on.
	pause time.Duration
	// attempts are how often a migration is tried.
	attempts int
	// tell is told that a migration waits, after the first attempt and then now and again;
	// nil: nobody is.
	tell func(Waiting)
}

// inPractice insists for some five minutes, and for longer where that keeps nobody out.
var inPractice = migrator{files: files, patience: 2 * time.Second, beside: time.Minute, pause: 5 * time.Second, attempts: 40}

// Waiting is a migration that others keep from a lock, and that is tried again.
type Waiting struct {
	Name   string
	HeldBy string // who was seen last
}

// tellEvery is how often somebody who waits is told for what.
const tellEvery = 30 * time.Second

// with has tell told.
func (m migrator) with(tell func(Waiting)) migrator {
	m.tell = tell
	return m
}

func (m migrator) up(ctx context.Context, databaseURL string) ([]Applied, error) {
	return m.withProvider(ctx, databaseURL, func(p *goose.Provider, w *watch) (done []Applied, err error) {
		// One at a time, for each may change the settings of its connection. They lock each
		// other out one by one, too: what another process has applied meanwhile is no news.
		for _, source := range p.ListSources() {
			if w.patience, err = m.patienceOf(source.Path); err != nil {
				return done, err
			}
			just, err := m.insist(ctx, w, func() ([]*goose.MigrationResult, error) { return p.UpTo(ctx, source.Version) })
			done = append(done, just...)
			if err != nil {
				return done, err
			}
		}
		return done, nil
	})
}

func (m migrator) down(ctx context.Context, databaseURL string) ([]Applied, error) {
	return m.withProvider(ctx, databaseURL, func(p *goose.Provider, w *watch) ([]Applied, error) {
		return m.insist(ctx, w, func() ([]*goose.MigrationResult, error) {
			result, err := p.Down(ctx)
			if errors.Is(err, goose.ErrNoNextVersion) {
				return nil, nil
			}
			return []*goose.MigrationResult{result}, err
		})
	})
}

// insist takes a step until it has its locks. A migration that broke off at one is taken
// back whole, or is made to be begun again.
func (m migrator) insist(ctx context.Context, w *watch, step func() ([]*goose.MigrationResult, error)) ([]Applied, error) {
	var told time.Time
	for attempt := 1; ; attempt++ {
		look := w.begin(ctx)
		results, err := step()
		holders := look()
		partial, isPartial := errors.AsType[*goose.PartialError](err)
		switch {
		case !isPartial:
			return applied(results), err
		case !isHeld(err):
			return applied(partial.Applied), err
		case attempt == m.attempts:
			return applied(partial.Applied), &heldError{partial.Failed.Source.Path, attempt, w.patience, holders, err}
		}
		if m.tell != nil && time.Since(told) >= tellEvery {
			m.tell(Waiting{partial.Failed.Source.Path, named(holders)})
			told = time.Now()
		}
		select {
		case <-ctx.Done():
			return applied(partial.Applied), context.Cause(ctx)
		case <-time.After(m.pause):
		}
	}
}

// isHeld tells whether others kept a statement from a lock.
func isHeld(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && (refused.Code == lockNotAvailable || refused.Code == deadlock)
}

func (m migrator) withProvider(ctx context.Context, databaseURL string, do func(*goose.Provider, *watch) ([]Applied, error)) ([]Applied, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	w := &watch{config: config, patience: m.patience}
	db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, conn *pgx.Conn) error {
		w.add(conn.PgConn().PID())
		return w.setPatience(ctx, conn)
	}), stdlib.OptionResetSession(w.setPatience))
	defer db.Close()
	if err := makeVersionSchema(ctx, db); err != nil {
		return nil, fmt.Errorf("make the schema of the table of migrations: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockPeriod, lockAttempts))
	if err != nil {
		return nil, fmt.Errorf("prepare the migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, m.files,
		goose.WithTableName(versionTable), goose.WithSessionLocker(locker), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	done, err := do(p, w)
	if err != nil {
		return done, fmt.Errorf("migrate: %w", withHint(err))
	}
	return done, nil
}

// patienceOf is how long the statements of a migration wait.
func (m migrator) patienceOf(name string) (time.Duration, error) {
	text, err := fs.ReadFile(m.files, name)
	if err != nil {
		return 0, fmt.Errorf("read migration %s: %w", name, err)
	}
	if bytes.Contains(text, []byte("-- +goose NO TRANSACTION")) {
		return m.beside, nil
	}
	return m.patience, nil
}

// makeVersionSchema goes before goose, which keeps its table there. IF NOT EXISTS
// does not save the loser of a race from a unique violation; the schema exists then
// all the same. Asking first spares a role without CREATE a refusal.
func makeVersionSchema(ctx context.Context, db *sql.DB) error {
	var exists bool
	if err := db.QueryRowContext(ctx, `SELECT to_regnamespace('sync') IS NOT NULL`).Scan(&exists); err != nil || exists {
		return err
	}
	_, err := db.ExecContext(ctx, `CREATE SCHEMA IF NOT EXISTS sync`)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && (refused.Code == uniqueViolation || refused.Code == duplicateSchema) {
		return nil
	}
	return err
}
