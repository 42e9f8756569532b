package fetch

import (
	"context"
	"errors"
)

// token is a bearer token and which one it is, counted from 1.
type token struct {
	value      string
	generation int
}

// tokens holds the token in use. However many requests find it refused at the same
// time, one of them logs in and the others take what it got.
type tokens struct {
	login func(context.Context) (string, error) // nil: the token is a ready one
	// lock holds one element while nobody logs in. A mutex would not let go of a
	// request whose context ends meanwhile.
	lock    chan struct{}
	newest  token
	refused error // a login that was refused is not tried again
}

func newTokens(ready string, login func(context.Context, *Client) (string, error), c *Client) *tokens {
	t := &tokens{lock: make(chan struct{}, 1), newest: token{value: ready}}
	t.lock <- struct{}{}
	if ready == "" {
		t.login = func(ctx context.Context) (string, error) { return login(ctx, c) }
	}
	return t
}

// renewable tells whether a refused token can be replaced.
func (t *tokens) renewable() bool { return t.login != nil }

// current gives the token in use; the first call gets it by logging in.
func (t *tokens) current(ctx context.Context) (token, error) {
	return t.after(ctx, token{})
}

// after gives a token that is newer than old, by logging in if need be. A ready
// token has no generation and is always newer than none.
func (t *tokens) after(ctx context.Context, old token) (token, error) {
	select {
	case <-t.lock:
	case <-ctx.Done():
		return token{}, context.Cause(ctx)
	}
	defer func() { t.lock <- struct{}{} }()
	if t.login == nil || t.newest.generation > old.generation {
		return t.newest, nil
	}
	if t.refused != nil {
		return token{}, t.refused
	}
	value, err := t.login(ctx)
	if err == nil && !validToken(value) {
		err = &Error{Kind: KindCredentials, Op: "log in", Err: errNoToken, final: true}
	}
	if errors.Is(err, KindCredentials) {
		t.refused = err
	}
	if err != nil {
		return token{}, err
	}
	t.newest = token{value: value, generation: t.newest.generation + 1}
	return t.newest, nil
}

var errNoToken = errors.New("the login gave no usable token")

// validToken tells whether s can stand in a header: visible ASCII only.
func validToken(s string) bool {
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return s != ""
}
