package metrics

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"simsync/internal/run"
)

// WriteFile writes the metrics of every source to a file in the text format of
// Prometheus, for the textfile collector of node_exporter, which wants a name that ends
// in .prom. What the file says and this run does not stays, as at a Pushgateway: the last
// success, and sources that were not synced. The file is replaced at once, readable by
// all: the collector has a user of its own.
func WriteFile(path string, results []run.Result, at time.Time) error {
	families, err := readFile(path)
	if err != nil {
		return err
	}
	for _, r := range told(results) {
		fresh, err := gather(r, at, prometheus.Labels{sourceLabel: r.Source}).Gather()
		if err != nil {
			return fmt.Errorf("gather the metrics of source %s: %w", r.Source, err)
		}
		for _, family := range fresh {
			families[family.GetName()] = merge(families[family.GetName()], family, r.Source)
		}
	}
	var text bytes.Buffer
	for _, name := range slices.Sorted(maps.Keys(families)) {
		if _, err := expfmt.MetricFamilyToText(&text, families[name]); err != nil {
			return fmt.Errorf("word the metrics: %w", err)
		}
	}
	return replace(path, text.Bytes())
}

// readFile reads what an earlier run wrote; nothing where there is no file. A file that
// is no metrics is left as it is: it is somebody else's.
func readFile(path string) (map[string]*dto.MetricFamily, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]*dto.MetricFamily{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the metrics file: %w", err)
	}
	defer file.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(file)
	if err != nil {
		return nil, fmt.Errorf("%s is there and holds no metrics; name another file, or remove it: %w", path, err)
	}
	return families, nil
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

// replace writes a file in one step: a collector that comes by meanwhile reads the old
// one or the new one, whole.
func replace(path string, text []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // no .prom at its end: not collected
	if err != nil {
		return fmt.Errorf("write the metrics file: %w", err)
	}
	defer os.Remove(temporary.Name()) // nothing is there once it is renamed
	_, err = temporary.Write(text)
	if err = errors.Join(err, temporary.Chmod(0o644), temporary.Close()); err != nil {
		return fmt.Errorf("write the metrics file: %w", err)
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return fmt.Errorf("write the metrics file: %w", err)
	}
	return nil
}
