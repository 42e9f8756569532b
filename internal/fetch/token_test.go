package fetch_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"simsync/internal/fetch"
)

// Any number of requests that find a token worn log in once; a token that is
// refused although it is new is final.
func TestRelogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logins atomic.Int64
		login := func(ctx context.Context, _ *fetch.Client) (string, error) {
			n := logins.Add(1)
			pause, cancel := context.WithTimeout(ctx, time.Second) // the others come meanwhile
			defer cancel()
			<-pause.Done()
			return fmt.Sprintf("token-%d", n), nil
		}
		accepted := "Bearer token-2"
		transport := roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Header.Get("Authorization") != accepted {
				return answer(401, "")(r)
			}
			return answer(200, "{}")(r)
		})
		c := newClient(t, transport, func(o *fetch.Options) { o.Token, o.Login = "", login })
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if err := c.Do(t.Context(), get, wants("{}")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if logins.Load() != 2 {
			t.Errorf("%d logins, want 2", logins.Load())
		}
		accepted = "none"
		if err := c.Do(t.Context(), get, wants("{}")); !errors.Is(err, fetch.KindCredentials) || logins.Load() != 3 {
			t.Errorf("error %v after %d logins, want refused credentials after 3", err, logins.Load())
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A login that cannot be had is not tried over and over by each request's own
// attempts.
func TestLoginHasItsOwnAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{answer(503, "")}}
		c := newClient(t, s, func(o *fetch.Options) {
			o.Token, o.Login = "", func(ctx context.Context, c *fetch.Client) (string, error) {
				r := get
				r.Op, r.Anonymous = "log in", true
				return "", c.Do(ctx, r, wants("{}"))
			}
		})
		err := c.Do(t.Context(), get, wants("{}"))
		var failed *fetch.Error
		if !errors.As(err, &failed) || failed.Op != "log in" || len(s.at) != 6 {
			t.Errorf("error %v after %d requests, want the login's after 6", err, len(s.at))
		}
	})
}
