package load

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
)

// decideRemovals leaves in stage_gone what is to be removed.
func (s *Session) decideRemovals(ctx context.Context, tx pgx.Tx, p Promotion, done *Promoted) error {
	gone := s.stillMissing(p.Gone)
	err := copyRows(ctx, tx, "stage_gone", []string{"subscriber_key"}, gone, func(values []any, key int64) []any {
		return append(values, key)
	})
	if err != nil || len(gone) == 0 {
		return err
	}
	m := merger{ctx: ctx, tx: tx}
	m.exec(`ANALYZE stage_gone`)
	done.Doubtful = m.do("promote_doubt", s.source)
	if m.err != nil {
		return m.err
	}
	if done.HeldBack, err = s.holdBack(ctx, tx, p, int64(len(gone))-done.Doubtful); err != nil {
		return err
	}
	if done.HeldBack != "" {
		m.exec(`DELETE FROM stage_gone`)
	}
	return m.err
}

// stillMissing are those of keys that are live and that no walk has seen, each once.
// Whoever asked for missing subscribers one by one may have found another in a
// record of one of them.
func (s *Session) stillMissing(keys []int64) []int64 {
	if len(keys) == 0 {
		return nil
	}
	asked := make(map[int64]bool, len(keys))
	for _, key := range keys {
		asked[key] = true
	}
	return slices.DeleteFunc(s.missing(), func(key int64) bool { return !asked[key] })
}

// holdBack tells why n proved removals must not be made, if so.
func (s *Session) holdBack(ctx context.Context, tx pgx.Tx, p Promotion, n int64) (string, error) {
	if n == 0 || p.AllowRemovals {
		return "", nil
	}
	before := s.known.with(live)
	if share := float64(n) / float64(before); share > p.RemovalLimit {
		return fmt.Sprintf("%d of %d subscribers (%.1f %%) would be removed, more than the removal limit of %.1f %%",
			n, before, 100*share, 100*p.RemovalLimit), nil
	}
	listings := make([]string, len(p.Walks))
	for i, f := range p.Walks {
		listings[i] = f.Listing
	}
	unwalked, err := collect(ctx, tx, pgx.RowTo[string], "promote_unwalked", s.source, listings)
	if err != nil {
		return "", err
	}
	if len(unwalked) > 0 {
		return fmt.Sprintf("listing %s was walked by the last good run and is no longer in the settings: %d subscribers would be removed", unwalked[0], n), nil
	}
	return "", nil
}
