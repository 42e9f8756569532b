package run_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

func TestFirstNightIsTheTruth(t *testing.T) {
	inWorld(t, simulator.Options{Seed: 1, FloLIVE: 900, IoTX: 400, BadShare: 0.02}, func(w *world) {
		summary := w.wantOK()
		for _, r := range summary.Sources {
			want := w.truth[r.Source].now
			if want.bad == 0 {
				t.Fatalf("the fleet of source %s has nothing bad in it", r.Source)
			}
			wantCounts(t, r, load.Counts{
				Declared: declared(r.Source, want), Records: int64(want.records), Inserted: int64(len(want.live)),
				Repeated: int64(want.records - want.bad - len(want.live)), Rejected: int64(want.bad), RejectedParts: int64(want.parts),
			})
			for _, walk := range r.Walks {
				if !walk.Verdict.Complete() || walk.Distinct != int64(want.listed[walk.Listing]) || walk.Repeated != 0 || walk.Sessions != 1 {
					t.Errorf("source %s: walk %+v, want complete with %d records in one session", r.Source, walk, want.listed[walk.Listing])
				}
			}
		}
	})
}

// declared is what a census makes a source's provider announce: IoT-X announces
// nothing.
func declared(source string, c census) *int64 {
	if source == "iotx" {
		return nil
	}
	n := int64(c.records)
	return &n
}

func wantCounts(t *testing.T, r run.Result, want load.Counts) {
	t.Helper()
	if diff := cmp.Diff(want, r.Promoted.Counts); diff != "" {
		t.Errorf("source %s: counts (-want +got):\n%s", r.Source, diff)
	}
}

// Each night's ledger is worked out from what changed in the providers' fleets.
func TestNightsFollowEachOther(t *testing.T) {
	for name, churn := range map[string]simulator.Churn{
		"ordinary": simulator.DefaultChurn,
		"lively":   {New: 0.03, Changed: 0.1, Moved: 0.05, Removed: 0.05, Returned: 0.3},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, simulator.Options{Seed: 2, FloLIVE: 1500, IoTX: 500, Churn: churn}, func(w *world) {
				w.wantOK()
				for range 4 {
					was := map[string]map[string]stored{}
					for source := range w.truth {
						was[source] = w.mustTables(source)
					}
					w.nextNight()
					for _, r := range w.wantOK().Sources {
						wantCounts(t, r, expectedCounts(r.Source, was[r.Source], w.truth[r.Source].now))
					}
				}
			})
		})
	}
}

// expectedCounts is what a run does that finds a fleet where the tables were.
func expectedCounts(source string, was map[string]stored, is census) load.Counts {
	c := load.Counts{Declared: declared(source, is), Records: int64(is.records), Repeated: int64(is.records - len(is.live))}
	for key, all := range is.live {
		before, there := was[key]
		versionOf := func(s subscriber) subscriber {
			v := s.content()
			v.Parent, v.Enabled = s.Parent, s.Enabled
			return v
		}
		switch {
		case !there:
			c.Inserted++
		case !before.Live, versionOf(before.subscriber) != versionOf(all[0]):
			c.Updated++
		default:
			c.Unchanged++
		}
	}
	for key, before := range was {
		if before.Live && len(is.live[key]) == 0 {
			c.Removed++
		}
	}
	return c
}

func TestUnchangedWritesNothing(t *testing.T) {
	inWorld(t, simulator.Options{Seed: 3, FloLIVE: 300, IoTX: 150}, func(w *world) {
		w.wantOK()
		// A row's transaction and place change with every write to it.
		const fingerprint = `SELECT md5(string_agg(concat(t.xmin, t.ctid), ',' ORDER BY t.ctid)) FROM `
		tables := []string{"fleet.subscriber", "fleet.subscriber_imsi", "fleet.contract", "fleet.customer"}
		before := map[string]string{}
		for _, table := range tables {
			before[table] = query[string](w, fingerprint+table+" t")
		}
		for _, r := range w.wantOK().Sources {
			if c := r.Promoted.Counts; c.Inserted+c.Updated+c.Removed != 0 {
				t.Errorf("source %s: %+v, want nothing changed", r.Source, c)
			}
		}
		for _, table := range tables {
			if query[string](w, fingerprint+table+" t") != before[table] {
				t.Errorf("%s was written to", table)
			}
		}
	})
}
