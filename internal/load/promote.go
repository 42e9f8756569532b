package load

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/fetch"
)

// Promotion is what a caller decided about a source, once its walks had ended.
type Promotion struct {
	ID RunID
	// At becomes the new versions' changed_at.
	At    time.Time
	Walks []fetch.Facts
	// Complete says that every walk of every listing was. Without it a link that was
	// not seen stays, and Gone must be empty.
	Complete bool
	// Gone are the keys of subscribers proved gone, save for the doubt that a reject
	// casts on them.
	Gone []int64
	// RemovalLimit is the share of the live subscribers, 0 to 1, above which nothing
	// is removed, unless AllowRemovals.
	RemovalLimit  float64
	AllowRemovals bool
}

// Counts are the ledger's: Records = Inserted + Updated + Unchanged + Repeated + Rejected.
type Counts struct {
	// Declared is nil unless every walk was told a total.
	Declared                                                *int64
	Records, Inserted, Updated, Unchanged, Repeated, Removed int64
	Rejected, RejectedParts                                 int64
}

// Promoted is what a promote did.
type Promoted struct {
	Counts
	// HeldBack says why proved removals were not made; empty where they were.
	HeldBack string
	// Doubtful counts missing subscribers that a reject kept from being removed.
	Doubtful int64
}

// Promote brings the stage into the fleet, and the walks, counts and rejects into
// the ledger, in one transaction: a query sees all of it or nothing.
func (s *Session) Promote(ctx context.Context, p Promotion) (Promoted, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(p.Gone) > 0 && !p.Complete {
		return Promoted{}, fmt.Errorf("promote source %s: %d removals asked for without complete walks", s.source, len(p.Gone))
	}
	if err := s.makePartitions(ctx); err != nil {
		return Promoted{}, fmt.Errorf("promote source %s: %w", s.source, err)
	}
	var done Promoted
	err := pgx.BeginTxFunc(ctx, s.conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted}, func(tx pgx.Tx) error {
		var err error
		done, err = s.promote(ctx, tx, p)
		return err
	})
	if err != nil {
		return Promoted{}, fmt.Errorf("promote source %s: %w", s.source, err)
	}
	return done, nil
}

func (s *Session) promote(ctx context.Context, tx pgx.Tx, p Promotion) (Promoted, error) {
	var done Promoted
	if err := s.settle(ctx, tx); err != nil {
		return done, err
	}
	if err := s.decideRemovals(ctx, tx, p, &done); err != nil {
		return done, err
	}
	if err := s.stageLinks(ctx, tx); err != nil {
		return done, err
	}
	if err := s.merge(ctx, tx, p, &done); err != nil {
		return done, err
	}
	if err := s.mergeBeside(ctx, tx, p); err != nil {
		return done, err
	}
	s.balance(p, &done)
	if err := recordWalks(ctx, tx, p.ID, p.Walks); err != nil {
		return done, err
	}
	return done, recordCounts(ctx, tx, p.ID, done.Counts)
}

// settle leaves one row a subscriber on the stage, and none that says what is
// known.
func (s *Session) settle(ctx context.Context, tx pgx.Tx) error {
	if s.restaged {
		for _, name := range []string{"promote_settle_repeated", "promote_settle_unchanged"} {
			if _, err := tx.Exec(ctx, statement(name)); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	// Without statistics the joins to come are planned for a handful of rows.
	_, err := tx.Exec(ctx, `ANALYZE stage_subscriber, stage_imsi, stage_contract, stage_observation`)
	return err
}

// decideRemovals leaves in stage_gone what is to be removed.
func (s *Session) decideRemovals(ctx context.Context, tx pgx.Tx, p Promotion, done *Promoted) error {
	if len(p.Gone) == 0 {
		return nil
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"stage_gone"}, []string{"subscriber_key"}, pgx.CopyFromSlice(len(p.Gone), func(i int) ([]any, error) {
		return []any{p.Gone[i]}, nil
	}))
	if err != nil {
		return fmt.Errorf("copy to stage_gone: %w", err)
	}
	tag, err := tx.Exec(ctx, statement("promote_doubt"), s.source)
	if err != nil {
		return fmt.Errorf("promote_doubt: %w", err)
	}
	done.Doubtful = tag.RowsAffected()
	if done.HeldBack, err = s.holdBack(ctx, tx, p, int64(len(p.Gone))-done.Doubtful); err != nil {
		return err
	}
	if done.HeldBack != "" {
		_, err = tx.Exec(ctx, `DELETE FROM stage_gone`)
	}
	return err
}

// holdBack tells why n proved removals must not be made, if so.
func (s *Session) holdBack(ctx context.Context, tx pgx.Tx, p Promotion, n int64) (string, error) {
	if n == 0 || p.AllowRemovals {
		return "", nil
	}
	var before int64
	for _, flags := range s.known.flags {
		if flags&live != 0 {
			before++
		}
	}
	if share := float64(n) / float64(before); share > p.RemovalLimit {
		return fmt.Sprintf("%d of %d subscribers (%.1f %%) would be removed, more than the removal limit of %.1f %%",
			n, before, 100*share, 100*p.RemovalLimit), nil
	}
	var listings []string
	for _, f := range p.Walks {
		listings = append(listings, f.Listing)
	}
	rows, err := tx.Query(ctx, statement("promote_unwalked"), s.source, listings)
	if err != nil {
		return "", fmt.Errorf("promote_unwalked: %w", err)
	}
	unwalked, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return "", fmt.Errorf("promote_unwalked: %w", err)
	}
	if len(unwalked) > 0 {
		return fmt.Sprintf("listing %s was walked by the last good run and is no longer in the settings: %d subscribers would be removed", unwalked[0], n), nil
	}
	return "", nil
}

