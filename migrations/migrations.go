// Package migrations holds the whole database schema as goose migrations, and
// applies them.
//
// schema.sql beside them is the schema that they add up to, in one file that a
// reader can take in; a test keeps it true.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
)

//go:embed 0*.sql
var files embed.FS

// versionTable is goose's own: which migrations have been applied.
const versionTable = "sync.schema_version"

// Applied is a migration that Up or Down carried out.
type Applied struct {
	Version int64
	Name    string
	Took    time.Duration
}

// State is a migration and when it was applied; the zero time means not yet.
type State struct {
	Version   int64
	Name      string
	AppliedAt time.Time
}

// Up applies what is pending, and returns what it applied also where a later one
// failed. It is safe from several processes at once: a session
// lock lets one do the work, the others wait up to five minutes and find it done.
//
// It is safe beside readers and writers, too: no migration makes them wait for long, and
// one that cannot have its locks is tried again, for some five minutes.
func Up(ctx context.Context, databaseURL string) ([]Applied, error) {
	return UpTelling(ctx, databaseURL, nil)
}

// UpTelling is Up that tells of waits: of each soon, and then about twice a minute.
func UpTelling(ctx context.Context, databaseURL string, tell func(Waiting)) ([]Applied, error) {
	return inPractice.with(tell).up(ctx, databaseURL)
}

// Down takes the newest migration back, with the same care. A migration that would lose
// what no later Up can have back refuses.
func Down(ctx context.Context, databaseURL string) ([]Applied, error) {
	return DownTelling(ctx, databaseURL, nil)
}

// DownTelling is Down that tells of waits, as UpTelling does.
func DownTelling(ctx context.Context, databaseURL string, tell func(Waiting)) ([]Applied, error) {
	return inPractice.with(tell).down(ctx, databaseURL)
}

// Status lists every migration of this program, oldest first. It writes nothing.
func Status(ctx context.Context, databaseURL string) ([]State, error) {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	times, err := appliedAt(ctx, conn)
	if err != nil {
		return nil, err
	}
	var states []State
	for _, s := range sources() {
		s.AppliedAt = times[s.Version]
		states = append(states, s)
	}
	return states, nil
}

// Querier is what Version needs of a connection or a pool.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// Version tells which migration the database is at (0: none) and which this
// program is made for. It writes nothing.
func Version(ctx context.Context, db Querier) (current, wanted int64, err error) {
	times, err := appliedAt(ctx, db)
	if err != nil {
		return 0, 0, err
	}
	for version := range times {
		current = max(current, version)
	}
	all := sources()
	return current, all[len(all)-1].Version, nil
}

// withHint adds the server's hint, which a pgconn.PgError keeps to itself: it is where
// a migration that refuses tells what to do. Where somebody's own view stands on what is
// to be dropped, the server names it, and its hint would have it dropped unasked.
func withHint(err error) error {
	var refused *pgconn.PgError
	switch {
	case !errors.As(err, &refused):
		return err
	case refused.Code == dependentObjects:
		return fmt.Errorf("%w: %s; keep its definition (pg_get_viewdef), drop it, and do this again", err, strings.ReplaceAll(refused.Detail, "\n", "; "))
	case refused.Hint != "":
		return fmt.Errorf("%w; hint: %s", err, refused.Hint)
	}
	return err
}

// SQLSTATE codes, PostgreSQL's appendix A.
const (
	uniqueViolation  = "23505"
	dependentObjects = "2BP01"
	duplicateSchema  = "42P06"
	undefinedTable   = "42P01"
	invalidSchema    = "3F000"
	lockNotAvailable = "55P03"
	deadlock         = "40P01"
)

// appliedAt reads when each migration was applied; nothing where none ever was.
func appliedAt(ctx context.Context, db Querier) (map[int64]time.Time, error) {
	times, err := readVersionTable(ctx, db)
	var missing *pgconn.PgError
	if errors.As(err, &missing) && (missing.Code == undefinedTable || missing.Code == invalidSchema) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the schema's version: %w", err)
	}
	return times, nil
}

func readVersionTable(ctx context.Context, db Querier) (map[int64]time.Time, error) {
	rows, err := db.Query(ctx, `SELECT version_id, tstamp::timestamptz FROM `+versionTable+` WHERE is_applied AND version_id > 0`)
	if err != nil {
		return nil, err
	}
	times := make(map[int64]time.Time)
	var version int64
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&version, &at}, func() error {
		times[version] = at
		return nil
	})
	return times, err
}

// sources lists the embedded migrations by version, oldest first.
func sources() []State {
	p, err := goose.NewProvider(goose.DialectPostgres, new(sql.DB), files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		panic(fmt.Sprintf("migrations: the embedded files cannot be read: %v", err)) // caught by any test
	}
	var states []State
	for _, s := range p.ListSources() {
		states = append(states, State{Version: s.Version, Name: s.Path})
	}
	return states
}

func applied(results []*goose.MigrationResult) []Applied {
	var done []Applied
	for _, r := range results {
		if r != nil && r.Error == nil {
			done = append(done, Applied{Version: r.Source.Version, Name: r.Source.Path, Took: r.Duration})
		}
	}
	return done
}
