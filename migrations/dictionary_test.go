package migrations

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"simsync/internal/localpg"
)

const (
	dictionaryPage = "../docs/data-dictionary.md"
	exampleFolder  = "../docs/dictionary"
	madeUpFleet    = exampleFolder + "/made_up_fleet.sql"
)

// TestDataDictionary holds docs/data-dictionary.md to the catalogue of a migrated
// database, and its examples to what they answer on the made-up fleet.
func TestDataDictionary(t *testing.T) {
	t.Parallel()
	url := localpg.NewDatabase(t, up)
	d := dictionary{T: t, conn: connect(t, url)}
	d.exec(`SET TimeZone = 'UTC'`)
	d.exec(string(readFile(t, madeUpFleet)))
	d.exec(`SET ROLE simsync_analyst`)
	got := d.page()
	if *update {
		if err := os.WriteFile(dictionaryPage, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(string(readFile(t, dictionaryPage)), got); diff != "" {
		t.Errorf("docs/data-dictionary.md is not what the schema says; make dictionary rewrites it (-file +made):\n%s", diff)
	}
	for i, line := range strings.Split(got, "\n") {
		if len([]rune(line)) > widestLine+20 {
			t.Errorf("line %d is too wide for a terminal: %s", i+1, line)
		}
	}
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// dictionary writes the page, from a database that holds the made-up fleet, as an
// analyst.
type dictionary struct {
	*testing.T
	conn *pgx.Conn
	text strings.Builder
}

const introduction = `# Data dictionary

<!-- Written by a test from the catalogue of a migrated database: make dictionary. Change COMMENTs and examples, not this page. -->

All of the schema ''fleet'', as its COMMENTs tell it. psql tells the same by ''\dt+ fleet.*'', ''\dv+ fleet.*'' and, for one relation,
''\d+ fleet.subscriber''; [analysts.md](analysts.md) shows how to find the way. Relations of ''fleet'' are never dropped and made
anew, and columns are only added: queries and views go on working from version to version.

A timestamptz is a moment, shown in the time zone of the session; a text that is an identifier is compared byte by byte. What is
not known is null, never an empty text or 0; a list that has nothing in it is an empty array.

Each relation has an example, with what it answers on a [small made-up fleet](dictionary/made_up_fleet.sql) of seven subscribers
and three nights. The examples are files in [dictionary](dictionary).`

// widestLine is how far text goes before it is wrapped.
const widestLine = 120

func (d *dictionary) page() string {
	d.Helper()
	d.print("%s", strings.ReplaceAll(introduction, "''", "`"))
	relations := d.relations()
	d.contents(relations)
	d.diagram(relations)
	for _, r := range relations {
		d.relation(r)
	}
	d.print("\n## Functions")
	for _, f := range d.functions() {
		d.function(f)
	}
	d.wantNoStrangers(relations)
	return d.text.String()
}

func (d *dictionary) print(format string, args ...any) { fmt.Fprintf(&d.text, format+"\n", args...) }

func (d *dictionary) contents(relations []relation) {
	d.print("\n## Relations\n")
	for _, r := range relations {
		first, _, _ := strings.Cut(r.Comment, ". ")
		d.item(fmt.Sprintf("[`fleet.%s`](#fleet%s)%s: %s", r.Name, r.Name, r.kind(), strings.TrimSuffix(first, ".")+"."))
	}
}

func (d *dictionary) relation(r relation) {
	d.Helper()
	d.print("\n## fleet.%s\n", r.Name)
	d.print("%s\n", wrapped(r.Comment, ""))
	for _, c := range d.columns(r) {
		never := "never null"
		if c.mayBeNull() {
			never = "may be null"
		}
		d.item(fmt.Sprintf("`%s` (%s, %s): %s", c.Column, c.Type, never, c.Comment))
	}
	if rules := d.rules(r); len(rules) > 0 {
		d.print("\nKeys, checks and indexes:\n")
		for _, rule := range rules {
			d.item(rule)
		}
	}
	d.example(r.Name)
}

func (d *dictionary) function(f function) {
	d.Helper()
	d.print("\n### fleet.%s\n", f.Name)
	d.print("%s\n", wrapped(fmt.Sprintf("`fleet.%s(%s)` returns %s.", f.Name, f.Arguments, f.Result), ""))
	d.print("%s", wrapped(f.Comment, ""))
	d.example(f.Name)
}

// example shows a query and its answer. The query's first line is a comment: what it
// asks.
func (d *dictionary) example(name string) {
	d.Helper()
	file := filepath.Join(exampleFolder, name+".sql")
	if _, err := os.Stat(file); err != nil {
		d.Fatalf("fleet.%s has no worked example: write docs/dictionary/%s.sql, its first line a comment that says what it asks, on the fleet of made_up_fleet.sql (%v)",
			name, name, err)
	}
	first, query, _ := strings.Cut(string(readFile(d.T, file)), "\n")
	question, isComment := strings.CutPrefix(first, "-- ")
	if !isComment || !strings.Contains(query, "fleet."+name) {
		d.Errorf("docs/dictionary/%s.sql: its first line says what it asks, and then it asks fleet.%s", name, name)
	}
	d.print("\n%s\n\n```sql\n%s```\n\n```text\n%s```", wrapped("Example. "+question, ""), query, d.answer(query))
}

// wantNoStrangers finds examples of what is not there.
func (d *dictionary) wantNoStrangers(relations []relation) {
	d.Helper()
	files, err := filepath.Glob(exampleFolder + "/*.sql")
	if err != nil {
		d.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".sql")
		if file != madeUpFleet && !slices.ContainsFunc(relations, func(r relation) bool { return r.Name == name }) &&
			!slices.ContainsFunc(d.functions(), func(f function) bool { return f.Name == name }) {
			d.Errorf("%s is an example of nothing", file)
		}
	}
}

// item writes an item of a list.
func (d *dictionary) item(text string) { d.print("- %s", wrapped(text, "  ")) }

// wrapped breaks a text into lines, the later ones indented.
func wrapped(text, indent string) string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > widestLine {
			lines, line = append(lines, line), indent
		}
		if strings.TrimSpace(line) != "" {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, line), "\n")
}

