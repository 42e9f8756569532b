package main

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"simsync/internal/load"
)

// queryFiles hold what an analyst might ask, a question a file, which its first line
// words. No line is wider than a small terminal.
//
//go:embed queries/*.sql
var queryFiles embed.FS

// question is a query file.
type question struct{ title, query string }

func questions() ([]question, error) {
	names, err := fs.Glob(queryFiles, "queries/*.sql")
	if err != nil {
		return nil, err
	}
	var all []question
	for _, name := range names {
		content, err := queryFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		title, query, _ := strings.Cut(strings.TrimPrefix(string(content), "-- "), "\n")
		all = append(all, question{title, strings.TrimSpace(query)})
	}
	return all, nil
}

// showQueries asks the questions and prints each with its query and its answer.
func (e *environment) showQueries(db *load.DB) error {
	all, err := questions()
	if err != nil {
		return err
	}
	for _, q := range all {
		answer, err := e.answer(db, q.query)
		if err != nil {
			return fmt.Errorf("query %q: %w", q.title, err)
		}
		e.say("\n%s:\n\n%s\n\n%s", q.title, indent(q.query), indent(answer))
	}
	return nil
}

// answer runs a query and lays its rows out.
func (e *environment) answer(db *load.DB, query string) (string, error) {
	rows, err := db.Pool().Query(e.ctx, query)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	t := newTable()
	var header table.Row
	for _, column := range rows.FieldDescriptions() {
		header = append(header, column.Name)
	}
	t.AppendHeader(header)
	answered := false
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return "", err
		}
		row, configs := shown(values)
		t.AppendRow(row)
		t.SetColumnConfigs(configs)
		answered = true
	}
	if err := rows.Err(); err != nil {
		return "", err
	}
	if !answered {
		return "(no rows)", nil
	}
	return t.Render(), nil
}

// newTable looks as the ledger's tables do: two spaces between columns, no lines.
func newTable() table.Writer {
	t := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	t.SetStyle(style)
	t.SuppressTrailingSpaces()
	return t
}

// shown words the values of a row: numbers stand to the right, and the driver's own
// numeric is worded by its JSON.
func shown(values []any) (table.Row, []table.ColumnConfig) {
	row := make(table.Row, len(values))
	var configs []table.ColumnConfig
	for i, value := range values {
		row[i] = value
		if value == nil {
			row[i] = "-"
		}
		if number, ok := value.(interface{ MarshalJSON() ([]byte, error) }); ok {
			if text, err := number.MarshalJSON(); err == nil {
				row[i] = string(text)
			}
		}
		if _, isText := value.(string); !isText {
			configs = append(configs, table.ColumnConfig{Number: i + 1, Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
	}
	return row, configs
}

func indent(lines string) string { return "  " + strings.ReplaceAll(lines, "\n", "\n  ") }
