package fetch

import (
	"time"

	"github.com/sethvargo/go-retry"
)

// The waits between attempts. The jitter keeps walks that failed together from
// coming back together.
const (
	firstWait     = 500 * time.Millisecond
	longestWait   = 30 * time.Second
	jitterPercent = 20
	maxRetryAfter = 2 * time.Minute
)

// Waits is an endless series of waits: about half a second first, then doubling
// up to 30 s, each a fifth more or less by chance.
func Waits() retry.Backoff {
	return retry.WithCappedDuration(longestWait, retry.WithJitterPercent(jitterPercent, retry.NewExponential(firstWait)))
}

// patience is how long one request waits between its attempts, and when it has
// none left.
type patience struct {
	waits retry.Backoff
	// retryAfter is what the last answer asked for; 0: nothing.
	retryAfter time.Duration
}

func newPatience() *patience {
	return &patience{waits: retry.WithMaxRetries(maxAttempts-1, Waits())}
}

// Next makes patience a backoff: the provider's own wish comes before ours.
func (p *patience) Next() (time.Duration, bool) {
	wait, stop := p.waits.Next()
	if p.retryAfter > 0 {
		wait = p.retryAfter
	}
	return wait, stop
}
