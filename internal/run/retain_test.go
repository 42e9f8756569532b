package run_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

const day = 24 * time.Hour

// inKeptWorld has a night behind it that is too old by now, and keeps 31 days.
func inKeptWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	inWorld(t, simulator.Options{Seed: 9, FloLIVE: 60, IoTX: 40}, func(w *world) {
		w.options.Retention = config.Retention{History: 31 * day, Usage: 62 * day, Rejects: 31 * day, Runs: 31 * day}
		w.wantOK()
		w.nextNight()
		w.wantOK()
		<-time.After(100 * day)
		test(w)
	})
}

// kept is how much of what goes with time is there: versions, days of usage and runs,
// the latter two before the nights of November are over.
func (w *world) kept() [3]int64 {
	w.t.Helper()
	return [3]int64{
		query[int64](w, `SELECT count(*) FROM fleet.subscriber_history WHERE valid_to < '2026-12-01'`),
		query[int64](w, `SELECT count(DISTINCT day) FROM fleet.data_usage WHERE day < '2026-12-01'`),
		query[int64](w, `SELECT count(*) FROM sync.run WHERE started_at < '2026-12-01'`),
	}
}

func TestNightsPassAndWhatIsOldGoes(t *testing.T) {
	inKeptWorld(t, func(w *world) {
		if was := w.kept(); was[0] == 0 || was[1] != 2 || was[2] != 4 {
			t.Fatalf("before: %v, want something to go", was)
		}
		w.nextNight()
		w.wantOK()
		if left := w.kept(); left != [3]int64{} {
			t.Errorf("left: %v", left)
		}
		if !strings.Contains(w.logs.String(), `"message":"what is no longer kept is deleted"`) {
			t.Error("the log does not tell")
		}
		w.nextNight()
		w.wantOK()
		if n := query[int64](w, `SELECT count(*) FROM sync.run`); n != 4 {
			t.Errorf("%d runs, want those of the two last nights", n)
		}
	})
}

// Without a good run nothing is known that could take the place of what is old; a
// source that fails beside one that is loaded does not matter.
func TestNothingGoesAfterABadNight(t *testing.T) {
	inKeptWorld(t, func(w *world) {
		was := w.kept()
		w.sim.Inject(simulator.Fault{Kind: simulator.Unauthorized, Provider: simulator.FloLIVE, Count: simulator.Forever})
		w.sim.Inject(simulator.Fault{Kind: simulator.Unauthorized, Provider: simulator.IoTX, Count: simulator.Forever})
		w.sync()
		if left := w.kept(); left != was {
			t.Errorf("left: %v of %v", left, was)
		}
		w.sim.ClearFaults()
		w.sim.Inject(simulator.Fault{Kind: simulator.Unauthorized, Provider: simulator.FloLIVE, Count: simulator.Forever})
		summary := w.sync()
		w.wantEnd(summary, "iotx", 0, load.OutcomeOK)
		if left := w.kept(); left[0] != 0 || left[1] != 0 || left[2] != 1 {
			t.Errorf("left: %v, want nothing but the last run of floLIVE that was complete", left)
		}
	})
}

// What cannot be deleted is the log's business, and a signal just ends it.
func TestDeletingIsNobodysFailure(t *testing.T) {
	inKeptWorld(t, func(w *world) {
		was := w.kept()
		w.exec(`ALTER TABLE sync.kept RENAME TO not_there`)
		w.wantOK()
		if left := w.kept(); left != was || !strings.Contains(w.logs.String(), `"message":"what is no longer kept could not be deleted`) {
			t.Errorf("left: %v of %v, or the log does not tell", left, was)
		}
		w.exec(`ALTER TABLE sync.not_there RENAME TO kept`)

		other, err := w.db.Pool().Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Exec(t.Context(), `SELECT pg_advisory_xact_lock($1, 1)`, 0x53494D53); err != nil {
			t.Fatal(err)
		}
		w.wantOK()
		if left := w.kept(); left != was || !strings.Contains(w.logs.String(), `"message":"another process deletes`) {
			t.Errorf("left: %v of %v, or the log does not tell", left, was)
		}
		if err := other.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// A signal during the deleting breaks it off; the run is what it was.
func TestSignalWhileDeleting(t *testing.T) {
	inKeptWorld(t, func(w *world) {
		was := w.kept()
		holder, err := w.db.Pool().Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := holder.Exec(t.Context(), `LOCK TABLE sync.kept IN SHARE MODE`); err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancelCause(t.Context())
		watched := make(chan struct{})
		go func() {
			defer close(watched)
			// The sources may wait for each other before: only who waits for the table is deleting.
			const waiting = `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
				WHERE NOT l.granted AND d.datname = current_database() AND l.relation = 'sync.kept'::regclass)`
			for ctx.Err() == nil && !query[bool](w, waiting) {
			}
			stop(run.ErrTerminated)
		}()
		summary := w.syncOf(ctx, w.sources...)
		stop(nil) // where the wait was too short to be seen
		<-watched
		for _, source := range []string{"flolive", "iotx"} {
			w.wantEnd(summary, source, 0, load.OutcomeOK)
		}
		if err := holder.Rollback(t.Context()); err != nil {
			t.Fatal(err)
		}
		if left := w.kept(); left != was {
			t.Errorf("left: %v of %v", left, was)
		}
		w.wantOK()
		if left := w.kept(); left != [3]int64{} {
			t.Errorf("left: %v", left)
		}
	})
}
