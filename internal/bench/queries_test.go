package bench

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"simsync/internal/localpg"
	"simsync/internal/queries"
)

// queryGoal is for a million subscribers on two cores, with a warm cache and
// PostgreSQL's default settings.
const queryGoal = 2 * time.Second

// BenchmarkQueries asks every question of docs/queries, as an analyst, of a fleet of
// SIMSYNC_BENCH_QUERIES_SUBSCRIBERS (100000) that statements made up, and prints the
// best of three times for each. A million take a quarter of an hour to make.
func BenchmarkQueries(b *testing.B) {
	subscribers := number(b, "SIMSYNC_BENCH_QUERIES_SUBSCRIBERS", 100_000)
	all, err := queries.Read(os.DirFS("../../docs/queries"))
	if err != nil {
		b.Fatal(err)
	}
	server, err := localpg.Start(b.Context(), localpg.Options{Durable: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = server.Stop(b.Context()) })
	w := &workshop{B: b, server: server}

	for b.Loop() {
		url := w.database(program{name: "now", path: build(b)})
		w.exec(url, queries.Fleet(subscribers))
		w.exec(url, "VACUUM ANALYZE")
		fmt.Printf("\nThe questions of docs/queries, %d subscribers, best of 3 (goal at 1,000,000: at most %s)\n", subscribers, queryGoal)
		w.connect(url, func(conn *pgx.Conn) error {
			if _, err := conn.Exec(b.Context(), `SET ROLE simsync_analyst`); err != nil {
				return err
			}
			for _, q := range all {
				took, err := ask(b, conn, q)
				if err != nil {
					return fmt.Errorf("%s: %w", q.Name, err)
				}
				note := ""
				if took > queryGoal {
					note = "  over the goal"
				}
				fmt.Printf("%8s  %s%s\n", took.Round(time.Millisecond), q.Name, note)
			}
			return nil
		})
	}
}

// ask returns the best of three times that a query takes, its rows received.
func ask(b *testing.B, conn *pgx.Conn, q queries.Query) (time.Duration, error) {
	b.Helper()
	var times []time.Duration
	for range 3 {
		started := time.Now()
		if _, err := conn.PgConn().Exec(b.Context(), q.Text).ReadAll(); err != nil {
			return 0, err
		}
		times = append(times, time.Since(started))
	}
	return slices.Min(times), nil
}
