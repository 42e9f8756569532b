package load

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// Value is a value of a column, in the member that its kind has.
type Value struct {
	IsNull bool
	// Int is a KindInteger; a KindBoolean, 0 or 1; the microseconds of a KindTime or the
	// days of a KindDate since 1970 in UTC, where Never and Ever stand for the infinities.
	Int   int64
	Float float64
	// Bytes are a KindText or KindJSON in UTF-8, or the sixteen of a KindUUID.
	Bytes []byte
	// List is a KindTexts: texts or nulls.
	List []Value
}

// The infinities of a KindTime and a KindDate.
const (
	Ever  = math.MaxInt64
	Never = math.MinInt64
)

// errMalformed says that the server's bytes are not of their type.
var errMalformed = errors.New("not of its type")

// rows are those of a relation. The server sends them in binary where a kind is read so,
// and in its own words else.
func (e exported) rows(ctx context.Context, tx pgx.Tx, s Selection) iter.Seq2[[]Value, error] {
	return func(yield func([]Value, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		sql, args := e.query(s.Source)
		rows, err := tx.Query(ctx, sql, args...)
		if err != nil {
			stop()
			yield(nil, fmt.Errorf("read fleet.%s: %w", e.Name, err))
			return
		}
		defer rows.Close()
		defer stop() // before Close, which would read to the end for one who has gone
		values := make([]Value, len(e.Columns))
		isEmpty := true
		for rows.Next() {
			isEmpty = false
			for i, raw := range rows.RawValues() {
				if err := values[i].read(e.Columns[i].Kind, raw); err != nil {
					yield(nil, fmt.Errorf("read column %s of fleet.%s: %w", e.Columns[i].Name, e.Name, err))
					return
				}
			}
			if !yield(values, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("read fleet.%s: %w", e.Name, err))
			return
		}
		if isEmpty {
			if err := s.checkSource(ctx, tx); err != nil {
				yield(nil, err)
			}
		}
	}
}

// checkSource refuses a source that nobody knows: a name mistyped gives no rows, and an
// empty file would take the place of a good one. It is asked where no row came, so that
// it costs nothing otherwise, and a source with rows is right whatever the ledger knows.
func (s Selection) checkSource(ctx context.Context, tx pgx.Tx) error {
	if s.Source == "" || slices.Contains(s.Configured, s.Source) {
		return nil
	}
	known, err := collect(ctx, tx, pgx.RowTo[string], "export_sources", s.Configured)
	switch {
	case err != nil:
		return fmt.Errorf("list the sources: %w", err)
	case slices.Contains(known, s.Source):
		return nil
	case len(known) == 0:
		return fmt.Errorf("%w: no source is named %q; there is none yet", ErrNotExported, s.Source)
	}
	return fmt.Errorf("%w: no source is named %q; there are: %s", ErrNotExported, s.Source, strings.Join(known, ", "))
}

// query words the statement. No name in it is but from the catalogue, and each is quoted.
func (e exported) query(source string) (string, []any) {
	formats := make(pgx.QueryResultFormats, len(e.Columns))
	names := make([]string, len(e.Columns))
	for i, c := range e.Columns {
		names[i] = quoted(c.Name)
		formats[i] = pgtype.BinaryFormatCode
		if c.Kind == KindText {
			formats[i] = pgtype.TextFormatCode
		}
	}
	args := []any{formats}
	sql := "SELECT " + strings.Join(names, ", ") + " FROM " + quoted("fleet", e.Name)
	if source != "" {
		sql += " WHERE source = $1"
		args = append(args, source)
	}
	if len(e.key) > 0 {
		key := make([]string, len(e.key))
		for i, name := range e.key {
			key[i] = quoted(name)
		}
		sql += " ORDER BY " + strings.Join(key, ", ")
	}
	return sql, args
}

func quoted(names ...string) string { return pgx.Identifier(names).Sanitize() }

// Microseconds and days from 1970 to 2000, where PostgreSQL begins to count.
const (
	epochDays   = 10957
	epochMicros = epochDays * 24 * 60 * 60 * 1_000_000
)

// read takes a value as the server sent it.
func (v *Value) read(kind Kind, raw []byte) error {
	*v = Value{IsNull: raw == nil, List: v.List[:0]}
	if v.IsNull {
		return nil
	}
	var err error
	switch kind {
	case KindText:
		v.Bytes = raw
	case KindInteger, KindBoolean:
		v.Int, err = integer(raw)
	case KindFloat:
		raw, err = exactly(raw, 8)
		if err == nil {
			v.Float = math.Float64frombits(binary.BigEndian.Uint64(raw))
		}
	case KindUUID:
		v.Bytes, err = exactly(raw, 16)
	case KindTime:
		v.Int, err = instant(raw)
	case KindDate:
		v.Int, err = day(raw)
	case KindJSON:
		if len(raw) == 0 || raw[0] != 1 { // the version of the form
			return errMalformed
		}
		v.Bytes = raw[1:]
	case KindTexts:
		v.List, err = list(v.List, raw)
	}
	return err
}

func exactly(raw []byte, size int) ([]byte, error) {
	if len(raw) != size {
		return nil, errMalformed
	}
	return raw, nil
}

func integer(raw []byte) (int64, error) {
	switch len(raw) {
	case 1:
		return int64(raw[0]), nil
	case 2:
		return int64(int16(binary.BigEndian.Uint16(raw))), nil
	case 4:
		return int64(int32(binary.BigEndian.Uint32(raw))), nil
	case 8:
		return int64(binary.BigEndian.Uint64(raw)), nil
	}
	return 0, errMalformed
}

// instant counts from 1970. The last thirty years that PostgreSQL knows, the 295th
// millennium's, do not fit.
func instant(raw []byte) (int64, error) {
	micros, err := integer(raw)
	switch {
	case err != nil || micros == Ever || micros == Never:
		return micros, err
	case micros > math.MaxInt64-epochMicros:
		return 0, errors.New("a time too far off")
	}
	return micros + epochMicros, nil
}

func day(raw []byte) (int64, error) {
	days, err := integer(raw)
	switch {
	case err != nil:
		return 0, err
	case days == math.MaxInt32:
		return Ever, nil
	case days == math.MinInt32:
		return Never, nil
	}
	return days + epochDays, nil
}

// list reads an array of texts or UUIDs into values that are there already.
func list(values []Value, raw []byte) ([]Value, error) {
	const header, dimension = 12, 8 // bytes: dimensions, whether nulls, type; length, lower bound
	if len(raw) < header {
		return nil, errMalformed
	}
	dimensions, of := binary.BigEndian.Uint32(raw), binary.BigEndian.Uint32(raw[8:])
	switch {
	case dimensions == 0:
		return values, nil
	case dimensions > 1:
		return nil, errors.New("an array of more than one dimension")
	case len(raw) < header+dimension:
		return nil, errMalformed
	}
	for raw = raw[header+dimension:]; len(raw) >= 4; {
		size := int32(binary.BigEndian.Uint32(raw))
		if raw = raw[4:]; size < 0 {
			values = append(values, Value{IsNull: true})
			continue
		}
		if int64(size) > int64(len(raw)) {
			return nil, errMalformed
		}
		element := raw[:size]
		if raw = raw[size:]; of == pgtype.UUIDOID {
			id, err := uuid.FromBytes(element)
			if err != nil {
				return nil, errMalformed
			}
			element = []byte(id.String())
		}
		values = append(values, Value{Bytes: element})
	}
	return values, nil
}
