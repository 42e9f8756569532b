package export

import (
	"io"
	"math"

	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/load"
)

// ndjsonEncoder writes one object a line, its members in the order of the columns, also
// those that are null.
type ndjsonEncoder struct {
	w       io.Writer
	columns []load.Column
	names   [][]byte // quoted, with what stands before and after
	line    []byte
	text    []byte
}

func newNDJSON(w io.Writer, relation load.Relation) (*ndjsonEncoder, error) {
	e := &ndjsonEncoder{w: w, columns: relation.Columns}
	for i, c := range e.columns {
		before := ","
		if i == 0 {
			before = "{"
		}
		name, err := jsontext.AppendQuote([]byte(before), c.Name)
		if err != nil {
			return nil, err
		}
		e.names = append(e.names, append(name, ':'))
	}
	return e, nil
}

func (e *ndjsonEncoder) row(values []load.Value) error {
	e.line = e.line[:0]
	for i, v := range values {
		e.line = append(e.line, e.names[i]...)
		if err := e.value(e.columns[i].Kind, v); err != nil {
			return err
		}
	}
	_, err := e.w.Write(append(e.line, "}\n"...))
	return err
}

// value appends a value: what JSON has a form for as such, and a text otherwise.
func (e *ndjsonEncoder) value(kind load.Kind, v load.Value) error {
	isNumber := kind == load.KindInteger || kind == load.KindFloat && !math.IsNaN(v.Float) && !math.IsInf(v.Float, 0)
	var err error
	switch {
	case v.IsNull:
		e.line = append(e.line, "null"...)
	case isNumber, kind == load.KindBoolean, kind == load.KindJSON, kind == load.KindTexts:
		e.line, err = appendPlain(e.line, kind, v)
	default:
		if e.text, err = appendPlain(e.text[:0], kind, v); err == nil {
			e.line, err = jsontext.AppendQuote(e.line, e.text)
		}
	}
	return err
}

func (*ndjsonEncoder) end() error { return nil }
