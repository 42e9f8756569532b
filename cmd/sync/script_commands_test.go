package main

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/rogpeppe/go-internal/testscript"

	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
	"simsync/internal/writeback"
	"simsync/migrations"
)

// commands are what a script can say besides testscript's own.
var commands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"exits":     exits,
	"signal":    sendSignal,
	"ended":     ended,
	"night":     night,
	"fault":     fault,
	"nofaults":  noFaults,
	"struck":    struck,
	"loaded":    loaded,
	"shrink":    shrink,
	"query":     query,
	"blocked":   blocked,
	"emptydb":   emptyDatabase,
	"lock":      lock,
	"writing":   writing,
	"released":  released,
	"settle":    settleMoves,
	"locktable": lockTable,
	"takeback":  takeBack,
	"bucket":    serveBucket,
}

// exits CODE PROGRAM [ARG]... runs a program that must end with that exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want := number(ts, "exits CODE PROGRAM [ARG]...", args, 2)
	got := 0
	var failed *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &failed) {
		got = failed.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code is %d, want %d", got, want)
	}
}

// signal INT|TERM signals the one program in the background. (testscript's kill knows
// no TERM.)
func sendSignal(ts *testscript.TestScript, _ bool, args []string) {
	signals := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM}
	s, known := signals[strings.Join(args, " ")]
	if !known {
		ts.Fatalf("usage: signal INT|TERM")
	}
	w := worldOf(ts)
	if w.signalled == nil {
		background := ts.BackgroundCmds()
		if len(background) != 1 {
			ts.Fatalf("%d programs are in the background, want one", len(background))
		}
		w.signalled = background[0]
	}
	ts.Check(w.signalled.Process.Signal(s))
}

// ended CODE|INT|TERM: the program that was signalled and then waited for has ended
// with that code, or by that signal.
func ended(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	if len(args) != 1 || w.signalled == nil || w.signalled.ProcessState == nil {
		ts.Fatalf("usage, after signal and wait: ended CODE|INT|TERM")
	}
	status := w.signalled.ProcessState.Sys().(syscall.WaitStatus)
	w.signalled = nil
	got := strconv.Itoa(status.ExitStatus())
	if status.Signaled() {
		got = map[syscall.Signal]string{syscall.SIGINT: "INT", syscall.SIGTERM: "TERM"}[status.Signal()]
	}
	if got != args[0] {
		ts.Fatalf("ended with %s (%v), want %s", got, status, args[0])
	}
}

// night goes to the providers' next night.
func night(ts *testscript.TestScript, _ bool, _ []string) { worldOf(ts).sim.NextNight() }

// fault KIND[,field=value]... makes the providers go wrong; nofaults ends it.
func fault(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: fault KIND[,field=value]...")
	}
	fields := strings.Split("kind="+args[0], ",")
	values := url.Values{}
	for _, field := range fields {
		name, value, _ := strings.Cut(field, "=")
		values.Set(name, value)
	}
	f, err := simulator.ParseFault(values)
	ts.Check(err)
	worldOf(ts).sim.Inject(f)
}

func noFaults(ts *testscript.TestScript, _ bool, _ []string) {
	sim := worldOf(ts).sim
	sim.ClearFaults()
	sim.ResetStats() // what struck is to be said of the faults to come
}

// struck KIND waits until a fault has struck.
func struck(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	kind := simulator.FaultKind(strings.Join(args, " "))
	until(ts, "fault "+string(kind)+" strikes", func() bool { return w.sim.Stats().Struck[kind] > 0 })
}

// loaded SOURCE waits until a run of the source has ended well.
func loaded(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	pool := w.database(ts).Pool()
	until(ts, "a source is loaded", func() bool {
		var ok bool
		err := pool.QueryRow(w.t.Context(), `SELECT EXISTS (SELECT FROM sync.run WHERE source = $1 AND outcome = 'ok')`, strings.Join(args, " ")).Scan(&ok)
		ts.Check(err)
		return ok
	})
}

// shrink DIVISOR leaves floLIVE one subscriber in so many.
func shrink(ts *testscript.TestScript, _ bool, args []string) {
	divisor := number(ts, "shrink DIVISOR", args, 1)
	sim := worldOf(ts).sim
	all := slices.Collect(sim.FloLIVETruth())
	sim.SetFloLIVE(all[:len(all)/divisor])
}

