// Package metrics says in numbers how a run ended: to a Prometheus Pushgateway, or in a
// file for the textfile collector of node_exporter. A job that ends cannot be scraped.
//
// Each source has metrics of its own, all gauges, as of the end of its last run:
//
//	simsync_last_success_timestamp_seconds  when a run last ended well; a run that did not says nothing of it, so it stays
//	simsync_run_duration_seconds            how long the run took on the source
//	simsync_records                         records read and loaded
//	simsync_rows{change}                    subscribers inserted, updated, unchanged, removed
//	simsync_rejects                         records that could not be rows
//	simsync_requests{outcome}               requests sent, repeats included: ok, cancelled, or the kind of the failure
//	simsync_walk_complete                   1 where every walk was proved complete, else 0
//	simsync_exit_code                       what the source alone would make the command exit with
//
// A run that loaded nothing has counts of 0. A source that another run held has no new
// metrics at all.
//
// It refuses to know the ledger and the fleet: it words what package run returned. It
// names no listing and no subscriber.
package metrics

import (
	"maps"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"simsync/internal/fetch"
	"simsync/internal/run"
)

// sourceLabel tells the sources apart: a grouping key at the Pushgateway, a label in a
// file.
const sourceLabel = "source"

// gather makes the metrics of a source's run that ended at a time. labels are added to
// each.
func gather(r run.Result, at time.Time, labels prometheus.Labels) prometheus.Gatherer {
	registry := prometheus.NewRegistry()
	g := gauges{prometheus.WrapRegistererWith(labels, registry)}
	if r.Err == nil {
		g.set("last_success_timestamp_seconds", "When a run of the source last ended well, in Unix time.", float64(at.UnixMilli())/1000)
	}
	g.set("run_duration_seconds", "How long the last run took on the source.", r.Took.Seconds())
	g.set("records", "Records read and loaded by the last run.", float64(r.Promoted.Records))
	g.setEach("rows", "Subscribers by what the last run made of them.", "change", map[string]int64{
		"inserted": r.Promoted.Inserted, "updated": r.Promoted.Updated, "unchanged": r.Promoted.Unchanged, "removed": r.Promoted.Removed,
	})
	g.set("rejects", "Records of the last run that could not be rows.", float64(r.Promoted.Rejected))
	// Never without a value: a metric that is not told at all stays as it was.
	requests := map[string]int64{fetch.OutcomeOK: 0}
	maps.Copy(requests, r.Traffic.Requests)
	g.setEach("requests", "Requests that the last run sent to the provider, repeats included, by how they ended.", "outcome", requests)
	g.set("walk_complete", "1 where every walk of the last run was proved complete, else 0.", truth(isComplete(r)))
	g.set("exit_code", "What the last run of the source alone would make the command exit with; 0 is done.", float64(run.ExitCode(r.Err)))
	return registry
}

// isComplete tells whether the run walked, and every walk was complete.
func isComplete(r run.Result) bool {
	for _, walk := range r.Walks {
		if !walk.Verdict.Complete() {
			return false
		}
	}
	return len(r.Walks) > 0
}

func truth(holds bool) float64 {
	if holds {
		return 1
	}
	return 0
}

// gauges registers what it sets.
type gauges struct{ prometheus.Registerer }

func (g gauges) set(name, help string, value float64) {
	gauge := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "simsync", Name: name, Help: help})
	gauge.Set(value)
	g.MustRegister(gauge)
}

// setEach sets a gauge for each value of a label.
func (g gauges) setEach(name, help, label string, values map[string]int64) {
	vector := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "simsync", Name: name, Help: help}, []string{label})
	for value, n := range values {
		vector.WithLabelValues(value).Set(float64(n))
	}
	g.MustRegister(vector)
}
