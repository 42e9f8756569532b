package load

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// makePartitions makes the monthly partitions of fleet.data_usage that the stage
// needs, before the promote: attaching takes a lock that lets readers and writers of
// the table go on, but it is best held for a moment only.
func (s *Session) makePartitions(ctx context.Context) error {
	for month := range s.months {
		err := pgx.BeginFunc(ctx, s.conn, func(tx pgx.Tx) error { return makePartition(ctx, tx, month) })
		if err != nil {
			return fmt.Errorf("make the partition of fleet.data_usage for %s: %w", month.Format("2006-01"), err)
		}
	}
	return nil
}

func makePartition(ctx context.Context, tx pgx.Tx, month time.Time) error {
	if exists, err := tableExists(ctx, tx, "data_usage_"+month.Format("2006_01")); err != nil || exists {
		return err
	}
	if err := lockLayout(ctx, tx); err != nil { // another source may be at it
		return err
	}
	_, err := tx.Exec(ctx, `SELECT sync.make_usage_partition($1)`, month)
	return err
}

// tableExists reads the catalogue's table: to_regclass would answer from a cache,
// which a wait for an advisory lock does not refresh.
func tableExists(ctx context.Context, tx pgx.Tx, table string) (exists bool, err error) {
	err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'fleet' AND tablename = $1)`, table).Scan(&exists)
	return exists, err
}
