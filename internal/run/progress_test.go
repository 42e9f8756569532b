package run_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"simsync/internal/config"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// watcher looks every few moments at what is under way.
type watcher struct {
	progress *run.Progress
	seen     []run.Phase
}

// watch looks while do runs. Time passes only while a provider is waited for, so whether
// what the database does alone is seen is chance.
func watch(w *world, do func()) *watcher {
	watching := &watcher{progress: new(run.Progress)}
	w.options.Progress = watching.progress
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-time.After(10 * time.Millisecond):
				watching.seen = append(watching.seen, watching.progress.UnderWay()...)
			case <-ended:
				return
			}
		}
	}()
	do()
	close(ended)
	<-done
	return watching
}

// want looks whether a phase was once seen so, whatever run it was of.
func (w *watcher) want(t *testing.T, want run.Phase) {
	t.Helper()
	isWanted := func(p run.Phase) bool {
		p.Run = uuid.Nil
		return p == want
	}
	if !slices.ContainsFunc(w.seen, isWanted) {
		t.Errorf("never seen: %+v", want)
	}
}

// Whoever looks sees a walk grow, a session void the one before, and the enrichment
// after the load; and when the run is over, nothing.
func TestProgressOfFloLIVE(t *testing.T) {
	inWorld(t, simulator.Options{FloLIVE: 200, Customers: 1, Latency: 50 * time.Millisecond}, func(w *world) {
		w.sources = w.sources[:1]
		w.flolive().Details = config.Details{Concurrency: 1, MaxRequests: 5, RefreshAfter: time.Hour}
		w.sim.Inject(simulator.Fault{Kind: simulator.LostAnswer, From: 3, Count: 1})
		w.sim.Inject(simulator.Fault{Kind: simulator.Unavailable, On: simulator.Detail, From: 3, Count: 1})
		watched := watch(w, func() { w.wantOK() })

		walk := run.Phase{ID: 1, Source: "flolive", Task: run.TaskWalk, Listing: w.flolive().Customers[0], Total: 200}
		first, second := walk, walk
		first.Session, first.Done = 1, 120
		second.Session, second.Done = 2, 180
		watched.want(t, first)
		watched.want(t, second)
		watched.want(t, run.Phase{ID: 3, Source: "flolive", Task: run.TaskDetails, Done: 4, Total: 5, Retries: 1})
		if left := watched.progress.UnderWay(); len(left) > 0 {
			t.Errorf("when the run is over there are still under way: %v", left)
		}
	})
}

// IoT-X declares nothing: the first night nobody knows how much there is, and later what
// the database holds is a guess, until missing subscribers are asked for one by one.
func TestProgressOfIoTX(t *testing.T) {
	inWorld(t, simulator.Options{IoTX: 100, Latency: 50 * time.Millisecond}, func(w *world) {
		w.sources = w.sources[1:]
		w.sources[0].Concurrency = 1
		watched := watch(w, func() { w.wantOK() })
		watched.want(t, run.Phase{ID: 1, Source: "iotx", Task: run.TaskWalk, Listing: "subscribers", Session: 1, Done: 100, IsEstimate: true})

		live := query[int64](w, `SELECT count(*) FROM fleet.subscriber WHERE removed_at IS NULL AND parent_key IS NULL AND is_enabled_on_parent IS NULL`)
		w.goToNight(6)
		watched = watch(w, func() { w.wantOK() })
		for _, p := range watched.seen {
			switch {
			case p.Task == run.TaskWalk && (!p.IsEstimate || p.Total != live):
				t.Errorf("the database holds %d subscribers, and expected are %+v", live, p)
			case p.Task == run.TaskConfirm && p.Done > 0 && p.Done < p.Total:
				return
			}
		}
		t.Error("nobody was seen asking for missing subscribers")
	})
}
