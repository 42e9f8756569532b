package export

import (
	"bytes"
	"io"

	"simsync/internal/load"
)

// csvEncoder writes what RFC 4180 describes, with the line ends of Unix. Null is nothing
// between two commas, and an empty text is "", as PostgreSQL's COPY reads and writes it.
// (encoding/csv writes both as nothing.)
type csvEncoder struct {
	w       io.Writer
	columns []load.Column
	line    []byte
	field   []byte
}

func newCSV(w io.Writer, relation load.Relation) (*csvEncoder, error) {
	e := &csvEncoder{w: w, columns: relation.Columns}
	for i, c := range e.columns {
		e.separate(i)
		e.line = appendField(e.line, []byte(c.Name))
	}
	return e, e.flush()
}

func (e *csvEncoder) row(values []load.Value) error {
	for i, v := range values {
		e.separate(i)
		if v.IsNull {
			continue
		}
		field, err := appendPlain(e.field[:0], e.columns[i].Kind, v)
		if err != nil {
			return err
		}
		e.field = field
		e.line = appendField(e.line, field)
	}
	return e.flush()
}

func (e *csvEncoder) separate(i int) {
	if i > 0 {
		e.line = append(e.line, ',')
	}
}

func (e *csvEncoder) flush() error {
	_, err := e.w.Write(append(e.line, '\n'))
	e.line = e.line[:0]
	return err
}

func (*csvEncoder) end() error { return nil }

// appendField quotes where a reader would else see something other than the text: also
// the two characters that, alone, end PostgreSQL's input.
func appendField(line, field []byte) []byte {
	if len(field) > 0 && !bytes.ContainsAny(field, ",\"\r\n") && string(field) != `\.` {
		return append(line, field...)
	}
	line = append(line, '"')
	for _, c := range field {
		if c == '"' {
			line = append(line, '"')
		}
		line = append(line, c)
	}
	return append(line, '"')
}
