package run_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// signals are the causes that the command ends its context with, and their codes.
var signals = map[error]int{run.ErrInterrupted: 130, run.ErrTerminated: 143}

func TestSignalBeforeTheLock(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		for signal, code := range signals {
			runs := query[int](w, `SELECT count(*) FROM sync.run`)
			ctx, cancel := context.WithCancelCause(t.Context())
			cancel(signal)
			summary := w.syncOf(ctx, w.sources...)
			if got := run.ExitCode(summary.Errs()...); got != code {
				t.Errorf("%v: exit code %d, want %d", signal, got, code)
			}
			if got := query[int](w, `SELECT count(*) FROM sync.run`); got != runs {
				t.Errorf("%v: a run that never began is in the ledger", signal)
			}
		}
	})
}

// While a provider does not answer, a signal is obeyed at once.
func TestSignalWhileWaiting(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"a provider hangs":      {Kind: simulator.Hang, Count: simulator.Forever},
		"a body trickles":       {Kind: simulator.SlowBody, Delay: 50 * time.Second, Count: simulator.Forever},
		"between attempts":      {Kind: simulator.ServerError, Count: simulator.Forever},
		"Retry-After":           {Kind: simulator.TooManyRequests, RetryAfter: time.Minute, Count: simulator.Forever},
		"in the midst of pages": {Kind: simulator.Hang, From: 3, Count: simulator.Forever},
		"while asking for one":  {Kind: simulator.Hang, On: simulator.One, Count: simulator.Forever},
	} {
		t.Run(name, func(t *testing.T) {
			inSmallWorld(t, func(w *world) {
				w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 38))
				w.sim.SetIoTX(ioTXRecords(58))
				w.flolive().ChunkSize = 10
				w.sim.Inject(fault)
				ctx, cancel := context.WithCancelCause(t.Context())
				began := time.Now()
				time.AfterFunc(10*time.Second, func() { cancel(run.ErrTerminated) })
				summary := w.syncOf(ctx, w.sources...)
				if took := time.Since(began); took > 11*time.Second {
					t.Errorf("it took %s, want it to end with the signal after 10 s", took)
				}
				w.wantEnd(summary, "iotx", 143, load.OutcomeInterrupted)
				if fault.On != simulator.One {
					w.wantEnd(summary, "flolive", 143, load.OutcomeInterrupted)
				}
				w.sim.ClearFaults()
				w.wantOK()
			})
		})
	}
}

// A caller that gives up is no signal: the run has failed.
func TestCancelledWithoutASignal(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		w.sim.Inject(simulator.Fault{Kind: simulator.Hang, Count: simulator.Forever})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		summary := w.syncOf(ctx, w.sources...)
		w.wantEnd(summary, "flolive", 1, load.OutcomeFailed)
		w.wantEnd(summary, "iotx", 1, load.OutcomeFailed)
	})
}

// Promoting waits for a trigger, and the trigger for us: a signal comes meanwhile.
func TestSignalDuringPromote(t *testing.T) {
	for _, table := range []string{"fleet.subscriber", "fleet.subscriber_imsi", "fleet.subscriber_history", "sync.walk"} {
		t.Run(table, func(t *testing.T) {
			inSmallWorld(t, func(w *world) {
				w.exec(`CREATE FUNCTION pg_temp_wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NEW; END $$`)
				w.exec(`CREATE TRIGGER wait BEFORE INSERT OR UPDATE ON ` + table + ` FOR EACH ROW EXECUTE FUNCTION pg_temp_wait()`)
				holder, err := w.db.Pool().Acquire(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				defer holder.Release()
				if _, err := holder.Exec(t.Context(), `SELECT pg_advisory_lock(4711)`); err != nil {
					t.Fatal(err)
				}
				records := floLIVERecords(w.sim.CustomerIDs(), 42)
				records[0].Pairs = append(records[0].Pairs, simulator.Pair{IMSI: "310380000000001"})
				w.sim.SetFloLIVE(records)

				ctx, cancel := context.WithCancelCause(t.Context())
				ended := make(chan run.Summary, 1)
				go func() { ended <- w.syncOf(ctx, *w.flolive()) }()
				const waiting = `SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
					WHERE NOT l.granted AND d.datname = current_database()`
				for query[int](w, waiting) == 0 { // the query is the wait
				}
				cancel(run.ErrInterrupted)
				// A walk of a run without a promote waits as well: only then let go.
				if table == "sync.walk" {
					unlock(t, holder.Exec)
				}
				w.wantEnd(<-ended, "flolive", 130, load.OutcomeInterrupted)
				if table != "sync.walk" {
					unlock(t, holder.Exec)
				}
				if got := query[int](w, `SELECT count(*) FROM fleet.subscriber WHERE source = 'flolive'`); got != 80 {
					t.Errorf("%d subscribers, want the 80 of before", got)
				}
				w.wantOK()
			})
		})
	}
}

// A run is disturbed at each word that it says to its database, one after another,
// while there is something of every sort to be done.
func TestDisturbedAtEveryWord(t *testing.T) {
	for name, disturb := range map[string]struct {
		act   func(cancel context.CancelCauseFunc) func(net.Conn)
		codes map[int]bool
	}{
		"a signal": {func(cancel context.CancelCauseFunc) func(net.Conn) {
			return func(net.Conn) { cancel(run.ErrInterrupted) }
		}, map[int]bool{0: true, 130: true}},
		"a broken connection": {func(context.CancelCauseFunc) func(net.Conn) {
			return func(client net.Conn) { _ = client.Close() }
		}, map[int]bool{0: true, 1: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := localpg.NewDatabase(t, migrate)
			p, tapped := newTap(t, address)
			w := realWorld(t, tapped)
			w.isCommitLost = true
			kept := w.keepIn(t.TempDir())
			changing(w, 0)
			w.wantOK()
			const stride = 9 // of some 200 words; every one takes a minute
			codes := map[int]int{}
			for at, acted := 1, true; acted; at += stride {
				changing(w, at)
				ctx, cancel := context.WithCancelCause(t.Context())
				p.arm(at, disturb.act(cancel))
				summary := w.disturbed(ctx)
				acted = p.disarm()
				cancel(nil)
				code := run.ExitCode(summary.Errs()...)
				codes[code]++
				if !disturb.codes[code] {
					t.Errorf("disturbed at word %d: exit code %d: %v", at, code, errors.Join(summary.Errs()...))
				}
				w.untilFree()
				w.wantOK()
				if t.Failed() {
					t.Fatalf("disturbed at word %d", at)
				}
			}
			if len(codes) != len(disturb.codes) || codes[0] > codes[1]+codes[130] {
				t.Errorf("ends by code %v, want some of each, and most of them bad", codes)
			}
			w.wantRebuiltTables(kept, localpg.NewDatabase(t, migrate))
		})
	}
}

// realWorld is a world with the clock on the wall.
func realWorld(t *testing.T, address string) *world {
	t.Helper()
	w, err := newWorldNow(t, address, simulator.New(simulator.Options{Seed: 8}), "flolive", "iotx")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.close)
	return w
}

