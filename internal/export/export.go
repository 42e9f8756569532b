// Package export writes relations of schema fleet as files, for those who have no SQL:
// CSV, JSON by lines, and Parquet.
//
// It refuses to know SQL, and of files all but the one that it writes. Rows come from
// package load one at a time and go out as they come: of CSV and JSON a buffer of 64 kB
// is held, of Parquet one row group.
//
// A value is the same in all three: what is null in the database is null, and an empty
// text is not; no number loses a digit, and no time its microseconds; no text is altered,
// also not for a spreadsheet that would read it as a formula. docs/export.md tells what
// each type becomes.
package export

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"

	"simsync/internal/load"
)

// Format is a format of files.
type Format string

// The formats.
const (
	CSV     Format = "csv"
	NDJSON  Format = "ndjson"
	Parquet Format = "parquet"
)

// Formats are all of them.
var Formats = []Format{CSV, NDJSON, Parquet}

// encoder writes rows in a format.
type encoder interface {
	row(values []load.Value) error
	// end writes what comes last. A file without it is none.
	end() error
}

// Write writes a relation and returns how many rows it had. Where it returns an error,
// what has been written so far is no whole file.
func Write(w io.Writer, f Format, relation load.Relation, rows iter.Seq2[[]load.Value, error]) (int64, error) {
	buffer := bufio.NewWriterSize(w, 64<<10)
	out, err := f.encoder(buffer, relation)
	if err != nil {
		return 0, err
	}
	var written int64
	for values, err := range rows {
		if err != nil {
			return written, err
		}
		if err := out.row(values); err != nil {
			return written, fmt.Errorf("write row %d of fleet.%s: %w", written+1, relation.Name, err)
		}
		written++
	}
	if err := errors.Join(out.end(), buffer.Flush()); err != nil {
		return written, fmt.Errorf("write the end of fleet.%s: %w", relation.Name, err)
	}
	return written, nil
}

func (f Format) encoder(w io.Writer, relation load.Relation) (encoder, error) {
	switch f {
	case CSV:
		return newCSV(w, relation)
	case NDJSON:
		return newNDJSON(w, relation)
	case Parquet:
		return newParquet(w, relation), nil
	}
	return nil, fmt.Errorf("no format %q", f)
}
