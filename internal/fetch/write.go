package fetch

import (
	"context"
	"errors"
	"net/http"
)

// Write sends r, which changes something at the provider, and never twice unless it
// surely was not carried out: what never reached the server is repeated, and what it
// declined for now (429, 503, or a code that says so), as [Client.Do] does it.
//
// All that leaves the outcome open is [KindLostAnswer]. Besides a lost answer proper
// that is a status of 500 without a code, which floLIVE gives for more than one
// reason, and the end of ctx while the last request had brought no answer; the error
// then wraps ctx's cause. After any other error nothing was changed.
func (c *Client) Write(ctx context.Context, r Request, decode func(Answer) error) error {
	var tally Tally
	var answered int64 // the last request that was, counted from 1
	read := c.reading(r)
	r.Repeatable, r.Tally = false, &tally
	r.Refusal = func(a Answer) (string, Kind) {
		answered = tally.Requests()
		code, kind := read(a)
		if kind == "" && a.Status == http.StatusInternalServerError {
			kind = KindLostAnswer
		}
		return code, kind
	}
	err := c.Do(ctx, r, func(a Answer) error {
		answered = tally.Requests()
		return decode(a)
	})
	var failed *Error
	if err != nil && !errors.As(err, &failed) && tally.Requests() > answered {
		return &Error{Kind: KindLostAnswer, Op: r.Op, Err: context.Cause(ctx)}
	}
	return err
}
