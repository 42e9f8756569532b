package load

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
)

// Held is a run that the database holds.
type Held struct {
	Run uuid.UUID
	// At is as of when its data is.
	At time.Time
	// IsWhole says that its enrichment is known to have come to its end, IsBroken that it
	// is known to have broken off.
	IsWhole, IsBroken bool
	// IsReplay says that it is an archived run, loaded again, and HasIncomplete that a
	// walk of it was not proved complete.
	IsReplay, HasIncomplete bool
}

// AsOf tells of each run that loaded a source, oldest first.
func (db *DB) AsOf(ctx context.Context, source string) ([]Held, error) {
	held, err := collect(ctx, db.pool, pgx.RowToStructByPos[Held], "ledger_as_of", source)
	if err != nil {
		return nil, fmt.Errorf("read as of when the data of source %s is: %w", source, err)
	}
	return held, nil
}

// LoadedAt tells as of when a run loaded its source; zero: it did not. It waits for a
// promote of the run whose COMMIT is still on its way.
func (db *DB) LoadedAt(ctx context.Context, id RunID) (time.Time, error) {
	var at *time.Time
	if err := db.pool.QueryRow(ctx, statement("ledger_loaded"), id.Run, id.Source).Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("read whether source %s was loaded: %w", id.Source, err)
	}
	if at == nil {
		return time.Time{}, nil
	}
	return *at, nil
}

// NamedDetail names subscribers of one ICCID as a provider does.
type NamedDetail struct {
	ICCID         transform.ICCID
	SubscriberIDs []string
}

// NamedDetails finds the subscribers that are named: of each of named, in its order,
// those that the database has.
func (e *Enrichment) NamedDetails(ctx context.Context, named []NamedDetail) ([]DetailDue, error) {
	due := make([]DetailDue, len(named))
	var iccids, ids []string
	var of []int // the place in named of each
	for i, n := range named {
		due[i].ICCID = n.ICCID
		for _, id := range n.SubscriberIDs {
			iccids, ids, of = append(iccids, string(n.ICCID)), append(ids, id), append(of, i)
		}
	}
	err := e.inTransaction(ctx, func(tx pgx.Tx) error {
		found, err := collect(ctx, tx, pgx.RowToStructByPos[namedSubscriber], "detail_named", e.id.Source, iccids, ids)
		for _, f := range found {
			d := &due[of[f.Place-1]]
			d.Keys, d.SubscriberIDs = append(d.Keys, f.Key), append(d.SubscriberIDs, f.SubscriberID)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("find subscribers of source %s by their names: %w", e.id.Source, err)
	}
	return due, nil
}

// namedSubscriber is a subscriber that was found by the place of its name, from 1.
type namedSubscriber struct {
	Place, Key   int64
	SubscriberID string
}
