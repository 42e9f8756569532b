package load

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// bareFrom is how many new subscribers make it worthwhile to take the indexes off
// and to build them anew afterwards; below it the indexes fit into memory whole and
// inserting into them costs nothing to speak of. bareShare is how many times as many
// as are there already they must be, or building would cost more than it saves.
const (
	bareFrom  = 5000
	bareShare = 4
)

// takeOffIndexes drops the indexes and keys of the fleet's tables, where much is to
// come into little, and returns the statements that bring them back. Measured,
// inserting at random into indexes is the greater part of a first load, and an index
// built after it costs a quarter of that.
//
// It keeps readers out until the commit. Where it may not do its work (another
// owner, a view that depends on a key, a reader that does not let go) it leaves all as
// it is and returns nothing.
//
// The transaction must not have touched the fleet yet. Of two first loads at once the
// second waits here for the first, and each would keep the other from the tables if it
// held a lock on one.
func takeOffIndexes(ctx context.Context, tx pgx.Tx, fresh int64) (restore []string, err error) {
	if fresh < bareFrom {
		return nil, nil
	}
	if err := lockLayout(ctx, tx); err != nil {
		return nil, err
	}
	err = pgx.BeginFunc(ctx, tx, func(savepoint pgx.Tx) error {
		restore, err = dropIndexes(ctx, savepoint, fresh/bareShare)
		return err
	})
	if errors.Is(err, errNotBare) || hasCode(err, notOwner, dependedOn, lockNotAvailable, objectInUse, deadlock) {
		return nil, nil
	}
	return restore, err
}

// layoutLock is the second number of the advisory lock of who changes how the fleet's
// tables are laid out: their indexes or their partitions.
const layoutLock = 0

// lockLayout waits for others that change the layout, and keeps them waiting until
// the end of the transaction. Making a partition locks the tables in another order than
// taking the indexes off does.
func lockLayout(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, $2)`, lockSpace, layoutLock)
	return err
}

// errNotBare says that the fleet holds too much already.
var errNotBare = errors.New("the fleet is not empty")

// What the server says where the indexes must stay: SQLSTATE codes, PostgreSQL's
// appendix A.
const (
	notOwner         = "42501"
	dependedOn       = "2BP01"
	lockNotAvailable = "55P03"
	objectInUse      = "55006"
	deadlock         = "40P01"
)

func dropIndexes(ctx context.Context, tx pgx.Tx, atMost int64) (restore []string, err error) {
	if err := isBare(ctx, tx, atMost); err != nil { // before anybody is kept out
		return nil, err
	}
	// Every later reader waits behind us while we wait for one to let go. It is less
	// than the second after which the server looks for deadlocks: where a reader's locks
	// and ours cross, it is us who give way.
	if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '500ms'`); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `LOCK TABLE fleet.subscriber, fleet.subscriber_imsi, fleet.contract IN ACCESS EXCLUSIVE MODE`); err != nil {
		return nil, err
	}
	if err := isBare(ctx, tx, atMost); err != nil { // another may have been first
		return nil, err
	}
	indexes, err := collect(ctx, tx, pgx.RowToStructByPos[bareIndex], "bare_indexes")
	if err != nil {
		return nil, err
	}
	m := merger{ctx: ctx, tx: tx}
	for i, index := range indexes {
		m.exec(index.Drop)
		restore = append(restore, indexes[len(indexes)-1-i].Create)
	}
	m.exec(`SET LOCAL lock_timeout = DEFAULT`)
	// The next promote joins with these tables, perhaps before autovacuum comes by, which
	// sees to the other columns.
	return append(restore, `ANALYZE fleet.subscriber (subscriber_key, source), fleet.subscriber_imsi (subscriber_key, ordinal),
		fleet.contract (subscriber_key)`), m.err
}

// bareIndex is an index, a key or a foreign key: how to drop it, and how to make it
// as it was.
type bareIndex struct{ Drop, Create string }

// isBare returns errNotBare where the fleet holds more than atMost subscribers.
func isBare(ctx context.Context, tx pgx.Tx, atMost int64) error {
	var few bool
	err := tx.QueryRow(ctx, `SELECT count(*) <= $1 FROM (SELECT FROM fleet.subscriber LIMIT $1 + 1) s`, atMost).Scan(&few)
	if err == nil && !few {
		return errNotBare
	}
	return err
}
