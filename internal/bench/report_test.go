package bench

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"simsync/internal/localpg"
	"simsync/internal/queries"
)

// What the page of a million subscribers may take, with a warm cache.
const (
	reportGoal       = 10 * time.Second
	reportMemoryGoal = 200_000_000 // bytes
)

// BenchmarkReport makes the page of a fleet of SIMSYNC_BENCH_REPORT_SUBSCRIBERS (100000)
// that statements made up, and prints the best of three times and the most resident
// memory. A million take a quarter of an hour to make.
func BenchmarkReport(b *testing.B) {
	subscribers := number(b, "SIMSYNC_BENCH_REPORT_SUBSCRIBERS", 100_000)
	path := build(b)
	server, err := localpg.Start(b.Context(), localpg.Options{Durable: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = server.Stop(context.Background()) })
	w := &workshop{B: b, server: server}

	for b.Loop() {
		url := w.database(program{name: "now", path: path})
		w.exec(url, queries.Fleet(subscribers))
		w.exec(url, "VACUUM ANALYZE")
		best, peak := time.Hour, int64(0)
		for range 3 {
			cmd := exec.CommandContext(b.Context(), path, "report", "--out", filepath.Join(b.TempDir(), "fleet.html"))
			cmd.Env = []string{"DATABASE_URL=" + url}
			started := time.Now()
			if out, err := cmd.CombinedOutput(); err != nil {
				b.Fatalf("report: %v\n%s", err, out)
			}
			best, peak = min(best, time.Since(started)), max(peak, peakOf(cmd))
		}
		fmt.Printf("\nThe report of %d subscribers: %s, best of 3 (goal at 1,000,000: at most %s); peak resident memory %.0f MB (goal: under %.0f)\n",
			subscribers, best.Round(time.Millisecond), reportGoal, float64(peak)/1e6, reportMemoryGoal/1e6)
	}
}
