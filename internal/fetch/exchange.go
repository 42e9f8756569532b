package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

const (
	// DefaultMaxBody bounds an answer after decompression: sixteen times the largest
	// chunk of 10,000 subscribers, and little enough for a small container.
	DefaultMaxBody = 64 << 20
	// maxRefusal bounds what is read of an answer that is not 2xx.
	maxRefusal = 1 << 20
)

// authorized makes one attempt, and a second one with a new token if the first was
// refused for its token and there is a login.
func (c *Client) authorized(ctx context.Context, r Request, decode func(Answer) error) error {
	if r.Anonymous {
		return c.exchange(ctx, r, "", decode)
	}
	t, err := c.tokens.current(ctx)
	if err != nil {
		return err
	}
	err = c.exchange(ctx, r, t.value, decode)
	if !errors.Is(err, KindCredentials) || !c.tokens.renewable() {
		return err
	}
	if t, err = c.tokens.after(ctx, t); err != nil {
		return err
	}
	c.counters.retry()
	return c.exchange(ctx, r, t.value, decode)
}

// exchange waits for its turn, sends r once, reads the answer to its end and has
// it decoded. The error is an *Error, or, where ctx ended first, its cause.
func (c *Client) exchange(ctx context.Context, r Request, token string, decode func(Answer) error) error {
	if err := c.turn(ctx); err != nil {
		return err
	}
	if r.Tally != nil {
		r.Tally.n.Add(1)
	}
	bounded, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	answer, failed := c.roundTrip(bounded, r, token)
	if answer.Status != 0 && !r.Anonymous {
		answer.Number = record(ctx, r, answer)
	}
	if failed == nil {
		failed = decoded(decode(answer), answer)
	}
	switch {
	case failed == nil:
		c.counters.request(OutcomeOK, len(answer.Body))
		return nil
	case failed.Status == 0 && ctx.Err() != nil:
		c.counters.request(OutcomeCancelled, len(answer.Body))
		return context.Cause(ctx)
	}
	c.counters.request(string(failed.Kind), len(answer.Body))
	failed.Op = r.Op
	return failed
}

// turn waits until the rate allows one more request.
func (c *Client) turn(ctx context.Context) error {
	err := c.limiter.Wait(ctx)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil { // its turn would come after ctx's deadline
		return context.DeadlineExceeded
	}
	return nil
}

// decoded words what decode returned.
func decoded(err error, a Answer) *Error {
	if err == nil {
		return nil
	}
	var own *Error
	if !errors.As(err, &own) {
		own = &Error{Kind: KindLostAnswer, Err: err}
	}
	own.Status, own.RetryAfter = a.Status, a.RetryAfter
	return own
}

// roundTrip sends r and reads the answer. The body read so far comes back with an
// error too, to be counted.
func (c *Client) roundTrip(ctx context.Context, r Request, token string) (Answer, *Error) {
	var connecting, connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { connecting.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	request, err := c.build(ctx, r, token)
	if err != nil {
		return Answer{}, &Error{Kind: KindRefused, Err: err}
	}
	a := Answer{SentAt: time.Now()}
	response, err := c.http.Do(request)
	if err != nil {
		sent := connected.Load() || !connecting.Load() && !dialled(err)
		return a, broken(err, sent)
	}
	defer response.Body.Close()
	a.Status = response.StatusCode
	ok := a.Status >= 200 && a.Status <= 299
	limit := int64(maxRefusal)
	if ok {
		limit = c.maxBody
	}
	a.Body, err = readBody(response, limit, r.SizeHint)
	a.ReceivedAt = time.Now()
	a.RetryAfter = retryAfter(response.Header, a.ReceivedAt)
	switch {
	case !ok: // even a refusal cut short is a refusal
		return a, c.refused(r, a)
	case err != nil:
		return Answer{Body: a.Body}, broken(err, true)
	}
	return a, nil
}

// build makes the HTTP request of r.
func (c *Client) build(ctx context.Context, r Request, token string) (*http.Request, error) {
	target := c.base + r.Path
	if len(r.Query) > 0 {
		target += "?" + r.Query.Encode()
	}
	var body io.Reader // a nil *bytes.Reader would count as a body
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, target, body)
	if err != nil {
		return nil, errors.New("the request's address cannot be read")
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", c.userAgent)
	if r.Body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	return request, nil
}

// readBody reads a body of at most limit bytes in as few steps as its announced or
// guessed length allows.
func readBody(response *http.Response, limit int64, hint int) ([]byte, error) {
	size := int64(hint)
	if response.ContentLength >= 0 {
		size = response.ContentLength
	}
	if size > limit {
		size = limit
	}
	var b bytes.Buffer
	b.Grow(int(size) + bytes.MinRead) // MinRead is what the end of a body is found with
	_, err := b.ReadFrom(io.LimitReader(response.Body, limit+1))
	if err == nil && int64(b.Len()) > limit {
		err = fmt.Errorf("%w than %d MiB", errTooLarge, limit>>20)
	}
	return b.Bytes(), err
}
