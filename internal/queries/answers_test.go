package queries_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/localpg"
)

// Each query answers what is known of the fleet in testdata/fleet.sql, and its comment
// explains the columns of the answer, in their order.
func TestAnswers(t *testing.T) {
	t.Parallel()
	conn := analyst(t, localpg.NewDatabase(t, withKnownFleet))
	var want []string
	for _, q := range read(t) {
		columns, rows := answer(t, conn, q.Text)
		if diff := cmp.Diff(columns, q.Columns); diff != "" {
			t.Errorf("%s.sql: its columns, and those that its comment explains (-answer +comment):\n%s", q.Name, diff)
		}
		golden(t, filepath.Join("testdata/answers", q.Name+".txt"), table(columns, rows))
		want = append(want, q.Name+".txt")
	}
	files, err := os.ReadDir("testdata/answers")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !slices.Contains(want, f.Name()) {
			t.Errorf("testdata/answers/%s answers no query", f.Name())
		}
	}
}

// Whoever asks in another time zone gets the same days and rows.
func TestAnswersInAnotherZone(t *testing.T) {
	t.Parallel()
	conn := analyst(t, localpg.NewDatabase(t, withKnownFleet))
	for _, q := range read(t) {
		exec(t, conn, `SET TimeZone = 'UTC'`)
		columns, here := answer(t, conn, q.Text)
		exec(t, conn, `SET TimeZone = 'Pacific/Auckland'`)
		_, there := answer(t, conn, q.Text)
		for i, name := range columns {
			if strings.HasSuffix(name, "_at") || slices.Contains([]string{"complete_as_of", "since", "until", "held_until", "newest", "oldest", "old", "new"}, name) {
				blank(here, i)
				blank(there, i)
			}
		}
		if diff := cmp.Diff(here, there); diff != "" {
			t.Errorf("%s.sql (-UTC +Auckland):\n%s", q.Name, diff)
		}
	}
}

// blank empties a column: moments are worded in the session's zone.
func blank(rows [][]string, column int) {
	for _, row := range rows {
		row[column] = ""
	}
}

// An empty database has empty answers, and no division by zero.
func TestAnswersOfAnEmptyFleet(t *testing.T) {
	t.Parallel()
	conn := connect(t, localpg.NewDatabase(t, migrated))
	exec(t, conn, `SET ROLE simsync_analyst`)
	for _, q := range read(t) {
		if _, rows := answer(t, conn, q.Text); len(rows) > 0 {
			t.Errorf("%s.sql: %q", q.Name, rows)
		}
	}
}
