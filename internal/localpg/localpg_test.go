package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestMain(m *testing.M) {
	if task := os.Getenv(envHelper); task != "" && task != helperFails {
		helper(task)
	}
	os.Exit(Main(m))
}

func TestServerComesAndGoes(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	s := start(t, Options{Log: &log})
	for setting, want := range map[string]string{
		"listen_addresses": "",
		"server_encoding":  "UTF8",
		"lc_collate":       "C.UTF-8",
		"fsync":            "off",
		"timezone":         "UTC",
	} {
		if got := ask[string](t, s.URL("postgres"), "SELECT current_setting($1)", setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	info, err := os.Stat(s.run)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("the socket's folder is open to others: %v", info.Mode())
	}
	for range 2 {
		if err := s.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(s.run); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary folder is still there: %v", err)
	}
	if alive(s.proc.pid) {
		t.Error("the server still runs")
	}
	if !strings.Contains(log.String(), "database system is shut down") {
		t.Errorf("the log does not end with the server's end:\n%s", log.String())
	}
}

// One folder through its life: made, kept over a restart, refused to a second user, recovered after the server was killed.
func TestKeptFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "made", "on demand")
	o := Options{Dir: dir, Durable: true}

	s := start(t, o)
	if got := ask[string](t, s.URL("postgres"), "SELECT current_setting('fsync')"); got != "on" {
		t.Errorf("durable, and fsync is %s", got)
	}
	ask[int](t, s.URL("postgres"), "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1")
	stop(t, s)

	s = start(t, o)
	if got := ask[int](t, s.URL("postgres"), "SELECT answer FROM kept"); got != 42 {
		t.Errorf("after a restart the table holds %d", got)
	}
	_, err := Start(t.Context(), o)
	wantError(t, err, "start a local PostgreSQL: "+dir+" is in use by another process: stop that one first, or choose another folder")

	if err := syscall.Kill(s.proc.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.proc.done
	if err := s.Stop(t.Context()); err == nil || !strings.Contains(err.Error(), "the server had ended by itself: signal: killed") {
		t.Errorf("Stop of a killed server: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid")); err != nil {
		t.Fatalf("the killed server left no stale pid file, so the next start proves nothing: %v", err)
	}
	s = start(t, o)
	if got := ask[int](t, s.URL("postgres"), "SELECT answer FROM kept"); got != 42 {
		t.Errorf("after a crash the table holds %d", got)
	}
	stop(t, s)
}

func TestInterruptedFirstStartIsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := openFolder(t)
	if err := os.MkdirAll(filepath.Join(dir, "data.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := start(t, Options{Dir: dir})
	ask[int](t, s.URL("postgres"), "SELECT 1")
	stop(t, s)
}

// Wherever the start is when its context ends, nothing stays: no process, no folder.
func TestCancelledStartLeavesNothing(t *testing.T) {
	for _, after := range []time.Duration{0, 30 * time.Millisecond, 200 * time.Millisecond, 600 * time.Millisecond, 800 * time.Millisecond} {
		t.Run(after.String(), func(t *testing.T) {
			parent := openFolder(t)
			t.Setenv("TMPDIR", parent)
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			s, err := Start(ctx, Options{})
			if err == nil { // a quick machine
				stop(t, s)
			} else if !errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
				t.Errorf("Start: %v", err)
			}
			left, err := os.ReadDir(parent)
			if err != nil {
				t.Fatal(err)
			}
			if len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
			await(t, "the end of every process of the start", func() bool { return len(processesWith(parent)) == 0 })
		})
	}
}

func TestStartSaysWhyItFailed(t *testing.T) {
	t.Parallel()
	dir := openFolder(t)
	if err := os.Mkdir(filepath.Join(dir, "data"), 0o700); err != nil {
		t.Fatal(err)
	}
	who, err := serverAccount()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(
		os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte("9.6\n"), 0o644),
		os.WriteFile(filepath.Join(dir, "data", "postgresql.conf"), nil, 0o644),
		who.own(filepath.Join(dir, "data")),
	); err != nil {
		t.Fatal(err)
	}
	_, err = Start(t.Context(), Options{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "initialized by PostgreSQL version 9.6") {
		t.Errorf("want what postgres said about the version of its files, got: %v", err)
	}
}

func TestURLNeedsNothingFromTheEnvironment(t *testing.T) {
	t.Parallel()
	s := &Server{run: "/tmp/a b"}
	cfg, err := pgx.ParseConfig(s.URL("a?b c/d"))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%s %d %s %s", cfg.Host, cfg.Port, cfg.User, cfg.Database)
	if want := "/tmp/a b 5432 postgres a?b c/d"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func stop(t *testing.T, s *Server) {
	t.Helper()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ask runs a query in a database and returns its single value.
func ask[T any](t *testing.T, url, query string, args ...any) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var answer T
	if len(args) == 0 {
		// The simple protocol takes several statements; the last one's row is the answer.
		results, err := conn.PgConn().Exec(t.Context(), query).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		last := results[len(results)-1]
		if err := conn.TypeMap().Scan(last.FieldDescriptions[0].DataTypeOID, 0, last.Rows[0][0], &answer); err != nil {
			t.Fatal(err)
		}
		return answer
	}
	if err := conn.QueryRow(t.Context(), query, args...).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

// openFolder is a temporary folder that the server's user may enter; t.TempDir is closed to others.
func openFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "localpg-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("error:\n  got  %v\n  want %s", err, want)
	}
}

// await waits for a condition that another process brings about.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(15 * time.Second)
	defer deadline.Stop()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-deadline.C:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// alive says whether a process runs. One that has ended and that nobody has waited for does not.
func alive(pid int) bool {
	if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil {
		_, state, _ := strings.Cut(string(stat), ") ")
		return !strings.HasPrefix(state, "Z")
	}
	return syscall.Kill(pid, 0) == nil
}

// processesWith lists the processes whose command line holds text. Without /proc it finds none.
func processesWith(text string) []string {
	var found []string
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, file := range files {
		if line, err := os.ReadFile(file); err == nil && strings.Contains(string(line), text) {
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}
