package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"simsync/internal/load"
	"simsync/internal/localpg"
)

func TestMain(m *testing.M) {
	testscript.Main(withServer{m}, map[string]func(){"demo": main})
}

// withServer stops the tests' PostgreSQL after the last of them.
type withServer struct{ m *testing.M }

func (w withServer) Run() int { return localpg.Main(w.m) }

var update = flag.Bool("update", false, "rewrite what the scripts compare with")

// TestScripts runs testdata/script. Each demo there starts a PostgreSQL of its own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		UpdateScripts:      *update,
		Setup: func(env *testscript.Env) error {
			dir, err := enterable()
			if err != nil {
				return err
			}
			env.Defer(func() { _ = os.RemoveAll(dir) })
			env.Setenv("TMPDIR", dir)
			env.Setenv("TZ", "UTC")
			env.Setenv("GORACE", "atexit_sleep_ms=0") // or each program waits a second at its end for late reports
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":   exits,
			"appears": appears,
			"query":   query,
		},
	})
}

// enterable makes a temporary folder that the server's own user may enter too, which
// a test's is not: a database that is kept lives there.
func enterable() (string, error) {
	dir, err := os.MkdirTemp("", "simsync-demo-test-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}

// exits CODE PROGRAM [ARG]... runs a program that must end with that exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG]...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ended := errors.AsType[*exec.ExitError](err)
		if !ended {
			ts.Fatalf("%v", err)
		}
		got = failed.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code is %d, want %d", got, want)
	}
}

// patience bounds what a script waits for: a demo on a machine with other things to do.
const patience = time.Minute

// appears FILE PATTERN waits until a line that fits is in a file, as a program in the
// background writes it.
func appears(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: appears FILE PATTERN")
	}
	pattern, err := regexp.Compile("(?m)" + args[1])
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		content, err := os.ReadFile(ts.MkAbs(args[0]))
		if err == nil && pattern.Match(content) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			ts.Fatalf("%s never had %s; it has:\n%s", args[0], args[1], content)
		}
	}
}

// query FILE SQL prints the one number that a statement gives in the database whose
// psql line is in a demo's output.
func query(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: query FILE SQL")
	}
	line := regexp.MustCompile(`(?m)^  psql '(.*)'$`).FindStringSubmatch(ts.ReadFile(args[0]))
	if line == nil {
		ts.Fatalf("%s has no psql line", args[0])
	}
	db, err := load.Open(context.Background(), line[1])
	ts.Check(err)
	defer db.Close()
	var n int64
	ts.Check(db.Pool().QueryRow(context.Background(), args[1]).Scan(&n))
	_, err = ts.Stdout().Write(strconv.AppendInt(nil, n, 10))
	ts.Check(err)
}
