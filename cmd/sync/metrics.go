package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"simsync/internal/config"
	"simsync/internal/metrics"
	"simsync/internal/run"
)

// tellMetrics delivers how a run ended, to where the settings and the flag say. What
// cannot be delivered is a warning: the sync is what it is.
func (c *runCommand) tellMetrics(e *environment, settings *config.Config, results []run.Result) {
	ctx, cancel := afterSignal(e.ctx)
	defer cancel()
	log, now := e.logger(settings.Log), time.Now()
	if url := settings.PushgatewayURL; url != "" {
		if err := metrics.Push(ctx, url, results, now); err != nil {
			log.Warn().Err(err).Msg("metrics were not pushed")
		}
	}
	if c.MetricsFile != "" {
		if err := writeMetrics(c.MetricsFile, results, now); err != nil {
			log.Warn().Err(err).Msg("metrics were not written")
		}
	}
}

// writeMetrics adds to a file what a run says. A file that is no metrics is left alone.
func writeMetrics(name string, results []run.Result, at time.Time) error {
	old, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text, err := metrics.Text(old, results, at)
	if err != nil {
		return fmt.Errorf("%s: %w; name another file, or remove it", name, err)
	}
	return replaceFile(name, 0o644, text) // the collector has a user of its own
}

// resultsOf are what a run did to its sources. One that ended before it began on any of
// them, as where the database is out of reach, is that end for each.
func resultsOf(e *environment, sources []config.Source, summary run.Summary, err error) []run.Result {
	if len(summary.Sources) > 0 {
		return summary.Sources
	}
	results := make([]run.Result, len(sources))
	for i, source := range sources {
		results[i] = run.Result{Source: source.Name, Err: run.EndOf(e.ctx, err)}
	}
	return results
}
