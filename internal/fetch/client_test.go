package fetch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"simsync/internal/fetch"

	"github.com/google/go-cmp/cmp"
	"github.com/rs/zerolog"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// script answers one request after another; the last answer is given for ever.
type script struct {
	steps []func(*http.Request) (*http.Response, error)
	at    []time.Time // when each request came
}

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	step := s.steps[min(len(s.at), len(s.steps)-1)]
	s.at = append(s.at, time.Now())
	return step(r)
}

// waits are the times between the requests.
func (s *script) waits() []time.Duration {
	var waits []time.Duration
	for i := 1; i < len(s.at); i++ {
		waits = append(waits, s.at[i].Sub(s.at[i-1]))
	}
	return waits
}

type step = func(*http.Request) (*http.Response, error)

func answer(status int, body string, header ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{}
		for i := 0; i < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{
			StatusCode: status, Header: h, Request: r, ContentLength: -1, Body: io.NopCloser(strings.NewReader(body)),
		}, nil
	}
}

func broken(err error) step {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// brokenBody answers and breaks off in the middle.
func brokenBody(err error) step {
	return func(r *http.Request) (*http.Response, error) {
		body := io.MultiReader(strings.NewReader(`{"content":[`), errReader{err})
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, ContentLength: -1, Body: io.NopCloser(body)}, nil
	}
}

type errReader struct{ err error }

func (r errReader) Read([]byte) (int, error) { return 0, r.err }

func newClient(t *testing.T, transport http.RoundTripper, change ...func(*fetch.Options)) *fetch.Client {
	t.Helper()
	o := fetch.Options{BaseURL: "https://api.test/base/", Token: "sesame", Transport: transport}
	for _, f := range change {
		f(&o)
	}
	c, err := fetch.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

var get = fetch.Request{Op: "read it", Method: http.MethodGet, Path: "/it", Repeatable: true}

// wants decodes nothing but one body.
func wants(body string) func(fetch.Answer) error {
	return func(a fetch.Answer) error {
		if string(a.Body) != body {
			return errors.New("not the answer")
		}
		return nil
	}
}

// What a failure is, and whether it is asked again: for a request that may be
// delivered twice, and for one that may not.
func TestKindsAndRepeats(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	reset := &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}
	tests := []struct {
		name         string
		step         step
		kind         fetch.Kind
		repeatable   int // requests sent where a repeat does no harm
		unrepeatable int
	}{
		{"400", answer(400, ""), fetch.KindRefused, 1, 1},
		{"401", answer(401, ""), fetch.KindCredentials, 1, 1},
		{"403", answer(403, ""), fetch.KindRefused, 1, 1},
		{"404", answer(404, ""), fetch.KindNotFound, 1, 1},
		{"408", answer(408, ""), fetch.KindLostAnswer, 6, 1},
		{"429", answer(429, ""), fetch.KindErrorAnswer, 6, 6},
		{"500", answer(500, ""), fetch.KindErrorAnswer, 6, 6},
		{"502", answer(502, ""), fetch.KindLostAnswer, 6, 1},
		{"503", answer(503, ""), fetch.KindErrorAnswer, 6, 6},
		{"504", answer(504, ""), fetch.KindLostAnswer, 6, 1},
		{"522", answer(522, ""), fetch.KindLostAnswer, 6, 1},
		{"304", answer(304, ""), fetch.KindRefused, 1, 1},
		{"a page of HTML", answer(200, "<html>"), fetch.KindLostAnswer, 6, 1},
		{"no connection", broken(refused), fetch.KindNeverSent, 6, 6},
		{"no such host", broken(&net.DNSError{Name: "api.test", Err: "no such host"}), fetch.KindNeverSent, 6, 6},
		{"reset", broken(reset), fetch.KindLostAnswer, 6, 1},
		{"closed", broken(io.EOF), fetch.KindLostAnswer, 6, 1},
		{"cut short", brokenBody(io.ErrUnexpectedEOF), fetch.KindLostAnswer, 6, 1},
		{"reset in the body", brokenBody(reset), fetch.KindLostAnswer, 6, 1},
		{"a longer wait than is waited for", answer(429, "", "Retry-After", "121"), fetch.KindErrorAnswer, 1, 1},
	}
	for _, tt := range tests {
		for _, repeatable := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				s := &script{steps: []step{tt.step}}
				r, want := get, tt.unrepeatable
				r.Repeatable = repeatable
				if repeatable {
					want = tt.repeatable
				}
				r.Tally = &fetch.Tally{}
				c := newClient(t, s)
				err := c.Do(t.Context(), r, wants("{}"))
				var failed *fetch.Error
				if !errors.As(err, &failed) || failed.Kind != tt.kind || failed.Op != "read it" {
					t.Errorf("%s: error %v, want one of kind %q", tt.name, err, tt.kind)
				}
				if len(s.at) != want || r.Tally.Requests() != int64(want) {
					t.Errorf("%s, repeatable %v: %d requests, %d counted, want %d", tt.name, repeatable, len(s.at), r.Tally.Requests(), want)
				}
				counters := fetch.Counters{Requests: map[string]int64{string(tt.kind): int64(want)}, Retries: int64(want - 1)}
				got := c.Counters()
				counters.Bytes = got.Bytes
				if diff := cmp.Diff(counters, got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", tt.name, diff)
				}
			})
		}
	}
}

