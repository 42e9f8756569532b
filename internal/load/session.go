package load

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
)

// lockSpace sets this program's advisory locks apart from those of others in the
// same database: the first of the two numbers of a lock, "SIMS" in ASCII.
const lockSpace = 0x53494D53

// Session is one source's hold on the database for the length of a run: its lock,
// its known index and its stage. All live on one connection, so that they share one
// fate: where the connection dies, the lock is gone, and so is every way to promote
// what was staged under it.
//
// Its methods may be called from several walks at once.
type Session struct {
	source string
	conn   *pgx.Conn
	isLent bool // the connection is a Hold's

	mu        sync.Mutex
	known     *known
	walks     []*Walk
	keys      keyBlock
	stageRow  int64
	restaged  bool // some key is on the stage more than once
	customers map[uuid.UUID]string
	months    map[time.Time]bool // UTC months that were observed
	preview   *preview           // nil: the session is there to promote
}

// Session takes the source's lock and reads what the database holds of it. It
// returns ErrLocked where another run has the lock.
func (db *DB) Session(ctx context.Context, source string) (*Session, error) {
	h, err := db.Hold(ctx, source)
	if err != nil {
		return nil, err
	}
	s, err := h.Session(ctx)
	if err != nil {
		h.Close()
		return nil, err
	}
	s.isLent = false
	return s, nil
}

func newSession(source string, conn *pgx.Conn) *Session {
	return &Session{
		source:    source,
		conn:      conn,
		customers: make(map[uuid.UUID]string),
		months:    make(map[time.Time]bool),
	}
}

// connect makes a connection that is not one of the pool's: as many sources as that has
// connections would leave none for the ledger.
func (db *DB) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, db.pool.Config().ConnConfig)
	if err != nil {
		return nil, fmt.Errorf("connect to the database: %w", err)
	}
	return conn, nil
}

func (s *Session) open(ctx context.Context) error {
	if _, err := s.conn.Exec(ctx, statement("stage_tables")); err != nil {
		return fmt.Errorf("make the stage: %w", err)
	}
	if err := s.readKnown(ctx); err != nil {
		return fmt.Errorf("read what is known of source %s: %w", s.source, err)
	}
	return nil
}

// Close gives the lock back and ends the connection, and with it the stage; a Hold keeps
// both. It needs no context: it must work after a signal. Closing twice is harmless.
func (s *Session) Close() {
	if !s.isLent {
		release(s.conn)
	}
}

// Known is how many subscribers the database holds of the source, removed ones
// included.
func (s *Session) Known() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.known.with(inDatabase)
}

// LiveAtTop is how many live subscribers the database holds of the source that have no
// parent: about as many as a list of the provider has records.
func (s *Session) LiveAtTop() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, flags := range s.known.flags {
		if flags&(live|linked) == live {
			n++
		}
	}
	return n
}

func (s *Session) readKnown(ctx context.Context) error {
	var n int
	if err := s.conn.QueryRow(ctx, `SELECT count(*) FROM fleet.subscriber WHERE source = $1`, s.source).Scan(&n); err != nil {
		return err
	}
	s.known = newKnown(n)
	rows, err := s.conn.Query(ctx, statement("known"), s.source)
	if err != nil {
		return err
	}
	var (
		key                             int64
		subscriberID, iccid, physicalID string
		hash                            int64
		isLive, isLinked                bool
	)
	_, err = pgx.ForEachRow(rows, []any{&key, &subscriberID, &iccid, &physicalID, &hash, &isLive, &isLinked}, func() error {
		id := transform.FloLIVEIdentity(subscriberID, transform.ICCID(iccid))
		if physicalID != "" {
			id = transform.PhysicalIdentity(physicalID)
		}
		flags := inDatabase
		if isLive {
			flags |= live
		}
		if isLinked {
			flags |= linked
		}
		s.known.add(id, key, transform.ContentHash(hash), flags)
		return nil
	})
	return err
}

// keyBlock hands out subscriber keys; the sequence reserves them by the thousand.
type keyBlock struct{ next, end int64 }

const keysPerBlock = 1000

func (s *Session) newKey(ctx context.Context) (int64, error) {
	if s.preview != nil {
		return s.preview.newKey(), nil
	}
	if s.keys.next == s.keys.end {
		if err := s.conn.QueryRow(ctx, `SELECT nextval('fleet.subscriber_key_block')`).Scan(&s.keys.next); err != nil {
			return 0, fmt.Errorf("reserve subscriber keys: %w", err)
		}
		s.keys.end = s.keys.next + keysPerBlock
	}
	key := s.keys.next
	s.keys.next++
	return key, nil
}
