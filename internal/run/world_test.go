package run_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
	"simsync/migrations"
)

func TestMain(m *testing.M) {
	if os.Getenv(envHelper) != "" { // see TestKilledProcess
		os.Exit(helper())
	}
	// The flag on the command line goes before this.
	if err := flag.Set("rapid.checks", "10"); err != nil {
		panic(err)
	}
	os.Exit(localpg.Main(m))
}

func migrate(ctx context.Context, url string) error {
	_, err := migrations.Up(ctx, url)
	return err
}

// firstNight is when the tests' clocks begin: late enough that a night's retries pass
// midnight of no month.
var firstNight = time.Date(2026, time.November, 20, 2, 0, 0, 0, time.UTC)

// world is two simulated providers, a database, and what has been true so far.
type world struct {
	t       testing.TB
	sim     *simulator.Simulator
	network *simulator.Network
	db      *load.DB
	options run.Options
	sources []config.Source
	logs    *logbook
	truth   map[string]*truth            // of each source, by its name
	before  map[string]map[string]stored // the tables before the last run
	// isBubble: time is virtual. open counts the connections to the providers.
	isBubble bool
	open     atomic.Int64
	// isCommitLost: answers to a COMMIT may have been lost.
	isCommitLost bool
}

// inWorld runs a test in virtual time, in a bubble that also finds whatever a sync
// leaves running. The database alone is real: its server is no part of the bubble, and
// while it is being asked, the clock stands still.
func inWorld(t *testing.T, o simulator.Options, test func(w *world)) {
	t.Helper()
	t.Parallel()
	url := localpg.NewDatabase(t, migrate)
	synctest.Test(t, func(t *testing.T) {
		w, err := newWorld(t, url, simulator.New(o), "flolive", "iotx")
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		test(w)
	})
}

// newWorld must be called in a bubble, and closed in it.
func newWorld(t testing.TB, url string, sim *simulator.Simulator, floLIVE, ioTX string) (*world, error) {
	<-time.After(time.Until(firstNight))
	w, err := newWorldNow(t, url, sim, floLIVE, ioTX)
	if err == nil {
		w.isBubble = true
	}
	return w, err
}

// newWorldNow leaves the clock as it is.
func newWorldNow(t testing.TB, url string, sim *simulator.Simulator, floLIVE, ioTX string) (*world, error) {
	db, err := load.Open(t.Context(), url)
	if err != nil {
		return nil, err
	}
	w := &world{
		t: t, sim: sim, db: db, network: sim.Network(), logs: &logbook{}, before: map[string]map[string]stored{},
		sources: []config.Source{floLIVESource(floLIVE, sim), ioTXSource(ioTX)},
		truth:   map[string]*truth{floLIVE: newTruth(floLIVETruth), ioTX: newTruth(ioTXTruth)},
	}
	w.options = run.Options{
		DB: db, Command: "run", Version: "test", MaxRejects: 0.2, Log: zerolog.New(w.logs).Level(zerolog.TraceLevel),
	}.WithClient(func(o *fetch.Options) {
		o.Transport, o.MaxBody = &http.Transport{DialContext: w.dial}, 1<<20
	})
	return w, nil
}

// dial connects to the simulator and counts the connection until it is closed.
func (w *world) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := w.network.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w.open.Add(1)
	return &countedConn{Conn: conn, closed: sync.OnceFunc(func() { w.open.Add(-1) })}, nil
}

type countedConn struct {
	net.Conn
	closed func()
}

func (c *countedConn) Close() error {
	c.closed()
	return c.Conn.Close()
}

// close ends the world, and looks whether the log told what it must not.
func (w *world) close() {
	w.db.Close()
	if err := w.network.Close(); err != nil {
		w.t.Error(err)
	}
	w.checkLogs()
}

// floLIVESource is all customers of sim, in chunks small enough that a session has
// several.
func floLIVESource(name string, sim *simulator.Simulator) config.Source {
	return config.Source{
		Name: name, API: config.FloLIVEv2, BaseURL: "http://flolive.test",
		Username: simulator.DefaultUsername, Password: config.NewSecret(simulator.DefaultPassword),
		Customers: sim.CustomerIDs(), Walks: 2, ChunkSize: 60, PITKeepAlive: 30 * time.Minute, SessionAttempts: 3,
		RequestTimeout: time.Minute, RemovalLimit: 0.2,
	}
}