// stageLinks copies the parents that the walks named, of subscribers that they saw.
func (s *Session) stageLinks(ctx context.Context, tx pgx.Tx) error {
	if len(s.links) == 0 {
		return nil
	}
	seen := s.seen()
	var rows [][]any
	for place, l := range s.links {
		if !seen.has(place) {
			continue
		}
		var parent any
		if at := s.known.find(l.parent); at >= 0 && at != place && (seen.has(at) || s.known.flags[at]&inDatabase != 0) {
			parent = s.known.keys[at]
		}
		rows = append(rows, []any{s.known.keys[place], parent, l.enabled})
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"stage_link"}, []string{"subscriber_key", "parent_key", "is_enabled"}, pgx.CopyFromRows(rows))
	if err != nil {
		return fmt.Errorf("copy to stage_link: %w", err)
	}
	return nil
}

// merge brings the subscribers, their children and their history into the fleet.
func (s *Session) merge(ctx context.Context, tx pgx.Tx, p Promotion, done *Promoted) error {
	var fresh, changed int64
	err := tx.QueryRow(ctx, `SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM stage_subscriber`).Scan(&fresh, &changed)
	if err != nil {
		return fmt.Errorf("count the stage: %w", err)
	}
	restore, err := takeOffIndexes(ctx, tx, fresh)
	if err != nil {
		return fmt.Errorf("take the indexes off: %w", err)
	}
	m := merger{ctx: ctx, tx: tx}
	superseded := m.do("promote_changed", s.source, p.At, p.Complete)
	if superseded > 0 {
		m.do("promote_history", p.ID.Run)
	}
	if fresh > 0 {
		m.do("promote_insert", s.source, p.At)
		m.do("promote_imsi_insert")
		m.do("promote_contract_insert")
		m.exec(restore...)
	}
	if changed > 0 {
		m.do("promote_update")
		m.do("promote_imsi_delete")
		m.do("promote_imsi_upsert")
		m.do("promote_contract_update")
	}
	if superseded > 0 {
		m.do("promote_links", p.Complete)
		done.Removed = m.do("promote_remove")
	}
	done.Inserted, done.Updated = fresh, superseded-done.Removed
	return m.err
}

// mergeBeside brings in what makes no version of a subscriber.
func (s *Session) mergeBeside(ctx context.Context, tx pgx.Tx, p Promotion) error {
	m := merger{ctx: ctx, tx: tx}
	if len(s.customers) > 0 {
		ids, names := make([]uuid.UUID, 0, len(s.customers)), make([]string, 0, len(s.customers))
		for id, name := range s.customers {
			ids, names = append(ids, id), append(names, name)
		}
		m.do("promote_customers", s.source, ids, names)
	}
	if len(s.months) > 0 {
		m.do("promote_network_state")
		m.do("promote_data_usage")
	}
	listings := make([]string, len(s.walks))
	for i, w := range s.walks {
		listings[i] = w.listing
	}
	m.do("promote_rejects", p.ID.Run, s.source, listings, p.At)
	return m.err
}

// balance fills in the counts that follow from the others: what was seen and is
// neither new nor changed is unchanged, and a row more than subscribers seen is a
// repeated one.
func (s *Session) balance(p Promotion, done *Promoted) {
	c, distinct := s.counts(), s.seen().count()
	done.Records, done.Rejected, done.RejectedParts = c.records, c.rejected, c.parts
	done.Repeated = c.rows - distinct
	done.Unchanged = distinct - done.Inserted - done.Updated
	var declared int64
	for _, f := range p.Walks {
		if f.Declared == nil {
			return
		}
		declared += *f.Declared
	}
	done.Declared = &declared
}

// merger runs the statements of a promote until one fails.
type merger struct {
	ctx context.Context
	tx  pgx.Tx
	err error
}

// do runs a statement and returns how many rows it wrote.
func (m *merger) do(name string, args ...any) int64 {
	if m.err != nil {
		return 0
	}
	tag, err := m.tx.Exec(m.ctx, statement(name), args...)
	if err != nil {
		m.err = fmt.Errorf("%s: %w", name, err)
	}
	return tag.RowsAffected()
}

// exec runs statements that are not ours: they came from the catalogue.
func (m *merger) exec(statements ...string) {
	for _, text := range statements {
		if m.err == nil {
			_, m.err = m.tx.Exec(m.ctx, text)
		}
	}
}
