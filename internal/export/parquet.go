package export

import (
	"errors"
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"simsync/internal/load"
)

// A row group is what a reader takes in at once, and what is held here until it is
// written: its pages, compressed, and of each column a page that is being filled (256 kB
// at most). Rows are many where they are small.
const (
	rowGroupRows  = 128 << 10
	rowGroupBytes = 64 << 20 // of values, before they are encoded
)

// errNoInfinity says what Parquet has no value for.
var errNoInfinity = errors.New("an infinite time or date, which Parquet has no value for: leave the column out")

// parquetEncoder writes a column of the file for each of the relation's.
type parquetEncoder struct {
	w       *parquet.GenericWriter[any]
	columns []load.Column
	row1    []parquet.Row // one row, its values used again
	rows    int
	bytes   int
}

func newParquet(w io.Writer, relation load.Relation) *parquetEncoder {
	options := []parquet.WriterOption{
		parquet.NewSchema(relation.Name, root{columns: relation.Columns}),
		parquet.Compression(&zstd.Codec{Level: zstd.SpeedFastest}),
		parquet.DataPageStatistics(true),
		parquet.CreatedBy("simsync", "", ""),
		parquet.KeyValueMetadata("relation", "fleet."+relation.Name),
		parquet.KeyValueMetadata("comment", relation.Comment),
	}
	for _, c := range relation.Columns {
		options = append(options, parquet.KeyValueMetadata("type."+c.Name, c.Type), parquet.KeyValueMetadata("comment."+c.Name, c.Comment))
	}
	return &parquetEncoder{w: parquet.NewGenericWriter[any](w, options...), columns: relation.Columns, row1: make([]parquet.Row, 1)}
}

// root is a schema whose columns keep their order. (Those of parquet.Group are by name.)
type root struct {
	parquet.Group
	columns []load.Column
}

// Fields are the columns of the file.
func (r root) Fields() []parquet.Field {
	fields := make([]parquet.Field, len(r.columns))
	for i, c := range r.columns {
		node := nodeOf(c.Kind)
		if !c.IsRequired {
			node = parquet.Optional(node)
		}
		fields[i] = field{Node: node, name: c.Name}
	}
	return fields
}

type field struct {
	parquet.Node
	name string
}

// Name is the column's.
func (f field) Name() string { return f.name }

// Value is never asked for: rows come as values and not as structs.
func (f field) Value(base reflect.Value) reflect.Value { return base.FieldByName(f.name) }

func nodeOf(kind load.Kind) parquet.Node {
	switch kind {
	case load.KindInteger:
		return parquet.Int(64)
	case load.KindFloat:
		return parquet.Leaf(parquet.DoubleType)
	case load.KindBoolean:
		return parquet.Leaf(parquet.BooleanType)
	case load.KindUUID:
		return parquet.UUID()
	case load.KindTime:
		return parquet.Timestamp(parquet.Microsecond)
	case load.KindDate:
		return parquet.Date()
	case load.KindJSON:
		return parquet.JSON()
	case load.KindTexts:
		return parquet.List(parquet.Optional(parquet.String()))
	case load.KindText:
	}
	return parquet.String()
}

func (e *parquetEncoder) row(values []load.Value) error {
	row := e.row1[0][:0]
	for i, v := range values {
		var err error
		if row, err = e.append(row, i, v); err != nil {
			return err
		}
		e.bytes += 8 + len(v.Bytes)
		for _, element := range v.List {
			e.bytes += 8 + len(element.Bytes)
		}
	}
	e.row1[0] = row
	if _, err := e.w.WriteRows(e.row1); err != nil {
		return err
	}
	if e.rows++; e.rows < rowGroupRows && e.bytes < rowGroupBytes {
		return nil
	}
	e.rows, e.bytes = 0, 0
	return e.w.Flush()
}

func (e *parquetEncoder) end() error { return e.w.Close() }

// append adds a column's value to a row, with its levels: of a column that may be null
// the definition level is 1 where it is not.
func (e *parquetEncoder) append(row parquet.Row, column int, v load.Value) (parquet.Row, error) {
	kind, defined := e.columns[column].Kind, 1
	if e.columns[column].IsRequired {
		defined = 0
	}
	if v.IsNull {
		return append(row, parquet.NullValue().Level(0, 0, column)), nil
	}
	switch kind {
	case load.KindTexts:
		return appendElements(row, v.List, defined, column), nil
	case load.KindTime, load.KindDate:
		if v.Int == load.Ever || v.Int == load.Never {
			return nil, errNoInfinity
		}
	case load.KindText, load.KindInteger, load.KindFloat, load.KindBoolean, load.KindUUID, load.KindJSON:
	}
	return append(row, valueOf(kind, v).Level(0, defined, column)), nil
}

// valueOf is a value that is not null, and no list.
func valueOf(kind load.Kind, v load.Value) parquet.Value {
	switch kind {
	case load.KindInteger, load.KindTime:
		return parquet.Int64Value(v.Int)
	case load.KindDate:
		return parquet.Int32Value(int32(v.Int)) // PostgreSQL's dates are of 32 bits, and an infinite one does not come here
	case load.KindFloat:
		return parquet.DoubleValue(v.Float)
	case load.KindBoolean:
		return parquet.BooleanValue(v.Int != 0)
	case load.KindUUID:
		return parquet.FixedLenByteArrayValue(v.Bytes)
	case load.KindText, load.KindJSON, load.KindTexts:
	}
	return parquet.ByteArrayValue(v.Bytes)
}

// appendElements adds a list that is there: an empty one as a value that ends at the
// list's level, and of the others all but the first as repeated.
func appendElements(row parquet.Row, list []load.Value, defined, column int) parquet.Row {
	if len(list) == 0 {
		return append(row, parquet.NullValue().Level(0, defined, column))
	}
	for i, v := range list {
		repeated := min(i, 1)
		if v.IsNull {
			row = append(row, parquet.NullValue().Level(repeated, defined+1, column))
			continue
		}
		row = append(row, parquet.ByteArrayValue(v.Bytes).Level(repeated, defined+2, column))
	}
	return row
}
