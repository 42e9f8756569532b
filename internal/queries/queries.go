package queries

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// Query is a file of docs/queries.
type Query struct {
	Name     string   // the file's name without .sql
	Question string   // its first line
	Columns  []string // those that its comment explains, in order
	Text     string   // all of it
}

// Read reads the queries of a folder by name. A file that does not begin as all the
// others do is an error.
func Read(folder fs.FS) ([]Query, error) {
	names, err := fs.Glob(folder, "*.sql")
	if err != nil {
		return nil, err
	}
	var all []Query
	for _, name := range names {
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return nil, err
		}
		q, err := parse(strings.TrimSuffix(name, ".sql"), string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, q)
	}
	return all, nil
}

// column is a line of the comment that explains one: its name, and two spaces at least
// before the words.
var column = regexp.MustCompile(`(?m)^-- ([a-z_]+)  +\S`)

func parse(name, text string) (Query, error) {
	comment, body := text, ""
	if i := strings.Index(text, "\nWITH"); i >= 0 {
		comment, body = text[:i], text[i:]
	} else if i := strings.Index(text, "\nSELECT"); i >= 0 {
		comment, body = text[:i], text[i:]
	}
	first, rest, _ := strings.Cut(comment, "\n")
	question, isComment := strings.CutPrefix(first, "-- ")
	switch {
	case !isComment || !strings.HasSuffix(question, "?"):
		return Query{}, errors.New(`the first line is no question: want "-- WHAT?"`)
	case !strings.Contains(rest, "\n-- Watch out: "):
		return Query{}, errors.New(`the comment has no paragraph "Watch out: "`)
	case body == "" || !strings.HasSuffix(body, ";\n"):
		return Query{}, errors.New("no statement that ends with a semicolon and a line break")
	}
	q := Query{Name: name, Question: question, Text: text}
	for _, found := range column.FindAllStringSubmatch(rest, -1) {
		q.Columns = append(q.Columns, found[1])
	}
	return q, nil
}

// Index lists the queries as a Markdown table.
func Index(all []Query) string {
	var b strings.Builder
	b.WriteString("| file | question |\n|---|---|\n")
	for _, q := range all {
		fmt.Fprintf(&b, "| [%s.sql](%[1]s.sql) | %s |\n", q.Name, q.Question)
	}
	return b.String()
}

//go:embed fleet.sql
var fleet string

// Fleet returns the statements that fill an empty schema with a fleet of that many
// subscribers, for a superuser. Its tables want a VACUUM ANALYZE afterwards.
func Fleet(subscribers int) string {
	return fmt.Sprintf("SET simsync.subscribers = %d;\n%s", subscribers, fleet)
}
