package metrics

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"simsync/internal/run"
)

// Text words the metrics of every source in the text format of Prometheus, for the
// textfile collector of node_exporter. old is what an earlier run wrote; what it says and
// this run does not stays, as at a Pushgateway: the last success, and sources that were
// not synced. An old text that is no metrics is an error, for it is somebody else's.
func Text(old []byte, results []run.Result, at time.Time) ([]byte, error) {
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(old))
	if err != nil {
		return nil, fmt.Errorf("what is there is no metrics: %w", err)
	}
	for _, r := range told(results) {
		fresh, err := gather(r, at, prometheus.Labels{sourceLabel: r.Source}).Gather()
		if err != nil {
			return nil, fmt.Errorf("gather the metrics of source %s: %w", r.Source, err)
		}
		for _, family := range fresh {
			families[family.GetName()] = merge(families[family.GetName()], family, r.Source)
		}
	}
	var text bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(families)) {
		if _, err := expfmt.MetricFamilyToText(&text, families[name]); err != nil {
			return nil, fmt.Errorf("word the metrics: %w", err)
		}
	}
	return text.Bytes(), nil
}

// merge puts a source's fresh metrics in the place of its old ones.
func merge(old, fresh *dto.MetricFamily, source string) *dto.MetricFamily {
	for _, metric := range old.GetMetric() {
		if sourceOf(metric) != source {
			fresh.Metric = append(fresh.Metric, metric)
		}
	}
	slices.SortFunc(fresh.Metric, func(a, b *dto.Metric) int { return cmp.Compare(a.String(), b.String()) })
	return fresh
}

func sourceOf(metric *dto.Metric) string {
	for _, label := range metric.GetLabel() {
		if label.GetName() == sourceLabel {
			return label.GetValue()
		}
	}
	return ""
}