func ioTXSource(name string) config.Source {
	return config.Source{
		Name: name, API: config.IoTXv4, BaseURL: "http://iotx.test", Token: config.NewSecret(simulator.DefaultIoTXToken),
		PageSize: 20, Concurrency: 4, RequestTimeout: time.Minute, RemovalLimit: 0.2,
	}
}

// flolive and iotx are the world's two sources.
func (w *world) flolive() *config.Source { return &w.sources[0] }
func (w *world) iotx() *config.Source    { return &w.sources[1] }

// sync syncs both sources and checks what holds after every run, however it ended.
func (w *world) sync() run.Summary {
	w.t.Helper()
	return w.syncOf(w.t.Context(), w.sources...)
}

func (w *world) syncOf(ctx context.Context, sources ...config.Source) run.Summary {
	w.t.Helper()
	w.see()
	for source := range w.truth {
		w.before[source] = w.mustTables(source)
	}
	summary, err := run.Sync(ctx, sources, w.options)
	if err != nil {
		w.t.Fatal(err)
	}
	w.see() // a fault may have changed the fleet meanwhile
	if w.isBubble {
		synctest.Wait()
		if n := w.open.Load(); n != 0 {
			w.t.Errorf("%d connections to the providers are left open", n)
		}
	}
	for _, problem := range w.problems(summary) {
		w.t.Error(problem)
	}
	return summary
}

// see takes down what is true now.
func (w *world) see() {
	for _, t := range w.truth {
		t.see(w.sim)
	}
}

// wantOK is a faultless run that leaves the tables as the providers are.
func (w *world) wantOK() run.Summary {
	w.t.Helper()
	summary := w.sync()
	for _, r := range summary.Sources {
		if r.Err != nil {
			w.t.Errorf("source %s: %v", r.Source, r.Err)
		}
		w.wantTruth(r.Source)
	}
	return summary
}

// wantEnd checks one source's end of a run.
func (w *world) wantEnd(s run.Summary, source string, code int, outcome load.Outcome) run.Result {
	w.t.Helper()
	for _, r := range s.Sources {
		if r.Source != source {
			continue
		}
		if got := run.ExitCode(r.Err); got != code || r.Outcome() != outcome {
			w.t.Errorf("source %s ended with %d, %s (%v), want %d, %s", source, got, r.Outcome(), r.Err, code, outcome)
		}
		return r
	}
	w.t.Fatalf("the run knows no source %s", source)
	return run.Result{}
}

// nextNight lets a day pass.
func (w *world) nextNight() { w.goToNight(w.sim.Night() + 1) }

// goToNight lets a day pass, after which the fleets are as in a night of the
// simulator's.
func (w *world) goToNight(night int) {
	w.sim.SetNight(night)
	<-time.After(24 * time.Hour)
}

// query reads one value.
func query[T any](w *world, sql string, args ...any) T {
	w.t.Helper()
	var value T
	if err := w.db.Pool().QueryRow(w.t.Context(), sql, args...).Scan(&value); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
	return value
}

func (w *world) exec(sql string) {
	w.t.Helper()
	if _, err := w.db.Pool().Exec(w.t.Context(), sql); err != nil {
		w.t.Fatalf("%s: %v", sql, err)
	}
}

// logbook gathers what a world's syncs log.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// verdicts are a result's in one word: the first that is neither complete nor the
// echo of another walk's end, else complete.
func verdicts(r run.Result) fetch.Verdict {
	worst := fetch.VerdictComplete
	for _, walk := range r.Walks {
		if worst.Complete() || worst == fetch.VerdictStopped && !walk.Verdict.Complete() {
			worst = walk.Verdict
		}
	}
	return worst
}

// problems are what is wrong after a run that must be right however it ended.
func (w *world) problems(s run.Summary) []string {
	var found []string
	for _, r := range s.Sources {
		if r.Locked {
			continue
		}
		tables := w.mustTables(r.Source)
		problems := slices.Concat(
			w.falseRemovals(r.Source, tables), w.strangers(r.Source, tables), w.lines(historySQL, r.Source), w.lines(ledgerSQL, r.Source, w.isCommitLost))
		for _, p := range problems {
			found = append(found, fmt.Sprintf("source %s, ended with %d: %s", r.Source, run.ExitCode(r.Err), p))
		}
	}
	return found
}
