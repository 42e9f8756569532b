package load

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// countUsage sums the usage of the days that were observed by tariff, in
// fleet.tariff_usage. A day is counted whole each time, from what fleet.data_usage
// holds, so that a second sync of a day or one that comes late counts nothing twice.
func (s *Session) countUsage(ctx context.Context, tx pgx.Tx) error {
	days, err := collect(ctx, tx, pgx.RowTo[time.Time], "promote_usage_days", s.source)
	if err != nil {
		return err
	}
	m := merger{ctx: ctx, tx: tx}
	for _, day := range days {
		m.do("promote_usage_forget", s.source, day)
		m.do("promote_usage_count", s.source, day)
	}
	if m.err != nil {
		return fmt.Errorf("count the usage of a day: %w", m.err)
	}
	return nil
}
