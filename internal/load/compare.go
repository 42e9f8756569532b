package load

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
)

// ErrOvertaken says that another run promoted while this one only read: what was
// compared with is not what the database holds.
var ErrOvertaken = errors.New("another run promoted meanwhile")

// Comparison is what a promote would do.
type Comparison struct {
	// Promoted is what it would return, but for the open moves, which are not looked at.
	Promoted
	// Fields are those that would change, as fleet.change names them, the most frequent
	// first.
	Fields []FieldCount
	// Examples are the first of each sort.
	Examples []Example
}

// FieldCount is in how many subscribers a field would change.
type FieldCount struct {
	Field       string
	Subscribers int64
}

// Example is a subscriber that a promote would insert, update or remove.
type Example struct {
	Change string // inserted, updated or removed
	// Subscriber is its physicalId or ICCID, masked.
	Subscriber string
	// Fields are what would change of it; none of a new one.
	Fields []FieldChange
}

// FieldChange is a field before and after, as text; nil is null. What names somebody or
// something is masked, and what may hold anything is withheld.
type FieldChange struct {
	Field    string
	Old, New *string
}

// examples is how many there are of each sort at most.
const examples = 5

// Compare tells what Promote would do at this moment, and does nothing of it. The server
// is told that the transaction only reads. It returns ErrOvertaken where what is known of
// the source is not true any more. It ends a preview's work as Promote ends another
// session's.
//
// Memory: what is compared is on the server; here are a few lines of it.
func (s *Session) Compare(ctx context.Context, p Promotion) (Comparison, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.preview == nil {
		return Comparison{}, fmt.Errorf("compare source %s: this session is there to promote", s.source)
	}
	var done Comparison
	err := pgx.BeginTxFunc(ctx, s.conn, readOnly, func(tx pgx.Tx) error {
		now, err := readState(ctx, tx, s.source)
		if err != nil {
			return err
		}
		if now != s.preview.state {
			return ErrOvertaken
		}
		done, err = s.compare(ctx, tx, p)
		return err
	})
	if err != nil {
		return Comparison{}, fmt.Errorf("compare source %s: %w", s.source, err)
	}
	return done, nil
}

// compare goes the way of promote, but for what that writes outside of the stage.
func (s *Session) compare(ctx context.Context, tx pgx.Tx, p Promotion) (done Comparison, err error) {
	if err := s.settle(ctx, tx, p); err != nil {
		return done, err
	}
	if done.Inserted, err = countNew(ctx, tx); err != nil {
		return done, err
	}
	if err := s.decideRemovals(ctx, tx, p, &done.Promoted); err != nil {
		return done, err
	}
	m := merger{ctx: ctx, tx: tx}
	superseded := s.supersede(&m, p)
	m.exec(`ANALYZE stage_changed`)
	m.do("compare_differences")
	m.exec(`ANALYZE stage_difference`)
	if m.err != nil {
		return done, m.err
	}
	if err := tx.QueryRow(ctx, `SELECT count(*) FROM stage_changed WHERE is_gone`).Scan(&done.Removed); err != nil {
		return done, fmt.Errorf("count the removals: %w", err)
	}
	done.Updated = superseded - done.Removed
	s.balance(p, &done.Promoted)
	if done.Fields, err = collect(ctx, tx, pgx.RowToStructByPos[FieldCount], "compare_fields"); err != nil {
		return done, err
	}
	done.Examples, err = collect(ctx, tx, readExample, "compare_examples", examples)
	return done, err
}

func readExample(row pgx.CollectableRow) (Example, error) {
	var e Example
	var fields []string
	var olds, news []*string
	if err := row.Scan(&e.Change, &e.Subscriber, &fields, &olds, &news); err != nil {
		return e, err
	}
	e.Subscriber = transform.Mask(e.Subscriber)
	for i, field := range fields {
		e.Fields = append(e.Fields, FieldChange{Field: field, Old: shown(field, olds[i]), New: shown(field, news[i])})
	}
	return e, nil
}

// shown is a value as it may be shown. Fields that are not known here to name nobody are
// withheld.
func shown(field string, value *string) *string {
	if value == nil {
		return nil
	}
	switch field {
	case "kind", "status", "provider_status", "customer_id", "nickname", "flags", "removed_at", "is_enabled_on_parent",
		"operator_code", "operator_name", "tariff_name", "line_rental_minor", "connected_at", "expires_at", "terminated_at",
		"contract_months", "is_active", "is_barred", "group_id", "subscriber_type", "smdp_provider":
		return value
	case "subscriber_id", "physical_id", "iccid", "eid", "imei", "imeisv", "eui", "data_number", "subscription_id":
		return new(transform.Mask(*value))
	}
	return new(withheld)
}

// withheld stands for a value that is not shown at all.
const withheld = "***"
