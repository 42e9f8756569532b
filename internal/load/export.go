package load

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// ErrNotExported says that what was asked for is nothing that schema fleet has.
var ErrNotExported = errors.New("not to be exported")

// Kind is what the values of a column are to whoever writes them elsewhere.
type Kind int

// The kinds. A type without one of its own is KindText, as PostgreSQL words it.
const (
	KindText Kind = iota
	KindInteger
	KindFloat
	KindBoolean
	KindUUID
	KindTime // with time zone
	KindDate
	KindJSON
	KindTexts // text[] and uuid[]
)

var kinds = map[uint32]Kind{
	pgtype.Int2OID: KindInteger, pgtype.Int4OID: KindInteger, pgtype.Int8OID: KindInteger,
	pgtype.Float8OID: KindFloat, pgtype.BoolOID: KindBoolean, pgtype.UUIDOID: KindUUID,
	pgtype.TimestamptzOID: KindTime, pgtype.DateOID: KindDate, pgtype.JSONBOID: KindJSON,
	pgtype.TextArrayOID: KindTexts, pgtype.VarcharArrayOID: KindTexts, pgtype.UUIDArrayOID: KindTexts,
}

// Column is a column of a relation.
type Column struct {
	Name string
	// Type is PostgreSQL's name of it: "timestamp with time zone".
	Type string
	Kind Kind
	// IsRequired is true where the column is never null.
	IsRequired bool
	// Comment is what the column holds; empty where nobody said.
	Comment string
}

// Relation is a table or view of schema fleet, with the columns that were asked for.
type Relation struct {
	// Name is without the schema.
	Name    string
	Comment string
	Columns []Column
}

// Selection says what of schema fleet is wanted.
type Selection struct {
	// Relation is a table or view, with the schema or without.
	Relation string
	// Columns are those wanted, in their order; none: all of them.
	Columns []string
	// Source is the one source; empty: all of them.
	Source string
	// Configured are the sources of the settings: one of them is right, though the
	// database may know nothing of it yet.
	Configured []string
}

// Export reads a relation as of one moment, and hands its rows to write in the order of
// its key. A row is of the columns of the relation that write is given; it and its
// values last until the next one. Rows end with at most one error. Of all rows one is
// held at a time, however many there are.
//
// It returns ErrNotExported where there is no such relation, column or source's column;
// where there is no such source, the rows end with it.
// The server cannot clean up after rows that change meanwhile until Export returns.
func (db *DB) Export(ctx context.Context, s Selection, write func(Relation, iter.Seq2[[]Value, error]) error) error {
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, db.pool, snapshot, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, statement("export_settings")); err != nil {
			return fmt.Errorf("set how values are worded: %w", err)
		}
		found, err := look(ctx, tx, s)
		if err != nil {
			return err
		}
		return write(found.Relation, found.rows(ctx, tx, s))
	})
}

// catalogued is a column as the catalogue has it.
type catalogued struct {
	Name, Type string
	OID        uint32
	IsRequired bool
	Comment    string
	Key        int64
}

// exported is a relation that is there, and by what its rows are ordered.
type exported struct {
	Relation
	key []string
}

// look finds what was selected in the catalogue.
func look(ctx context.Context, tx pgx.Tx, s Selection) (exported, error) {
	name, err := relationName(s.Relation)
	if err != nil {
		return exported{}, err
	}
	all, err := collect(ctx, tx, pgx.RowToStructByName[catalogued], "export_columns", name)
	if err != nil {
		return exported{}, fmt.Errorf("look for fleet.%s in the catalogue: %w", name, err)
	}
	relations, err := collect(ctx, tx, pgx.RowToStructByName[struct{ Name, Comment string }], "export_relations")
	if err != nil {
		return exported{}, fmt.Errorf("list the relations of schema fleet: %w", err)
	}
	found := exported{Relation: Relation{Name: name}, key: keyOf(all)}
	var names []string
	for _, r := range relations {
		names = append(names, r.Name)
		if r.Name == name {
			found.Comment = r.Comment
		}
	}
	switch {
	case len(all) == 0:
		return exported{}, fmt.Errorf("%w: schema fleet has no relation %q; it has: %s", ErrNotExported, name, strings.Join(names, ", "))
	case s.Source != "" && !slices.ContainsFunc(all, func(c catalogued) bool { return c.Name == "source" }):
		return exported{}, fmt.Errorf("%w: fleet.%s has no column source to choose by", ErrNotExported, name)
	}
	found.Columns, err = pick(name, all, s.Columns)
	return found, err
}

// relationName takes the schema off, which can only be fleet: the others hold contacts,
// records as received and the program's own.
func relationName(relation string) (string, error) {
	schema, name, isQualified := strings.Cut(relation, ".")
	switch {
	case !isQualified:
		return relation, nil
	case schema != "fleet":
		return "", fmt.Errorf("%w: %q is of schema %s, and only what schema fleet has is exported", ErrNotExported, relation, schema)
	}
	return name, nil
}

// pick takes the columns wanted, in their order.
func pick(relation string, all []catalogued, wanted []string) ([]Column, error) {
	var columns []Column
	var names []string
	for _, c := range all {
		columns = append(columns, Column{Name: c.Name, Type: c.Type, Kind: kinds[c.OID], IsRequired: c.IsRequired, Comment: c.Comment})
		names = append(names, c.Name)
	}
	if len(wanted) == 0 {
		return columns, nil
	}
	var picked []Column
	for i, name := range wanted {
		at := slices.Index(names, name)
		switch {
		case at < 0:
			return nil, fmt.Errorf("%w: fleet.%s has no column %q; it has: %s", ErrNotExported, relation, name, strings.Join(names, ", "))
		case slices.Contains(wanted[:i], name):
			return nil, fmt.Errorf("%w: column %q is asked for twice", ErrNotExported, name)
		}
		picked = append(picked, columns[at])
	}
	return picked, nil
}

// keyOf names what rows are ordered by, so that two exports can be compared line by
// line: a table's primary key, or of a view the subscriber that each row speaks of.
func keyOf(all []catalogued) []string {
	var key []string
	for place := int64(1); ; place++ {
		at := slices.IndexFunc(all, func(c catalogued) bool { return c.Key == place })
		if at < 0 {
			break
		}
		key = append(key, all[at].Name)
	}
	if len(key) == 0 && slices.ContainsFunc(all, func(c catalogued) bool { return c.Name == "subscriber_key" }) {
		key = append(key, "subscriber_key")
	}
	return key
}
