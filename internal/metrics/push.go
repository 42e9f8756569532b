package metrics

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus/push"

	"simsync/internal/run"
)

// job is the grouping key that Prometheus calls the job.
const job = "simsync"

// pushTimeout bounds what a run's metrics may cost at its end: less than what
// Kubernetes leaves between SIGTERM and SIGKILL.
const pushTimeout = 10 * time.Second

// Push sends the metrics of every source to the Pushgateway at url. What a run does not
// say stays there as it was, the last success above all. An error names the sources
// whose metrics did not arrive; those of the others did.
func Push(ctx context.Context, url string, results []run.Result, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, pushTimeout)
	defer cancel()
	var failed []error
	for _, r := range told(results) {
		err := push.New(url, job).Grouping(sourceLabel, r.Source).Gatherer(gather(r, at, nil)).AddContext(ctx)
		if err != nil {
			failed = append(failed, fmt.Errorf("push the metrics of source %s: %w", r.Source, err))
		}
	}
	return errors.Join(failed...)
}

// told leaves out the sources that another run held: their metrics are its own to tell.
func told(results []run.Result) []run.Result {
	var all []run.Result
	for _, r := range results {
		if !r.Locked {
			all = append(all, r)
		}
	}
	return all
}
