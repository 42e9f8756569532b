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
	bareShare = 10
)

// takeOffIndexes drops the indexes and keys of the fleet's tables, where much is to
// come into little, and returns the statements that bring them back. Measured,
// inserting at random into indexes is the greater part of a first load, and an index
// built after it costs a quarter of that.
//
// It keeps readers out until the commit. Where it may not do its work (another
// owner, a view that depends on a key, a reader that does not let go) it leaves all as
// it is and returns nothing.
func takeOffIndexes(ctx context.Context, tx pgx.Tx, fresh int64) (restore []string, err error) {
	if fresh < bareFrom {
		return nil, nil
	}
	// Two first loads at once would each wait for the other to let go of the tables.
	if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1, 0)`, lockSpace); err != nil {
		return nil, err
	}
	err = pgx.BeginFunc(ctx, tx, func(savepoint pgx.Tx) error {
		restore, err = dropIndexes(ctx, savepoint, fresh/bareShare)
		return err
	})
	if errors.Is(err, errNotBare) || hasClass(err, "42") || hasClass(err, "2B") || hasClass(err, "40") || hasClass(err, "55") {
		return nil, nil // too much is there; not the owner; something depends on a key; a lock is not to be had
	}
	return restore, err
}

// errNotBare says that the fleet holds too much already.
var errNotBare = errors.New("the fleet is not empty")

func dropIndexes(ctx context.Context, tx pgx.Tx, atMost int64) (restore []string, err error) {
	few := func() error {
		var ok bool
		err := tx.QueryRow(ctx, `SELECT count(*) <= $1 FROM (SELECT FROM fleet.subscriber LIMIT $1 + 1) s`, atMost).Scan(&ok)
		if err == nil && !ok {
			return errNotBare
		}
		return err
	}
	if err := few(); err != nil { // before anybody is kept out
		return nil, err
	}
	// Every later reader waits behind us while we wait for one to let go.
	if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '2s'`); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, `LOCK TABLE fleet.subscriber, fleet.subscriber_imsi, fleet.contract IN ACCESS EXCLUSIVE MODE`); err != nil {
		return nil, err
	}
	if err := few(); err != nil { // another may have been first
		return nil, err
	}
	rows, err := tx.Query(ctx, statement("bare_indexes"))
	if err != nil {
		return nil, err
	}
	var drops []string
	var drop, create string
	_, err = pgx.ForEachRow(rows, []any{&drop, &create}, func() error {
		drops = append(drops, drop)
		restore = append([]string{create}, restore...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, text := range append(drops, `SET LOCAL lock_timeout = DEFAULT`) {
		if _, err := tx.Exec(ctx, text); err != nil {
			return nil, err
		}
	}
	// The next promote joins with these tables, perhaps before autovacuum comes by.
	return append(restore, `ANALYZE fleet.subscriber, fleet.subscriber_imsi, fleet.contract`), nil
}