// Half a second first, then twice as long each time, a fifth more or less.
func TestBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{answer(503, "")}}
		_ = newClient(t, s).Do(t.Context(), get, wants("{}"))
		middle := 500 * time.Millisecond
		for i, wait := range s.waits() {
			if wait < middle*8/10 || wait > middle*12/10 {
				t.Errorf("wait %d is %s, want %s and a fifth more or less", i+1, wait, middle)
			}
			middle *= 2
		}
		if len(s.waits()) != 5 {
			t.Errorf("%d waits, want 5", len(s.waits()))
		}
	})
}

// Retry-After is waited for exactly; a date is measured against the provider's own
// clock, which here is an hour ahead; one that makes no sense is not waited for.
func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		theirs := func(d time.Duration) string { return time.Now().UTC().Add(time.Hour + d).Format(http.TimeFormat) }
		s := &script{steps: []step{
			answer(429, "", "Retry-After", "120"),
			func(r *http.Request) (*http.Response, error) {
				return answer(503, "", "Retry-After", theirs(17*time.Second), "Date", theirs(0))(r)
			},
			answer(503, "", "Retry-After", "soon"),
			answer(200, "{}"),
		}}
		if err := newClient(t, s).Do(t.Context(), get, wants("{}")); err != nil {
			t.Fatal(err)
		}
		waits := s.waits()
		if waits[0] != 2*time.Minute || waits[1] != 17*time.Second || waits[2] > 3*time.Second {
			t.Errorf("waits %v, want 2m, 17s and a backoff", waits)
		}
	})
}

// The request timeout bounds the whole exchange, the body included.
func TestTimeoutBoundsTheBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stall := func(r *http.Request) (*http.Response, error) {
			body, w := io.Pipe()
			context.AfterFunc(r.Context(), func() { w.CloseWithError(r.Context().Err()) })
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, ContentLength: -1, Body: body}, nil
		}
		c := newClient(t, &script{steps: []step{stall}}, func(o *fetch.Options) { o.RequestTimeout = 7 * time.Second })
		start := time.Now()
		r := get
		r.Repeatable = false
		err := c.Do(t.Context(), r, wants("{}"))
		if took := time.Since(start); took != 7*time.Second || !errors.Is(err, fetch.KindLostAnswer) {
			t.Errorf("%v after %s, want a lost answer after 7s", err, took)
		}
	})
}

func TestRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &script{steps: []step{answer(200, "{}")}}
		c := newClient(t, s, func(o *fetch.Options) { o.RequestsPerSecond = 4 })
		for range 9 {
			if err := c.Do(t.Context(), get, wants("{}")); err != nil {
				t.Fatal(err)
			}
		}
		for _, wait := range s.waits() {
			if wait != 250*time.Millisecond {
				t.Errorf("waits %v, want 250ms each", s.waits())
				break
			}
		}
	})
}

// A cancelled context ends a wait at once, and the cause comes back.
func TestCancelledWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(100*time.Second, func() { cancel(cause) })
		start := time.Now()
		err := newClient(t, &script{steps: []step{answer(429, "", "Retry-After", "110")}}).Do(ctx, get, wants("{}"))
		var failed *fetch.Error
		if !errors.Is(err, cause) || errors.As(err, &failed) || time.Since(start) != 100*time.Second {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
}

// Nothing of a body, a token, a query or a subscriber's path comes into an error
// or a log.
func TestErrorsAndLogsAreDiscreet(t *testing.T) {
	const secret = "8944000000000000001"
	steps := map[string]step{
		"body":      answer(503, `{"error":{"code":"`+secret+`","message":"`+secret+`"}}`),
		"malformed": broken(fmt.Errorf("malformed HTTP response %q", secret)),
		"decode":    answer(200, secret),
	}
	for name, step := range steps {
		synctest.Test(t, func(t *testing.T) {
			var lines bytes.Buffer
			c := newClient(t, &script{steps: []func(*http.Request) (*http.Response, error){step}}, func(o *fetch.Options) {
				o.Log, o.Token = zerolog.New(&lines), "token"+secret
				o.Refusal = func([]byte) (string, fetch.Kind) { return secret, fetch.KindErrorAnswer }
			})
			r := get
			r.Path, r.Shown = "/it/"+secret, "/it/8944...0001"
			r.Query = map[string][]string{"name": {secret}}
			err := c.Do(t.Context(), r, wants("{}"))
			if err == nil || strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error says too much, or nothing: %v", name, err)
			}
			if lines.Len() == 0 || strings.Contains(lines.String(), secret) {
				t.Errorf("%s: the log says too much, or nothing: %s", name, &lines)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	for want, change := range map[string]func(*fetch.Options){
		"http:// or https://":    func(o *fetch.Options) { o.BaseURL = "ftp://x" },
		"cannot be read":         func(o *fetch.Options) { o.BaseURL = "https://x:secret%zz@y" },
		"holds credentials":      func(o *fetch.Options) { o.BaseURL = "https://u:p@x" },
		"end before any ?":       func(o *fetch.Options) { o.BaseURL = "https://x?a=1" },
		"neither a token":        func(o *fetch.Options) { o.Token = "" },
		"the token holds":        func(o *fetch.Options) { o.Token = "two words" },
		"requests per second is": func(o *fetch.Options) { o.RequestsPerSecond = -1 },
		"request timeout is":     func(o *fetch.Options) { o.RequestTimeout = -1 },
		"most bytes of a body":   func(o *fetch.Options) { o.MaxBody = 1000 },
	} {
		o := fetch.Options{BaseURL: "https://x", Token: "t"}
		change(&o)
		if _, err := fetch.New(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
