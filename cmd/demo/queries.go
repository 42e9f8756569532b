package main

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"simsync/internal/load"
)

//go:embed queries/*.sql
var queryFiles embed.FS

// showQueries runs the analyst queries and prints each with its answer.
func (e *environment) showQueries(db *load.DB) error {
	names, err := fs.Glob(queryFiles, "queries/*.sql")
	if err != nil {
		return err
	}
	for _, name := range names {
		text, err := queryFiles.ReadFile(name)
		if err != nil {
			return err
		}
		title, query, _ := strings.Cut(strings.TrimPrefix(string(text), "-- "), "\n")
		e.say("\n%s\n\n  %s\n", title, strings.ReplaceAll(strings.TrimSpace(query), "\n", "\n  "))
		if err := e.showQuery(db, query); err != nil {
			return fmt.Errorf("query %s: %w", name, err)
		}
	}
	return nil
}

func (e *environment) showQuery(db *load.DB, query string) error {
	rows, err := db.Pool().Query(e.ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	t := table.NewWriter()
	t.SetOutputMirror(e.out)
	t.SetStyle(table.StyleLight)
	header := table.Row{}
	for _, column := range rows.FieldDescriptions() {
		header = append(header, column.Name)
	}
	t.AppendHeader(header)
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return err
		}
		t.AppendRow(shown(values))
	}
	if err := rows.Err(); err != nil {
		return err
	}
	t.Render()
	return nil
}

// shown turns values that only the driver can print into text.
func shown(values []any) table.Row {
	row := make(table.Row, len(values))
	for i, value := range values {
		row[i] = value
		if number, ok := value.(interface{ MarshalJSON() ([]byte, error) }); ok {
			if text, err := number.MarshalJSON(); err == nil {
				row[i] = string(text)
			}
		}
	}
	return row
}
