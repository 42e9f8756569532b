package writeback

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Problem is one thing that is wrong with a file.
type Problem struct {
	// Line and Column are where, from 1, the column in bytes; Column 0: the line.
	Line, Column int
	// What is wrong, and what is allowed. It holds no whole identifier.
	What string
}

// FileError is all that is wrong with a file. Nothing of such a file is sent.
type FileError struct {
	Name     string
	Problems []Problem
}

// shownProblems bounds how many problems are worded: beyond, the file is of another
// kind.
const shownProblems = 50

// Error is a line for each problem, its place first.
func (e *FileError) Error() string {
	var lines []string
	for _, p := range e.Problems[:min(len(e.Problems), shownProblems)] {
		place := fmt.Sprintf("%s:%d", e.Name, p.Line)
		if p.Column > 0 {
			place = fmt.Sprintf("%s:%d", place, p.Column)
		}
		lines = append(lines, place+": "+p.What)
	}
	if more := len(e.Problems) - shownProblems; more > 0 {
		lines = append(lines, fmt.Sprintf("%s: and %d problems more", e.Name, more))
	}
	return strings.Join(lines, "\n")
}

// table reads a CSV file (RFC 4180) with a header that is fixed, and collects what is
// wrong with it.
type table struct {
	columns  []string
	problems []Problem
}

func (t *table) add(line, column int, format string, args ...any) {
	t.problems = append(t.problems, Problem{line, column, fmt.Sprintf(format, args...)})
}

// tableRow is a line of the file after its header.
type tableRow struct {
	table  *table
	line   int
	fields []string
	reader *csv.Reader
}

// wrong notes a problem of the field of index i.
func (r tableRow) wrong(i int, format string, args ...any) {
	line, column := r.reader.FieldPos(i)
	r.table.add(line, column, "%s %s", r.table.columns[i], fmt.Sprintf(format, args...))
}

// read hands each line to row. A byte order mark, CRLF and quoted fields are taken as
// spreadsheets write them.
func (t *table) read(name string, from io.Reader, row func(tableRow)) error {
	plain, err := withoutMark(from)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	reader := csv.NewReader(plain)
	reader.FieldsPerRecord = -1 // counted here, to name the line's own fault
	rows, isHeader := 0, true
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if malformed, ok := errors.AsType[*csv.ParseError](err); ok {
			t.add(malformed.Line, malformed.Column, "cannot be read as CSV: %v", malformed.Err)
			break
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		line, _ := reader.FieldPos(0)
		switch {
		case isHeader:
			isHeader = false
			if !t.isHeader(fields) {
				t.add(line, 0, "the header is not %s", strings.Join(t.columns, ","))
				return &FileError{name, t.problems}
			}
		case len(fields) != len(t.columns):
			rows++
			t.add(line, 0, "has %d fields; allowed: %d (%s)", len(fields), len(t.columns), strings.Join(t.columns, ","))
		default:
			rows++
			row(tableRow{table: t, line: line, fields: fields, reader: reader})
		}
	}
	if rows == 0 && len(t.problems) == 0 {
		t.add(1, 0, "holds nothing to do; allowed: the header %s and a line for each subscriber", strings.Join(t.columns, ","))
	}
	if len(t.problems) > 0 {
		return &FileError{name, t.problems}
	}
	return nil
}

func (t *table) isHeader(fields []string) bool {
	return slices.EqualFunc(fields, t.columns, func(field, column string) bool { return strings.TrimSpace(field) == column })
}

// withoutMark takes the byte order mark of UTF-8 off, and refuses UTF-16, which
// spreadsheets write as "Unicode text".
func withoutMark(from io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(from)
	start, err := buffered.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(start, []byte("\xEF\xBB\xBF")):
		_, err = buffered.Discard(3)
		return buffered, err
	case bytes.HasPrefix(start, []byte("\xFF\xFE")), bytes.HasPrefix(start, []byte("\xFE\xFF")):
		return nil, errUTF16
	}
	return buffered, nil
}

var errUTF16 = errors.New("it is UTF-16: save it as CSV in UTF-8")

// quoted shows a field that is no identifier, cut short where it is long.
func quoted(text string) string {
	const longest = 60
	if !utf8.ValidString(text) {
		return "not UTF-8"
	}
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "..."
	}
	return fmt.Sprintf("%q", text)
}

// hasControl tells whether a text holds a line break or another control character.
func hasControl(text string) bool { return strings.ContainsFunc(text, unicode.IsControl) }
