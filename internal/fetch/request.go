package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/sethvargo/go-retry"
)

// Request is one thing asked of a provider.
type Request struct {
	// Op says what is being done, for errors and logs: "list subscribers".
	Op     string
	Method string
	// Path is appended to the base URL's; already escaped.
	Path string
	// Shown stands for Path in logs where Path holds a subscriber's identifier.
	Shown string
	Query url.Values
	// Body is sent as JSON; nil: none.
	Body []byte
	// Repeatable says that a second delivery does no harm, so that a lost answer
	// may be asked for again.
	Repeatable bool
	// Anonymous requests carry no token: the login itself.
	Anonymous bool
	// SizeHint is about how many bytes the answer will have, where the caller
	// knows: it saves copying a large body of unknown length.
	SizeHint int
	// Tally, where not nil, counts every request sent for this one.
	Tally *Tally
	// Refusal, where not nil, reads an answer that is not 2xx in the place of
	// [Options.Refusal].
	Refusal func(Answer) (code string, kind Kind)
}

// Answer is a whole answer. Only one with a 2xx status is ever decoded.
type Answer struct {
	// Number is what the context's [Recorder] knows the answer by; 0 without one.
	Number int64
	Status int
	// Body is the caller's to keep.
	Body []byte
	// SentAt is just before the request was sent, ReceivedAt just after the last
	// byte was read.
	SentAt, ReceivedAt time.Time
	// RetryAfter is what the header of that name asks for; 0: nothing.
	RetryAfter time.Duration
}

// maxAttempts bounds how often one thing is asked for.
const maxAttempts = 6

// Do sends r and has decode read the answer, within the same attempt: an answer
// that cannot be read is a lost one like one that was cut short. decode returns nil,
// an [*Error] for what the provider's own words mean, or any other error for an
// answer that is not what was asked for.
//
// Error answers and requests never sent are repeated, lost answers only where r is
// Repeatable: at most 6 attempts, 0.5 s to 30 s apart and doubling, or as far
// apart as Retry-After asks; where it asks for more than two minutes, Do gives up.
// Refused credentials are renewed once, where there is a login.
//
// The error is an [*Error], or, where ctx ended first, its cause.
func (c *Client) Do(ctx context.Context, r Request, decode func(Answer) error) error {
	patience := newPatience()
	attempt := 0
	err := retry.Do(ctx, patience, func(ctx context.Context) error {
		if attempt++; attempt > 1 {
			c.counters.retry()
		}
		err := c.authorized(ctx, r, decode)
		var failed *Error
		if !errors.As(err, &failed) || !repeatable(r, failed) {
			return err
		}
		patience.retryAfter = failed.RetryAfter
		c.log.Warn().Err(failed).Str("path", r.shown()).Int("attempt", attempt).Msg("request did not succeed")
		return retry.RetryableError(err)
	})
	var failed *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed):
		if !failed.final { // or it is a login's, which other requests may be reading
			failed.final = true
		}
		return err
	}
	return fmt.Errorf("%s: %w", r.Op, err)
}

// repeatable tells whether asking again is allowed and may help.
func repeatable(r Request, e *Error) bool {
	if e.final {
		return false
	}
	switch e.Kind { //nolint:exhaustive // the other kinds are answers, and would be the same again
	case KindErrorAnswer:
		return e.RetryAfter <= maxRetryAfter
	case KindNeverSent:
		return !untrusted(e.Err)
	case KindLostAnswer:
		return r.Repeatable
	}
	return false
}

func (r Request) shown() string {
	if r.Shown != "" {
		return r.Shown
	}
	return r.Path
}
