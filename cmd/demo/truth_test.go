package main

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"

	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
	"simsync/migrations"
)

// TestTruthSeesEveryDifference breaks the tables of a good sync in each way, and looks
// whether the comparison says so.
func TestTruthSeesEveryDifference(t *testing.T) {
	const (
		anyFloLIVE = `(SELECT min(subscriber_key) FROM fleet.subscriber WHERE source = 'flolive' AND removed_at IS NULL)`
		anyIoTX    = `(SELECT min(subscriber_key) FROM fleet.subscriber JOIN fleet.contract USING (subscriber_key) WHERE removed_at IS NULL)`
		gone       = `(SELECT min(subscriber_key) FROM fleet.subscriber WHERE removed_at IS NOT NULL)`
	)
	for _, test := range []struct {
		name, statement string
		source          string
		want            comparison
	}{
		{"nothing", `SELECT 1`, "flolive", comparison{live: 38, removed: 2}},
		{
			"a subscriber taken for removed", `UPDATE fleet.subscriber SET removed_at = now() WHERE subscriber_key = ` + anyFloLIVE, "flolive",
			comparison{live: 37, removed: 3, missing: 1},
		},
		{
			"one that never came in", `UPDATE fleet.subscriber SET iccid = '89000000000000000000' WHERE subscriber_key = ` + anyFloLIVE, "flolive",
			comparison{live: 38, removed: 2, missing: 1, ghosts: 1},
		},
		{
			"one that was not removed", `UPDATE fleet.subscriber SET removed_at = NULL WHERE subscriber_key = ` + gone, "flolive",
			comparison{live: 39, removed: 1, ghosts: 1},
		},
		{
			"one that was removed without a trace", `UPDATE fleet.subscriber SET subscriber_id = 'another' WHERE subscriber_key = ` + gone, "flolive",
			comparison{live: 38, removed: 2, forgotten: 1},
		},
		{
			"another status", `UPDATE fleet.subscriber SET provider_status = 'LOST' WHERE subscriber_key = ` + anyFloLIVE, "flolive",
			comparison{live: 38, removed: 2, different: 1},
		},
		{
			"an MSISDN of before", `UPDATE fleet.subscriber SET subscriber_id = '1' WHERE subscriber_key = ` + anyIoTX, "iotx",
			comparison{live: 10, different: 1},
		},
		{
			"a bar that nobody lifted", `UPDATE fleet.contract SET is_barred = NOT is_barred WHERE subscriber_key = ` + anyIoTX, "iotx",
			comparison{live: 10, different: 1},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			db, err := load.Open(t.Context(), localpg.NewDatabase(t, twoNights))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(db.Close)
			truth, err := newTruth(t.Context(), db)
			if err != nil {
				t.Fatal(err)
			}
			truth.take(secondNight())
			if _, err := db.Pool().Exec(t.Context(), test.statement); err != nil {
				t.Fatal(err)
			}
			got, err := truth.compare(t.Context(), db)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, *got[test.source], cmp.AllowUnexported(comparison{})); diff != "" {
				t.Errorf("comparison (-want +got):\n%s", diff)
			}
			if equal := test.name == "nothing"; got[test.source].equal() != equal {
				t.Errorf("equal is %t, want %t", !equal, equal)
			}
		})
	}
}

// firstNight and secondNight are a fleet that loses two of its forty floLIVE
// subscribers.
func firstNight() *simulator.Simulator {
	return simulator.New(simulator.Options{FloLIVE: 40, IoTX: 10})
}

func secondNight() *simulator.Simulator {
	sim := firstNight()
	sim.SetFloLIVE(slices.Collect(sim.FloLIVETruth())[:38])
	return sim
}

// twoNights makes the database that each test clones.
func twoNights(ctx context.Context, url string) error {
	if _, err := migrations.Up(ctx, url); err != nil {
		return err
	}
	db, err := load.Open(ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	for _, sim := range []*simulator.Simulator{firstNight(), secondNight()} {
		if err := syncOnce(ctx, db, sim); err != nil {
			return err
		}
	}
	return nil
}

func syncOnce(ctx context.Context, db *load.DB, sim *simulator.Simulator) error {
	base, stop, err := serve(sim, "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer stop()
	sources, err := simulatedSources(sim, base)
	if err != nil {
		return err
	}
	summary, err := run.Sync(ctx, sources, run.Options{DB: db, Command: "run", Version: "test", Log: zerolog.Nop()})
	return errors.Join(append(summary.Errs(), err)...)
}
