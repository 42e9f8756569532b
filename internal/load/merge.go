package load

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// settle leaves one row a subscriber on the stage, and puts the links beside. It
// touches no table of the fleet, since insert may have to wait for another promote,
// and who waits should hold nothing.
func (s *Session) settle(ctx context.Context, tx pgx.Tx, p Promotion) error {
	if err := s.stageLinks(ctx, tx, p.Complete); err != nil {
		return err
	}
	m := merger{ctx: ctx, tx: tx}
	// Compiling a statement of wide rows takes longer than running it.
	m.exec(`SET LOCAL jit = off`)
	// Without statistics the joins to come are planned for a handful of rows. Those of
	// the columns that they join by are enough.
	m.exec(`ANALYZE stage_subscriber (stage_row, subscriber_key, is_new), stage_imsi (stage_row), stage_contract (stage_row),
		stage_observation (subscriber_key), stage_reject (subscriber_id, iccid), stage_link (subscriber_key)`)
	if s.restaged {
		m.do("promote_settle_repeated")
	}
	if !p.Complete {
		m.do("promote_settle_nested")
	}
	return m.err
}

// insert brings the new subscribers and their children into the fleet. It goes
// first: what follows looks subscribers up one by one, and finds the indexes back in
// their places.
func (s *Session) insert(ctx context.Context, tx pgx.Tx, p Promotion, done *Promoted) error {
	var err error
	if done.Inserted, err = countNew(ctx, tx); err != nil || done.Inserted == 0 {
		return err
	}
	restore, err := takeOffIndexes(ctx, tx, done.Inserted)
	if err != nil {
		return fmt.Errorf("take the indexes off: %w", err)
	}
	m := merger{ctx: ctx, tx: tx}
	m.do("promote_insert", s.source, p.At)
	m.do("promote_imsi_insert")
	m.do("promote_contract_insert")
	m.exec(restore...)
	return m.err
}

// change supersedes the versions of those that changed, came back, are gone or have
// another parent.
func (s *Session) change(ctx context.Context, tx pgx.Tx, p Promotion, done *Promoted) error {
	m := merger{ctx: ctx, tx: tx}
	superseded := s.supersede(&m, p)
	if superseded > 0 {
		m.exec(`ANALYZE stage_changed`)
		m.do("promote_history", p.ID.Run)
		m.do("promote_update")
		m.do("promote_imsi_delete")
		m.do("promote_imsi_upsert")
		m.do("promote_contract_update")
		m.do("promote_links")
		done.Removed = m.do("promote_remove")
	}
	done.Updated = superseded - done.Removed
	return m.err
}

// supersede puts down on the stage whose versions are to be superseded, and returns how
// many that are.
func (s *Session) supersede(m *merger, p Promotion) int64 {
	if s.restaged {
		m.do("promote_settle_unchanged")
	}
	return m.do("promote_changed", p.At)
}

func countNew(ctx context.Context, tx pgx.Tx) (n int64, err error) {
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM stage_subscriber WHERE is_new`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the new subscribers: %w", err)
	}
	return n, nil
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
	if m.err != nil || len(s.months) == 0 {
		return m.err
	}
	return s.countUsage(ctx, tx)
}

// settleMoves tells the journal of write-backs which of the open moves have come to
// pass, now that the fleet says so.
func (s *Session) settleMoves(ctx context.Context, tx pgx.Tx, p Promotion, done *Promoted) error {
	m := merger{ctx: ctx, tx: tx}
	done.MovesSettled = m.do("promote_settle_moves", s.source, p.At)
	return m.err
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

// exec runs statements that have no file: they are of one line, or came from the
// catalogue.
func (m *merger) exec(statements ...string) {
	for _, text := range statements {
		if m.err != nil {
			return
		}
		if _, err := m.tx.Exec(m.ctx, text); err != nil {
			m.err = fmt.Errorf("%s: %w", text, err)
		}
	}
}
