package load

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// OldestServer is the oldest PostgreSQL that works, as server_version_num words it.
const OldestServer = 150000

var (
	// ErrLocked says that another run holds the source: a normal answer.
	ErrLocked = errors.New("another run holds the source")
	// ErrTooOld says that the server is older than OldestServer.
	ErrTooOld = errors.New("PostgreSQL is too old")
)

// DB is the database of the fleet.
type DB struct {
	pool *pgxpool.Pool
}

// Open connects. url is what libpq understands; an empty one takes libpq's
// environment variables and defaults.
func Open(ctx context.Context, url string) (*DB, error) {
	pool, err := pgxpool.New(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", err)
	}
	db := &DB{pool: pool}
	if err := db.check(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) check(ctx context.Context) error {
	var number int
	var name string
	err := db.pool.QueryRow(ctx, `SELECT current_setting('server_version_num')::int, current_setting('server_version')`).Scan(&number, &name)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	if number < OldestServer {
		return fmt.Errorf("the database is PostgreSQL %s, and %d or later is needed: %w", name, OldestServer/10000, ErrTooOld)
	}
	return nil
}

// Close gives the connections back.
func (db *DB) Close() { db.pool.Close() }

// Pool is for reads that belong to no source.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// IsCredentialsRefused tells whether the server refused the user or the password.
func IsCredentialsRefused(err error) bool {
	return hasClass(err, "28") // invalid authorization specification
}

// IsNoDatabase tells whether the server is there, and has no database of that name.
func IsNoDatabase(err error) bool {
	return hasCode(err, "3D000") // invalid catalog name
}

// IsForbidden tells whether the server let this role not do or see something.
func IsForbidden(err error) bool {
	return hasCode(err, "42501") // insufficient privilege
}

// hasCode tells whether err is the server's, with one of the SQLSTATE codes.
func hasCode(err error, codes ...string) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && slices.Contains(codes, refused.Code)
}

// hasClass tells whether err is the server's, of an SQLSTATE class.
func hasClass(err error, class string) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && len(refused.Code) == 5 && refused.Code[:2] == class
}
