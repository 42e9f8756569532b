package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Horizons say of each kind before when it is no longer kept; the zero time: it is kept
// for ever.
type Horizons struct {
	// History counts from when a version was superseded.
	History time.Time
	// Usage goes by whole UTC months.
	Usage time.Time
	// Rejects and Runs count from when the run began.
	Rejects, Runs time.Time
}

// Expired counts what was deleted.
type Expired struct {
	// Months of fleet.data_usage.
	Months                  int64
	Rejects, Runs, Versions int64
	// Left names the kinds of which something stays for want of a lock, until next time.
	Left []string
}

// Any tells whether anything was deleted.
func (e Expired) Any() bool { return e.Months+e.Rejects+e.Runs+e.Versions > 0 }

// ErrExpiring says that another process deletes what is no longer kept: a normal answer.
var ErrExpiring = errors.New("another process deletes what is no longer kept")

// errLayoutHeld says that somebody changes the fleet's layout.
var errLayoutHeld = errors.New("the layout is being changed")

// retentionLock is the second number of the advisory lock of who deletes what is no
// longer kept.
const retentionLock = 1

// expireAtOnce is how many rows go in one transaction: some tenths of a second.
const expireAtOnce = 10_000

// Expire deletes what is no longer kept, in batches that each commit by themselves:
// however it ends, what sync.kept says is true. It begins no batch once isLate, and
// waits for nobody longer than half a second. It returns ErrExpiring where another
// process is at it.
//
// Of each source it leaves the runs since the newest complete one: whoever reads the
// ledger for the present state reads no older ones.
func (db *DB) Expire(ctx context.Context, h Horizons, isLate func() bool) (Expired, error) {
	conn, err := db.connect(ctx)
	if err != nil {
		return Expired{}, err
	}
	x := expiry{conn: conn, isLate: isLate}
	defer release(conn)
	var locked bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, $2)`, lockSpace, retentionLock).Scan(&locked); err != nil {
		return Expired{}, fmt.Errorf("take the lock of the retention: %w", err)
	}
	if !locked {
		return Expired{}, ErrExpiring
	}
	err = errors.Join(
		x.months(ctx, h.Usage),
		// Before their runs: a run with rejects stays.
		x.kind(ctx, "rejects", h.Rejects, &x.done.Rejects, func(m *merger) int64 { return m.do("expire_rejects", h.Rejects, expireAtOnce) }),
		x.kind(ctx, "runs", h.Runs, &x.done.Runs, func(m *merger) int64 { return m.do("expire_runs", h.Runs, expireAtOnce) }),
		x.kind(ctx, "history", h.History, &x.done.Versions, func(m *merger) int64 { return m.do("expire_history", h.History, expireAtOnce) }),
	)
	return x.done, err
}

// expiry is Expire under way.
type expiry struct {
	conn   *pgx.Conn
	isLate func() bool
	done   Expired
}

// isOver tells whether no other batch is to be begun.
func (x *expiry) isOver(ctx context.Context) bool { return x.isLate() || ctx.Err() != nil }

// kind deletes one kind, a batch at a time, until nothing of it is older than before.
func (x *expiry) kind(ctx context.Context, what string, before time.Time, count *int64, batch func(*merger) int64) error {
	for isMore := !before.IsZero(); isMore && !x.isOver(ctx); {
		n, err := x.inBatch(ctx, what, func(m *merger) int64 {
			n := batch(m)
			if n > 0 {
				m.do("kept_since", what, before)
			}
			return n
		})
		if err != nil {
			return fmt.Errorf("delete %s before %s: %w", what, before.UTC().Format(time.DateOnly), err)
		}
		*count += n
		isMore = n == expireAtOnce
	}
	return nil
}

// months drops the months of usage that are wholly before, the oldest first. One that
// somebody reads, or that a view of somebody's own is made of, stays.
func (x *expiry) months(ctx context.Context, before time.Time) error {
	if before.IsZero() {
		return nil
	}
	months, err := collect(ctx, x.conn, pgx.RowTo[time.Time], "expire_months", before)
	if err != nil {
		return err
	}
	for _, month := range months {
		if x.isOver(ctx) {
			break
		}
		what := "usage of " + month.Format("2006-01")
		n, err := x.inBatch(ctx, what, func(m *merger) int64 {
			m.do("kept_since", "usage", month.AddDate(0, 1, 0))
			n := m.do("expire_month", lockSpace, layoutLock, month)
			if n == 0 && m.err == nil {
				m.err = errLayoutHeld
			}
			return n
		})
		if err != nil {
			return fmt.Errorf("drop the %s: %w", what, err)
		}
		x.done.Months += n
	}
	return nil
}

// inBatch runs one transaction, and takes note where it must be left until next time.
func (x *expiry) inBatch(ctx context.Context, what string, do func(*merger) int64) (n int64, err error) {
	err = pgx.BeginFunc(ctx, x.conn, func(tx pgx.Tx) error {
		m := merger{ctx: ctx, tx: tx}
		m.exec(`SET LOCAL lock_timeout = '500ms'`, `SET LOCAL statement_timeout = '60s'`)
		n = do(&m)
		return m.err
	})
	if errors.Is(err, errLayoutHeld) || hasCode(err, lockNotAvailable, deadlock, objectInUse, dependedOn) {
		x.done.Left = append(x.done.Left, what)
		return 0, nil
	}
	return n, err
}
