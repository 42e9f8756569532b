package run_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// The environment of a process of this test binary that is no test but a sync: the
// database, and the provider's address.
const (
	envHelper   = "SIMSYNC_RUN_TEST_DATABASE"
	envProvider = "SIMSYNC_RUN_TEST_PROVIDER"
)

// helper is that process: it syncs both sources and exits as the program does.
func helper() int {
	db, err := load.Open(context.Background(), os.Getenv(envHelper))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer db.Close()
	sources := []config.Source{floLIVESource("flolive", simulator.New(simulator.Options{Seed: 9})), ioTXSource("iotx")}
	sources[0].ChunkSize = 10 // so that no walk is done before the provider hangs
	for i := range sources {
		sources[i].BaseURL = os.Getenv(envProvider)
	}
	summary, err := run.Sync(context.Background(), sources, run.Options{
		DB: db, Command: "run", Version: "test", MaxRejects: 1, Log: zerolog.New(os.Stderr),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return run.ExitCode(summary.Errs()...)
}

// A process is killed in the middle of its walks: it can close nothing. The next run
// takes over as if nothing had been, and the ledger shows the killed one without an
// end.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	address := localpg.NewDatabase(t, migrate)
	sim := simulator.New(simulator.Options{Seed: 9, FloLIVE: 200, IoTX: 100})
	w, err := newWorldNow(t, address, sim, "flolive", "iotx")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	w.wantOK()
	w.sim.NextNight()

	sim.Inject(simulator.Fault{Kind: simulator.Hang, From: 6, Count: simulator.Forever})
	server := httptest.NewServer(sim.Handler())
	defer server.Close()
	sim.ResetStats()

	process := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	process.Env = append(os.Environ(), envHelper+"="+address, envProvider+"="+server.URL)
	process.Stderr = w.logs
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	unfinished := `SELECT count(*) FROM sync.run WHERE finished_at IS NULL AND outcome IS NULL AND records IS NULL`
	for query[int](w, unfinished) < 2 || sim.Stats().Struck[simulator.Hang] == 0 { // both have begun, and one is stuck
	}
	if err := process.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = process.Wait() // it was killed
	w.untilFree()
	sim.ClearFaults()

	if got := query[int](w, unfinished); got != 2 {
		t.Errorf("%d runs without an end, want the killed one's two sources", got)
	}
	w.see()
	for _, source := range []string{"flolive", "iotx"} {
		for _, problem := range w.strangers(source, w.mustTables(source)) {
			t.Error(problem)
		}
	}
	summary, err := run.Sync(t.Context(), w.sources, w.options)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range summary.Sources {
		if r.Err != nil || r.Locked {
			t.Errorf("source %s: the next run ended with %v, locked is %t", r.Source, r.Err, r.Locked)
		}
		w.wantTruth(r.Source)
	}
	if got := query[int](w, unfinished); got != 2 {
		t.Errorf("%d runs without an end after the next, want the two as before", got)
	}
}
