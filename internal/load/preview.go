package load

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// preview is what sets a session apart that only compares.
type preview struct {
	// state is the source as it was when known was read; see preview_state.
	state state
	// nextKey is below zero: a key that nobody has, and none from the sequence.
	nextKey int64
}

// state tells one state of a source's subscribers from every other.
type state struct {
	Subscribers int64
	Changes     string
}

// readOnly is a transaction that sees one state of the database and that the server lets
// write to temporary tables alone.
var readOnly = pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}

// Preview begins a session that compares and promotes nothing: see Compare. It takes no
// lock, and nobody has to wait for it. From here on the server itself sees to it that
// nothing but the stage is written to.
func (db *DB) Preview(ctx context.Context, source string) (*Session, error) {
	conn, err := db.connect(ctx)
	if err != nil {
		return nil, err
	}
	s := newSession(source, conn)
	s.preview = &preview{}
	if err := s.openPreview(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Session) openPreview(ctx context.Context) error {
	if _, err := s.conn.Exec(ctx, statement("stage_tables")+statement("compare_tables")); err != nil {
		return fmt.Errorf("make the stage: %w", err)
	}
	if _, err := s.conn.Exec(ctx, `SET default_transaction_read_only = on; SET TIME ZONE 'UTC'`); err != nil {
		return fmt.Errorf("forbid writing: %w", err)
	}
	err := pgx.BeginTxFunc(ctx, s.conn, readOnly, func(tx pgx.Tx) (err error) {
		if s.preview.state, err = readState(ctx, tx, s.source); err != nil {
			return err
		}
		return s.readKnown(ctx)
	})
	if err != nil {
		return fmt.Errorf("read what is known of source %s: %w", s.source, err)
	}
	return nil
}

func readState(ctx context.Context, tx pgx.Tx, source string) (now state, err error) {
	err = tx.QueryRow(ctx, statement("preview_state"), source).Scan(&now.Subscribers, &now.Changes)
	return now, err
}

func (p *preview) newKey() int64 {
	p.nextKey--
	return p.nextKey
}
