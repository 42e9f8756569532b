package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"simsync/internal/localpg"
	"simsync/internal/simulator"
)

// BenchmarkMainJob prints, for SIMSYNC_BENCH_SUBSCRIBERS (100000) floLIVE
// subscribers and the median of SIMSYNC_BENCH_ROUNDS (3) rounds: a first load, an
// unchanged re-sync and an ordinary night, beside psql \copy into the same indexed
// tables. SIMSYNC_BENCH_BASE may name the binary of an earlier commit, which is then
// measured in turn with this one.
func BenchmarkMainJob(b *testing.B) {
	subscribers := number(b, "SIMSYNC_BENCH_SUBSCRIBERS", 100_000)
	rounds := number(b, "SIMSYNC_BENCH_ROUNDS", 3)
	now := program{name: "now", path: build(b)}
	programs := []program{now}
	if base := os.Getenv("SIMSYNC_BENCH_BASE"); base != "" {
		programs = append(programs, program{name: "base", path: base})
	}
	server, err := localpg.Start(b.Context(), localpg.Options{Durable: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = server.Stop(context.Background()) })
	w := &workshop{B: b, server: server}

	for b.Loop() {
		results := make(map[string]*samples)
		for range rounds {
			for _, p := range programs {
				sim := simulator.New(simulator.Options{FloLIVE: subscribers, Customers: 2})
				w.round(p, sim, at(results, p.name), at(results, "psql"))
			}
		}
		w.print(subscribers, programs, results)
	}
}

// program is a binary under measurement.
type program struct{ name, path string }

// samples are what one competitor needed, a value a round.
type samples struct {
	first, unchanged, night, copied []time.Duration
	peak                            []int64 // bytes, the greatest of a round's processes
	wal                             []int64 // bytes written by an unchanged re-sync
	rows                            []int64 // rows written to fleet by an unchanged re-sync
}

func at(all map[string]*samples, name string) *samples {
	if all[name] == nil {
		all[name] = &samples{}
	}
	return all[name]
}

// workshop holds what all rounds share.
type workshop struct {
	*testing.B
	server *localpg.Server
	made   int
}

// round measures one program on a fleet, and psql on the rows that came of it.
func (w *workshop) round(p program, sim *simulator.Simulator, s, psql *samples) {
	provider := httptest.NewServer(sim.Handler())
	defer provider.Close()
	url := w.database(p)
	var peak int64
	sync := func() time.Duration {
		took, rss := w.sync(p, url, provider.URL, sim.CustomerIDs())
		peak = max(peak, rss)
		return took
	}
	s.first = append(s.first, sync())
	psql.copied = append(psql.copied, w.copyWithPsql(p, url))

	w.exec(url, "CHECKPOINT")
	wal, rows := w.written(url)
	s.unchanged = append(s.unchanged, sync())
	walAfter, rowsAfter := w.written(url)
	s.wal, s.rows = append(s.wal, walAfter-wal), append(s.rows, rowsAfter-rows)

	sim.NextNight()
	s.night = append(s.night, sync())
	s.peak = append(s.peak, peak)
}

// sync runs the program once and returns how long it took and its peak of resident
// memory, in bytes.
func (w *workshop) sync(p program, database, provider string, customers []string) (time.Duration, int64) {
	w.Helper()
	cmd := exec.CommandContext(w.Context(), p.path, "run")
	cmd.Env = []string{"DATABASE_URL=" + database, "SIMSYNC_LOG_LEVEL=warn", "SIMSYNC_CONFIG=" + w.settings(provider, customers)}
	started := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(started)
	if err != nil {
		w.Fatalf("%s: %v\n%s", p.name, err, out)
	}
	return took, peakOf(cmd)
}

// peakOf is the most resident memory, in bytes, of a process that has ended.
func peakOf(cmd *exec.Cmd) int64 {
	kilobytes := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	if runtime.GOOS == "darwin" {
		kilobytes /= 1024 // where it is in bytes
	}
	return kilobytes * 1024
}

// settings writes a settings file for the load alone: details come one by one, at the
// provider's pace.
func (w *workshop) settings(provider string, customers []string) string {
	w.Helper()
	file := filepath.Join(w.TempDir(), "simsync.yaml")
	text := fmt.Sprintf("sources:\n  - {name: flolive, api: flolive-v2, base_url: %q, token: %s, customers: [%s], requests_per_second: 0, details: {max_requests: 0}}\n",
		provider, simulator.DefaultToken, strings.Join(customers, ", "))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
	return file
}

