package queries_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"simsync/internal/queries"
)

// The page lists every query with its question.
func TestIndex(t *testing.T) {
	t.Parallel()
	const page = folder + "/README.md"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	begin, _, found := strings.Cut(string(text), "| file | question |\n")
	if !found {
		t.Fatalf("%s has no table", page)
	}
	golden(t, page, begin+queries.Index(read(t)))
}

// What the queries say of other files is true.
func TestMentionedFiles(t *testing.T) {
	t.Parallel()
	for _, q := range read(t) {
		for _, word := range strings.FieldsFunc(q.Text, func(r rune) bool { return strings.ContainsRune(" ,:()\n", r) }) {
			word = strings.TrimSuffix(word, ".")
			if !strings.HasSuffix(word, ".sql") && !strings.HasSuffix(word, ".md") {
				continue
			}
			place := folder + "/" + word
			if strings.HasPrefix(word, "docs/") {
				place = "../../" + word
			}
			if _, err := os.Stat(place); err != nil {
				t.Errorf("%s.sql: %v", q.Name, err)
			}
		}
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"SELECT 1;\n": `q.sql: the first line is no question: want "-- WHAT?"`,
		"-- All SIMs\n--\n-- Watch out: x\nSELECT 1;\n":       `q.sql: the first line is no question: want "-- WHAT?"`,
		"-- Which?\nSELECT 1;\n":                              `q.sql: the comment has no paragraph "Watch out: "`,
		"-- Which?\n--\n-- Watch out: all is well.\nSELECT 1": `q.sql: no statement that ends with a semicolon and a line break`,
		"-- Which?\n--\n-- Watch out: all is well.\n":         `q.sql: no statement that ends with a semicolon and a line break`,
	} {
		_, err := queries.Read(fstest.MapFS{"q.sql": {Data: []byte(text)}})
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
