package load

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"simsync/internal/writeback"
)

// Hold is one source's lock, kept over several sessions, one after another: nobody else
// gets hold of the source in between. The sessions share its connection, so they share
// its fate: where that dies, the lock is gone, and there is no further session.
type Hold struct {
	source string
	conn   *pgx.Conn
}

// Hold takes the source's lock. It returns ErrLocked where another run has it.
func (db *DB) Hold(ctx context.Context, source string) (*Hold, error) {
	conn, err := db.connectLocked(ctx, runLock, source)
	if err != nil {
		return nil, err
	}
	return &Hold{source: source, conn: conn}, nil
}

// sourceLock is a kind of lock of which each source has one.
type sourceLock struct {
	space int
	of    string // whose it is, before the source's name
	taken error  // another has it
}

var (
	runLock     = sourceLock{lockSpace, "source", ErrLocked}
	journalLock = sourceLock{journalSpace, "the journal of source", writeback.ErrLocked}
)

// connectLocked makes a connection that has a source's lock of a kind, or returns that
// it is taken.
func (db *DB) connectLocked(ctx context.Context, kind sourceLock, source string) (*pgx.Conn, error) {
	conn, err := db.connect(ctx)
	if err != nil {
		return nil, err
	}
	var locked bool
	err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, hashtext($2))`, kind.space, source).Scan(&locked)
	switch {
	case err != nil:
		err = fmt.Errorf("take the lock of %s %s: %w", kind.of, source, err)
	case !locked:
		err = kind.taken
	default:
		return conn, nil
	}
	release(conn)
	return nil, err
}

// Session begins a session under the lock: the one before it has ended, and what it
// staged is gone. It reads what the database holds of the source now.
func (h *Hold) Session(ctx context.Context) (*Session, error) {
	if _, err := h.conn.Exec(ctx, `DISCARD TEMP`); err != nil {
		return nil, fmt.Errorf("clear the stage of source %s: %w", h.source, err)
	}
	s := newSession(h.source, h.conn)
	s.isLent = true
	return s, s.open(ctx)
}

// Close gives the lock back and ends the connection. Closing twice is harmless.
func (h *Hold) Close() { release(h.conn) }

// release gives the locks back by word, since the server notices the end of a connection
// a moment later than we. It needs no context: it must work after a signal.
func release(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, _ = conn.Exec(ctx, `SELECT pg_advisory_unlock_all()`) // fails where the connection is dead, and the lock with it
	_ = conn.Close(ctx)                                      // nothing is left to lose
}