// changing makes the fleets differ from those of other ns: new, changed, gone, and
// with another parent.
func changing(w *world, n int) {
	records := floLIVERecords(w.sim.CustomerIDs(), 12+n%2)
	records[n%10].Status = []string{"SUSPEND", "INACTIVE"}[n%2]
	records[3].Pairs = append(records[3].Pairs, simulator.Pair{IMSI: "310380000000001"})[:1+n%2]
	w.sim.SetFloLIVE(records)
	list := ioTXRecords(12 + n%2)
	for i := range list[:4] {
		list[i].Place, list[i].ParentPhysicalID = simulator.AtTopAndNested, list[10+n%2].PhysicalID
	}
	list[5].TariffName = []string{"TARIFF ONE", "TARIFF TWO"}[n%2]
	w.sim.SetIoTX(list)
}

// disturbed is a sync whose database may be out of reach for us too: what must hold
// after it is checked after the next.
func (w *world) disturbed(ctx context.Context) run.Summary {
	w.t.Helper()
	w.see()
	summary, err := run.Sync(ctx, w.sources, w.options)
	if err != nil {
		w.t.Fatal(err)
	}
	return summary
}

// untilFree waits until the server has noticed that a run's connections are gone.
func (w *world) untilFree() {
	w.t.Helper()
	for query[int](w, `SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
		WHERE l.locktype = 'advisory' AND d.datname = current_database()`) > 0 { // the query is the wait
	}
}

func unlock[R any](t *testing.T, exec func(context.Context, string, ...any) (R, error)) {
	t.Helper()
	if _, err := exec(t.Context(), `SELECT pg_advisory_unlock(4711)`); err != nil {
		t.Fatal(err)
	}
}

// A run whose connection was killed while its provider trickles ends as soon as it
// notices, whatever is still under way, closes the ledger, and leaves the other source
// alone.
func TestConnectionKilledInMidWalk(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		w.flolive().ChunkSize = 2500 // more than is gathered before it goes to the stage
		w.flolive().Customers = w.flolive().Customers[:1]
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs()[:1], 2600))
		w.sim.Inject(simulator.Fault{Kind: simulator.SlowBody, Provider: simulator.FloLIVE, Delay: 30 * time.Second})
		w.sim.Inject(simulator.Fault{Kind: simulator.Hang, Provider: simulator.FloLIVE, From: 2, Count: simulator.Forever})
		time.AfterFunc(5*time.Second, func() {
			w.exec(`SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.objid = hashtext('flolive')::oid
				AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
		})
		began := time.Now()
		summary := w.sync()
		if took := time.Since(began); took > 35*time.Second { // a request's timeout is a minute
			t.Errorf("it took %s, want it to end with the chunk that came after 30 s", took)
		}
		w.wantEnd(summary, "flolive", 1, load.OutcomeFailed)
		w.wantEnd(summary, "iotx", 0, load.OutcomeOK)
	})
}
