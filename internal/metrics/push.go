package metrics

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus/push"

	"simsync/internal/run"
)

// job is the grouping key that Prometheus calls the job.
const job = "simsync"

// pushTimeout bounds what a run's metrics may cost at its end: less than what
// Kubernetes leaves between SIGTERM and SIGKILL.
const pushTimeout = 10 * time.Second

// Push sends the metrics of every source to the Pushgateway at gateway. What a run does not
// say stays there as it was, the last success above all. An error names the sources
// whose metrics did not arrive; those of the others did.
func Push(ctx context.Context, gateway string, results []run.Result, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, pushTimeout)
	defer cancel()
	var failed []error
	for _, r := range told(results) {
		err := push.New(gateway, job).Grouping(sourceLabel, r.Source).Gatherer(gather(r, at, nil)).AddContext(ctx)
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

// readyTimeout bounds the look for the Pushgateway.
const readyTimeout = 5 * time.Second

// Ready asks the Pushgateway at gateway whether it is ready, which is its host then. The
// question is of its management API (Pushgateway's README), under the path that metrics
// are pushed to. The error names no path and no password.
func Ready(ctx context.Context, gateway string) (host string, err error) {
	at, err := url.Parse(gateway)
	if err != nil {
		return "", errors.New("its URL cannot be read")
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at.JoinPath("-", "ready").String(), nil)
	if err != nil {
		return "", errors.New("its URL cannot be asked for")
	}
	answer, err := new(http.Client).Do(request)
	if cause, ok := errors.AsType[*url.Error](err); ok {
		err = cause.Err // without the URL
	}
	if err != nil {
		return "", fmt.Errorf("not reached: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return "", fmt.Errorf("at %s it is not: /-/ready is answered with %d", at.Host, answer.StatusCode)
	}
	return at.Host, nil
}
