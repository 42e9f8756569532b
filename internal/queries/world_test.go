package queries_test

import (
	"context"
	_ "embed"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"simsync/internal/localpg"
	"simsync/internal/queries"
	"simsync/migrations"
)

const folder = "../../docs/queries"

var update = flag.Bool("update", false, "rewrite the answers and the index")

func TestMain(m *testing.M) { os.Exit(localpg.Main(m)) }

//go:embed testdata/fleet.sql
var known string

// The queries ask now() without its schema, so that theirs can be another: the morning on
// which the answers are known.
const clock = `
	CREATE SCHEMA clock;
	CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT timestamptz '2026-06-15 08:00Z' $$;
	GRANT USAGE ON SCHEMA clock TO simsync_analyst;`

// analyst connects as who may read the fleet and nothing else, at the time of clock where
// the database has one.
func analyst(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn := connect(t, url)
	exec(t, conn, `SET search_path = clock, pg_catalog; SET TimeZone = 'UTC'; SET ROLE simsync_analyst; SET default_transaction_read_only = on`)
	return conn
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func exec(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func migrated(ctx context.Context, url string) error {
	_, err := migrations.Up(ctx, url)
	return err
}

// withKnownFleet fills the database that the answers are of.
func withKnownFleet(ctx context.Context, url string) error {
	if err := migrated(ctx, url); err != nil {
		return err
	}
	return run(ctx, url, clock, known)
}

func run(ctx context.Context, url string, statements ...string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	for _, s := range statements {
		if _, err := conn.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func read(t *testing.T) []queries.Query {
	t.Helper()
	all, err := queries.Read(os.DirFS(folder))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// answer asks as psql does, and returns the names of the columns and the rows, as text;
// null is "-".
func answer(t *testing.T, conn *pgx.Conn, sql string) (columns []string, rows [][]string) {
	t.Helper()
	results, err := conn.PgConn().Exec(t.Context(), sql).ReadAll()
	if err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	for _, field := range results[0].FieldDescriptions {
		columns = append(columns, field.Name)
	}
	for _, values := range results[0].Rows {
		row := make([]string, len(values))
		for i, v := range values {
			if row[i] = string(v); v == nil {
				row[i] = "-"
			}
		}
		rows = append(rows, row)
	}
	return columns, rows
}

// table lays an answer out for a reader.
func table(columns []string, rows [][]string) string {
	widths := make([]int, len(columns))
	lines := append([][]string{columns}, rows...)
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		var padded strings.Builder
		for i, cell := range line {
			padded.WriteString(cell + strings.Repeat(" ", widths[i]-len(cell)+2))
		}
		b.WriteString(strings.TrimRight(padded.String(), " ") + "\n")
	}
	return b.String()
}

// golden compares with a file, or rewrites it.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s; make schema rewrites it (-file +now):\n%s", file, diff)
	}
}
