package migrations

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed holders.sql
var holdersQuery string

// watch is what is known of the connections that migrate. It looks who keeps them
// waiting: the server tells only while they wait.
type watch struct {
	config *pgx.ConnConfig
	// patience is how long a statement of the step under way waits.
	patience time.Duration

	mu   sync.Mutex
	pids []int32 // the server's processes that migrate
}

// holder is a process of the server that holds a lock.
type holder struct {
	PID   int32 // 0: a prepared transaction
	Name  string
	Since *time.Time // when its transaction began, where that may be known
}

// String never has the text of a query: that may name subscribers.
func (h holder) String() string {
	if h.PID == 0 {
		return "a prepared transaction (pg_prepared_xacts)"
	}
	text := fmt.Sprintf("process %d", h.PID)
	if h.Name != "" {
		text += " (" + h.Name + ")"
	}
	if h.Since != nil {
		text += " in a transaction since " + h.Since.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	return text
}

func (w *watch) add(pid uint32) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.pids = append(w.pids, int32(pid))
}

// setPatience is done whenever a connection is taken up, for a migration may have set it
// otherwise. It is no parameter of the connection: poolers refuse those.
func (w *watch) setPatience(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, fmt.Sprintf(`SET lock_timeout = %d`, w.patience.Milliseconds()))
	return err
}

// lookEvery is much less than a statement waits.
const lookEvery = 50 * time.Millisecond

// begin looks until the function that it returns is called, which tells who was seen
// last. What it cannot see it does not tell: the migration goes its way.
func (w *watch) begin(ctx context.Context) (end func() []holder) {
	ctx, stop := context.WithCancel(ctx)
	var seen []holder
	var looking sync.WaitGroup
	looking.Go(func() {
		conn, err := pgx.ConnectConfig(ctx, w.config)
		if err != nil {
			return
		}
		defer conn.Close(context.WithoutCancel(ctx))
		tick := time.NewTicker(lookEvery)
		defer tick.Stop()
		for ctx.Err() == nil {
			if now := w.look(ctx, conn); len(now) > 0 {
				seen = now
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
			}
		}
	})
	return func() []holder {
		stop()
		looking.Wait()
		return seen
	}
}

func (w *watch) look(ctx context.Context, conn *pgx.Conn) []holder {
	w.mu.Lock()
	pids := slices.Clone(w.pids)
	w.mu.Unlock()
	rows, err := conn.Query(ctx, holdersQuery, pids)
	if err != nil {
		return nil
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[holder])
	if err != nil {
		return nil
	}
	return found
}

// named are all who hold a lock.
func named(holders []holder) string {
	if len(holders) == 0 {
		return "somebody who was gone when looked for"
	}
	var names []string
	for _, h := range holders {
		names = append(names, h.String())
	}
	return strings.Join(names, ", ")
}

// heldError says that others kept a migration from its locks to the last.
type heldError struct {
	migration string
	attempts  int
	patience  time.Duration
	holders   []holder
	err       error
}

// Error tells who holds the lock, and what to do.
func (e *heldError) Error() string {
	what := "migrate again"
	if len(e.holders) > 0 {
		what = "wait for it to end, or end it by SELECT pg_terminate_backend(PROCESS), and migrate again"
	}
	return fmt.Sprintf("%s had to wait for a lock, %d times for %s, and gave way each time: it is held by %s. What is applied stays, and nothing is half-applied: %s",
		e.migration, e.attempts, e.patience, named(e.holders), what)
}

// Unwrap is the server's word.
func (e *heldError) Unwrap() error { return e.err }