// answer is a query's result as a grid of text.
func (d *dictionary) answer(query string) string {
	d.Helper()
	results, err := d.conn.PgConn().Exec(d.Context(), query).ReadAll()
	if err != nil {
		d.Fatalf("%s: %v", query, err)
	}
	result := results[len(results)-1]
	grid := [][]string{nil}
	for _, field := range result.FieldDescriptions {
		grid[0] = append(grid[0], field.Name)
	}
	for _, row := range result.Rows {
		var line []string
		for _, value := range row {
			line = append(line, string(value))
		}
		grid = append(grid, line)
	}
	if len(result.Rows) == 0 {
		d.Errorf("an example without an answer shows nothing: %s", query)
	}
	return aligned(grid)
}

// aligned lays a grid out as psql does, null left empty.
func aligned(grid [][]string) string {
	widths := make([]int, len(grid[0]))
	for _, row := range grid {
		for i, value := range row {
			widths[i] = max(widths[i], len([]rune(value)))
		}
	}
	var text strings.Builder
	for n, row := range grid {
		var cells, rule []string
		for i, value := range row {
			cells = append(cells, value+strings.Repeat(" ", widths[i]-len([]rune(value))))
			rule = append(rule, strings.Repeat("-", widths[i]))
		}
		text.WriteString(strings.TrimRight(strings.Join(cells, "  "), " ") + "\n")
		if n == 0 {
			text.WriteString(strings.Join(rule, "  ") + "\n")
		}
	}
	return text.String()
}

func (d *dictionary) exec(sql string) {
	d.Helper()
	if _, err := d.conn.Exec(d.Context(), sql); err != nil {
		d.Fatalf("%v", err)
	}
}