// copyWithPsql copies what is in the fleet's tables into those of another database,
// keys and indexes in place, and returns how long that took.
func (w *workshop) copyWithPsql(p program, from string) time.Duration {
	w.Helper()
	dir := w.TempDir()
	to := w.database(p)
	var out, in strings.Builder
	in.WriteString("BEGIN;\n")
	for _, table := range []string{"fleet.customer", "fleet.subscriber", "fleet.subscriber_imsi"} {
		file := filepath.Join(dir, table)
		fmt.Fprintf(&out, "\\copy %s to '%s'\n", table, file)
		fmt.Fprintf(&in, "\\copy %s from '%s'\n", table, file)
	}
	in.WriteString("COMMIT;\n")
	w.psql(from, out.String())
	started := time.Now()
	w.psql(to, in.String())
	return time.Since(started)
}

func (w *workshop) psql(url, script string) {
	w.Helper()
	cmd := exec.CommandContext(w.Context(), "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", url)
	cmd.Stdin = strings.NewReader(script)
	if out, err := cmd.CombinedOutput(); err != nil {
		w.Fatalf("psql: %v\n%s", err, out)
	}
}

// database makes a fresh one with the schema of a program, and returns its URL.
func (w *workshop) database(p program) string {
	w.Helper()
	w.made++
	name := fmt.Sprintf("bench_%d", w.made)
	w.exec(w.server.URL("postgres"), "CREATE DATABASE "+name)
	url := w.server.URL(name)
	cmd := exec.CommandContext(w.Context(), p.path, "migrate", "up")
	cmd.Env = []string{"DATABASE_URL=" + url}
	if out, err := cmd.CombinedOutput(); err != nil {
		w.Fatalf("%s: %v\n%s", p.name, err, out)
	}
	return url
}

func (w *workshop) exec(url, sql string) {
	w.Helper()
	w.connect(url, func(conn *pgx.Conn) error {
		_, err := conn.Exec(w.Context(), sql)
		return err
	})
}

// written is the WAL position in bytes and the rows ever written to the schema
// fleet. Statistics are counted once the backends that wrote have ended.
func (w *workshop) written(url string) (wal, rows int64) {
	w.Helper()
	w.connect(url, func(conn *pgx.Conn) error {
		for others := 1; others > 0; {
			err := conn.QueryRow(w.Context(), `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&others)
			if err != nil {
				return err
			}
		}
		return conn.QueryRow(w.Context(), `SELECT pg_current_wal_insert_lsn() - '0/0',
			(SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE schemaname = 'fleet')`).Scan(&wal, &rows)
	})
	return wal, rows
}

func (w *workshop) connect(url string, do func(*pgx.Conn) error) {
	w.Helper()
	conn, err := pgx.Connect(w.Context(), url)
	if err == nil {
		err = errors.Join(do(conn), conn.Close(w.Context()))
	}
	if err != nil {
		w.Fatal(err)
	}
}

func (w *workshop) print(subscribers int, programs []program, results map[string]*samples) {
	copied := median(results["psql"].copied)
	fmt.Printf("\n%d floLIVE subscribers; psql \\copy of their rows into the same indexed tables: %s\n", subscribers, copied.Round(time.Millisecond))
	for _, p := range programs {
		s := results[p.name]
		first, unchanged, night := median(s.first), median(s.unchanged), median(s.night)
		fmt.Printf("%-4s  first load %s, %.2f of psql's time (goal: at most 0.80)\n", p.name, first.Round(time.Millisecond), ratio(first, copied))
		fmt.Printf("      unchanged  %s, psql's time is %.1f of it (goal: at least 5.0); %d rows written, %.2f MB of WAL (goal: 0, under 1)\n",
			unchanged.Round(time.Millisecond), ratio(copied, unchanged), slices.Max(s.rows), float64(slices.Max(s.wal))/1e6)
		fmt.Printf("      next night %s, psql's time is %.1f of it\n", night.Round(time.Millisecond), ratio(copied, night))
		fmt.Printf("      peak resident memory %.0f MB (goal at 100,000: under 150)\n", float64(slices.Max(s.peak))/1e6)
	}
	if len(programs) == 2 {
		now, base := results[programs[0].name], results[programs[1].name]
		fmt.Printf("now against base: first load %.2f, unchanged %.2f, next night %.2f of its time\n", ratio(median(now.first), median(base.first)),
			ratio(median(now.unchanged), median(base.unchanged)), ratio(median(now.night), median(base.night)))
	}
}

func median(d []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(d))
	return sorted[len(sorted)/2]
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

func build(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "simsync")
	cmd := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", path, "simsync/cmd/sync")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

func number(b *testing.B, variable string, otherwise int) int {
	b.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("%s is %q: must be a number from 1", variable, text)
	}
	return n
}
