package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/simulator"
)

func TestMain(m *testing.M) {
	testscript.Main(withServer{m}, map[string]func(){"simsync": main})
}

// withServer stops the tests' PostgreSQL after the last of them.
type withServer struct{ m *testing.M }

func (w withServer) Run() int { return localpg.Main(w.m) }

// TestScripts runs testdata/script. Each script has a database of its own, migrated
// and empty, and both providers to itself: 200 floLIVE subscribers of two customers,
// and 50 at IoT-X with 3 profiles more. The program finds them by its environment.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		Setup:              setUp,
		Cmds:               commands,
		Condition:          condition,
	})
}

// condition knows [tty]: there are pseudo-terminals, and stty to size them.
func condition(name string) (bool, error) {
	if name != "tty" {
		return false, fmt.Errorf("no such condition")
	}
	_, noPseudoTerminal := os.Stat("/dev/ptmx")
	_, noSize := exec.LookPath("stty")
	return noPseudoTerminal == nil && noSize == nil, nil
}

// world is what a script has to itself.
type world struct {
	t   testing.TB
	sim *simulator.Simulator
	// db is for looking at what the program did. It follows $DATABASE_URL.
	db    *load.DB
	dbURL string
	// signalled is the program in the background that a signal went to.
	signalled *exec.Cmd
}

func setUp(env *testscript.Env) error {
	w := &world{t: env.T().(testing.TB), sim: simulator.New(simulator.Options{FloLIVE: 200, IoTX: 50})}
	server := httptest.NewServer(w.sim.Handler())
	env.Defer(func() {
		server.CloseClientConnections() // those that a fault left hanging
		server.Close()
	})
	env.Defer(func() {
		if w.db != nil {
			w.db.Close()
		}
	})
	for name, value := range map[string]string{
		"DATABASE_URL":      localpg.NewDatabase(w.t, migrate),
		"SIM":               server.URL,
		"FLOLIVE_BASE_URL":  server.URL,
		"FLOLIVE_USERNAME":  simulator.DefaultUsername,
		"FLOLIVE_PASSWORD":  simulator.DefaultPassword,
		"FLOLIVE_CUSTOMERS": strings.Join(w.sim.CustomerIDs(), ","),
		"IOTX_BASE_URL":     server.URL,
		"IOTX_TOKEN":        simulator.DefaultIoTXToken,
		// Nobody waits for a simulator's sake.
		"FLOLIVE_REQUESTS_PER_SECOND": "0",
		"IOTX_REQUESTS_PER_SECOND":    "0",
		"TZ":                          "UTC",
		"GORACE":                      "atexit_sleep_ms=0", // or each program waits a second at its end for late reports
	} {
		env.Setenv(name, value)
	}
	env.Values[worldKey{}] = w
	return nil
}

type worldKey struct{}

// worldOf is the script's.
func worldOf(ts *testscript.TestScript) *world { return ts.Value(worldKey{}).(*world) }

// database is a connection to the script's database as it is now.
func (w *world) database(ts *testscript.TestScript) *load.DB {
	url := ts.Getenv("DATABASE_URL")
	if w.db != nil && w.dbURL == url {
		return w.db
	}
	if w.db != nil {
		w.db.Close()
	}
	db, err := load.Open(w.t.Context(), url)
	ts.Check(err)
	w.db, w.dbURL = db, url
	return db
}

// TestEveryExitCodeHasAScript sees to it that none of the published codes is only
// promised.
func TestEveryExitCodeHasAScript(t *testing.T) {
	covered := make(map[string]bool)
	for _, name := range glob(t, "testdata/script/*.txtar") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if words := strings.Fields(line); len(words) > 1 && (words[0] == "exits" || words[0] == "ended") {
				covered[words[1]] = true
			}
		}
	}
	for _, code := range publishedCodes() {
		if !covered[code] {
			t.Errorf("no script ends a command with exit code %s", code)
		}
	}
}