// query SQL prints the rows of a statement, values with a bar between, and null as
// nothing.
func query(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	rows, err := w.database(ts).Pool().Query(w.t.Context(), strings.Join(args, " "))
	ts.Check(err)
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		ts.Check(err)
		texts := make([]string, len(values))
		for i, value := range values {
			if value != nil {
				texts[i] = fmt.Sprint(value)
			}
		}
		_, err = fmt.Fprintln(ts.Stdout(), strings.Join(texts, "|"))
		ts.Check(err)
	}
	ts.Check(rows.Err())
}

// blocked waits until a connection waits for a lock of the script's database.
func blocked(ts *testscript.TestScript, _ bool, _ []string) {
	w := worldOf(ts)
	pool := w.database(ts).Pool()
	until(ts, "a connection waits for a lock", func() bool {
		var waits bool
		err := pool.QueryRow(w.t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waits)
		ts.Check(err)
		return waits
	})
}

// emptydb puts a database without any schema in the place of the script's.
func emptyDatabase(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Setenv("DATABASE_URL", localpg.NewDatabase(worldOf(ts).t, nil))
}

// lock SOURCE holds a source to the script's end, as another run would.
func lock(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: lock SOURCE")
	}
	w := worldOf(ts)
	session, err := w.database(ts).Session(w.t.Context(), args[0])
	ts.Check(err)
	ts.Defer(session.Close)
}

// writing SOURCE holds a source's journal to the script's end, as another command that
// writes back would.
func writing(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: writing SOURCE")
	}
	w := worldOf(ts)
	journal, err := w.database(ts).Journal(w.t.Context(), args[0])
	ts.Check(err)
	ts.Defer(journal.Close)
}

// released SOURCE waits until nobody holds the source's journal: the server notices the
// end of a killed program a moment later.
func released(ts *testscript.TestScript, _ bool, args []string) {
	w := worldOf(ts)
	db := w.database(ts)
	until(ts, "the journal is free", func() bool {
		journal, err := db.Journal(w.t.Context(), strings.Join(args, " "))
		if errors.Is(err, writeback.ErrLocked) {
			return false
		}
		ts.Check(err)
		journal.Close()
		return true
	})
}

// settle has the providers carry out the moves that they accepted.
func settleMoves(ts *testscript.TestScript, _ bool, _ []string) { worldOf(ts).sim.SettleMoves() }

// locktable TABLE keeps everybody from a table, to the script's end.
func lockTable(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: locktable TABLE")
	}
	w := worldOf(ts)
	tx, err := w.database(ts).Pool().Begin(w.t.Context())
	ts.Check(err)
	ts.Defer(func() { _ = tx.Rollback(context.Background()) }) // the database goes next
	_, err = tx.Exec(w.t.Context(), `LOCK TABLE `+args[0]+``)
	ts.Check(err)
}

// takeback VERSION takes migrations back until the schema is at that version.
func takeBack(ts *testscript.TestScript, _ bool, args []string) {
	want := number(ts, "takeback VERSION", args, 1)
	w := worldOf(ts)
	pool := w.database(ts).Pool()
	for {
		var at int
		ts.Check(pool.QueryRow(w.t.Context(), `SELECT max(version_id) FROM sync.schema_version`).Scan(&at))
		if at <= want {
			return
		}
		ts.Check(ts.Exec("simsync", "migrate", "down"))
	}
}

// bucket NAME serves an empty bucket to the script's end, where AWS_ENDPOINT_URL says.
func serveBucket(ts *testscript.TestScript, _ bool, args []string) {
	backend := s3mem.New()
	ts.Check(backend.CreateBucket(strings.Join(args, " ")))
	server := httptest.NewServer(gofakes3.New(backend).Server())
	ts.Defer(server.Close)
	ts.Setenv("AWS_ENDPOINT_URL", server.URL)
}

// patience bounds what a script waits for.
const patience = 20 * time.Second

// until looks every few milliseconds whether something has come to pass.
func until(ts *testscript.TestScript, what string, done func() bool) {
	ctx, cancel := context.WithTimeout(worldOf(ts).t.Context(), patience)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			ts.Fatalf("waited in vain until %s", what)
		}
	}
}

// number is the first of at least so many arguments.
func number(ts *testscript.TestScript, usage string, args []string, atLeast int) int {
	if len(args) < atLeast {
		ts.Fatalf("usage: %s", usage)
	}
	n, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("usage: %s", usage)
	}
	return n
}

// migrate brings a database to this program's schema, for localpg to clone.
func migrate(ctx context.Context, url string) error {
	_, err := migrations.Up(ctx, url)
	return err
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("%s: nothing there (%v)", pattern, err)
	}
	return names
}

func publishedCodes() []string {
	var codes []string
	for _, exit := range run.Exits {
		codes = append(codes, strconv.Itoa(exit.Code))
	}
	return codes
}
