package export_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go"

	"simsync/internal/load"
)

// What the tests read files with knows nothing of what wrote them: a value comes back as
// nil, int64 (of times, microseconds, and of dates, days), float64, bool, string, or a
// []any of strings and nil.

// plain is what a value of the database is to come back as.
func plain(kind load.Kind, v load.Value) any {
	switch {
	case v.IsNull:
		return nil
	case kind == load.KindInteger, kind == load.KindTime, kind == load.KindDate:
		return v.Int
	case kind == load.KindBoolean:
		return v.Int != 0
	case kind == load.KindFloat:
		return v.Float
	case kind == load.KindUUID:
		return uuid.UUID(v.Bytes).String()
	case kind == load.KindTexts:
		list := make([]any, len(v.List))
		for i, element := range v.List {
			list[i] = plain(load.KindText, element)
		}
		return list
	}
	return string(v.Bytes)
}

// parse reads the text of a value.
func parse(kind load.Kind, text string) (any, error) {
	switch kind {
	case load.KindInteger:
		return strconv.ParseInt(text, 10, 64)
	case load.KindBoolean:
		return strconv.ParseBool(text)
	case load.KindFloat:
		return strconv.ParseFloat(text, 64)
	case load.KindTime:
		t, err := time.Parse(time.RFC3339Nano, text)
		return t.UnixMicro(), err
	case load.KindDate:
		t, err := time.Parse(time.DateOnly, text)
		return t.Unix() / 86400, err
	case load.KindTexts:
		list := []any{}
		err := json.Unmarshal([]byte(text), &list)
		return list, err
	case load.KindText, load.KindUUID, load.KindJSON:
	}
	return text, nil
}

// readCSV reads a file of CSV with its header. Nothing between two commas is null.
func readCSV(text string, columns []load.Column) (rows [][]any, err error) {
	lines, err := splitCSV(text)
	if err != nil {
		return nil, err
	}
	for i, line := range lines {
		if len(line) != len(columns) {
			return nil, fmt.Errorf("line %d has %d fields, want %d", i, len(line), len(columns))
		}
		var row []any
		for k, field := range line {
			switch {
			case i == 0 && *field != columns[k].Name:
				return nil, fmt.Errorf("column %d is %q, want %q", k, *field, columns[k].Name)
			case i == 0:
			case field == nil:
				row = append(row, nil)
			default:
				value, err := parse(columns[k].Kind, *field)
				if err != nil {
					return nil, err
				}
				row = append(row, value)
			}
		}
		if i > 0 {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// splitCSV takes CSV apart: nil is a field of no characters that is not in quotes.
func splitCSV(text string) (lines [][]*string, err error) {
	var line []*string
	for text != "" {
		var field *string
		if text[0] == '"' {
			var value strings.Builder
			for text = text[1:]; ; {
				before, after, found := strings.Cut(text, `"`)
				if !found {
					return nil, errors.New("a quote is open")
				}
				value.WriteString(before)
				if text = after; !strings.HasPrefix(text, `"`) {
					break
				}
				value.WriteByte('"')
				text = text[1:]
			}
			field = new(value.String())
		} else if end := strings.IndexAny(text, ",\n"); end > 0 {
			field, text = new(text[:end]), text[end:]
		}
		line = append(line, field)
		if strings.HasPrefix(text, "\n") {
			lines, line = append(lines, line), nil
		}
		text = text[1:]
	}
	return lines, nil
}

// readNDJSON reads an object a line.
func readNDJSON(text string, columns []load.Column) (rows [][]any, err error) {
	for line := range strings.Lines(text) {
		object := make(map[string]jsontext.Value)
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			return nil, err
		}
		var row []any
		for _, c := range columns {
			raw, isThere := object[c.Name]
			if !isThere || len(object) != len(columns) {
				return nil, fmt.Errorf("not an object of the columns: %s", line)
			}
			value, err := readJSON(c.Kind, raw)
			if err != nil {
				return nil, err
			}
			row = append(row, value)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func readJSON(kind load.Kind, raw jsontext.Value) (any, error) {
	switch {
	case kind == load.KindJSON:
		return string(raw), nil // null as well: the test's columns of JSON are never SQL's
	case raw.Kind() == 'n':
		return nil, nil
	case raw.Kind() == '"':
		text, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return nil, err
		}
		return parse(kind, string(text))
	}
	return parse(kind, string(raw))
}

// readParquet reads a file, and sees to it that its columns are the relation's.
func readParquet(text string, columns []load.Column) (rows [][]any, err error) {
	in, err := parquet.OpenFile(bytes.NewReader([]byte(text)), int64(len(text)))
	if err != nil {
		return nil, err
	}
	for i, f := range in.Schema().Fields() {
		if f.Name() != columns[i].Name || f.Optional() == columns[i].IsRequired {
			return nil, fmt.Errorf("column %d is %s (optional: %t), want %v", i, f.Name(), f.Optional(), columns[i])
		}
	}
	for _, group := range in.RowGroups() {
		reader := group.Rows()
		buffer := make([]parquet.Row, 1)
		for {
			n, err := reader.ReadRows(buffer)
			if n == 1 {
				rows = append(rows, rowOf(buffer[0], columns))
			}
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, err
			}
		}
		if err := reader.Close(); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func rowOf(row parquet.Row, columns []load.Column) []any {
	values := make([]any, len(columns))
	for i, all := range row.Range {
		present := 1
		if columns[i].IsRequired {
			present = 0
		}
		switch first := all[0]; {
		case first.DefinitionLevel() < present:
		case columns[i].Kind == load.KindTexts:
			list := []any{}
			for _, v := range all {
				if v.DefinitionLevel() > present {
					list = append(list, valueOf(load.KindText, v))
				}
			}
			values[i] = list
		default:
			values[i] = valueOf(columns[i].Kind, first)
		}
	}
	return values
}

func valueOf(kind load.Kind, v parquet.Value) any {
	switch {
	case v.IsNull():
		return nil
	case kind == load.KindInteger, kind == load.KindTime:
		return v.Int64()
	case kind == load.KindDate:
		return int64(v.Int32())
	case kind == load.KindFloat:
		return v.Double()
	case kind == load.KindBoolean:
		return v.Boolean()
	case kind == load.KindUUID:
		return uuid.UUID(v.ByteArray()).String()
	}
	return string(v.ByteArray())
}

func open(t *testing.T, file []byte) *parquet.File {
	t.Helper()
	opened, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return opened
}
