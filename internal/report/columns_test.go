package report_test

import (
	"bytes"
	"context"
	"os"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/report"
	"simsync/migrations"
)

func TestMain(m *testing.M) { os.Exit(localpg.Main(m)) }

func migrate(ctx context.Context, url string) error {
	_, err := migrations.Up(ctx, url)
	return err
}

// The members of the JSON are the columns of the ledger, so that a script may go from
// one to the other; is_running alone is no column.
func TestJSONMembersAreTheLedgersColumns(t *testing.T) {
	db, err := load.Open(t.Context(), localpg.NewDatabase(t, migrate))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()

	var b bytes.Buffer
	if err := report.RunDetailJSON(&b, detail(good)); err != nil {
		t.Fatal(err)
	}
	var line bytes.Buffer
	var reject map[string]jsontext.Value
	if _, err := report.RejectRecords(&line, each(refusals[0])); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(line.Bytes(), &reject); err != nil {
		t.Fatal(err)
	}
	var d struct {
		Sources []map[string]jsontext.Value `json:"sources"`
		Walks   []map[string]jsontext.Value `json:"walks"`
	}
	if err := json.Unmarshal(b.Bytes(), &d); err != nil {
		t.Fatal(err)
	}
	for table, c := range map[string]struct {
		object map[string]jsontext.Value
		more   []string
	}{
		"run":    {d.Sources[0], []string{"is_running"}},
		"walk":   {d.Walks[0], nil},
		"reject": {reject, nil},
	} {
		var want, got []string
		err := db.Pool().QueryRow(t.Context(), `SELECT array_agg(column_name::text) FROM information_schema.columns
			WHERE table_schema = 'sync' AND table_name = $1`, table).Scan(&want)
		if err != nil {
			t.Fatal(err)
		}
		for name := range c.object {
			got = append(got, name)
		}
		want = append(want, c.more...)
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("members of a %s, against the columns of sync.%s (-want +got):\n%s", table, table, diff)
		}
	}
}
