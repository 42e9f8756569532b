package fetch_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"simsync/internal/fetch"
)

var put = fetch.Request{Op: "change it", Method: http.MethodPut, Path: "/it", Repeatable: true} // Write knows better

// What changes something is sent again only where it surely was not carried out, and
// whatever leaves that open is a lost answer.
func TestWrites(t *testing.T) {
	refused := broken(&net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED})
	ok := answer(200, "{}")
	tests := []struct {
		name     string
		steps    []step
		kind     error
		requests int
	}{
		{"carried out", []step{ok}, nil, 1},
		{"declined for now", []step{answer(429, ""), answer(503, ""), refused, ok}, nil, 4},
		{"declined by a code", []step{answer(500, "again"), ok}, nil, 2},
		{"declined for good", []step{answer(503, "")}, fetch.KindErrorAnswer, 6},
		{"never sent", []step{refused}, fetch.KindNeverSent, 6},
		{"an error of any cause", []step{answer(500, "")}, fetch.KindLostAnswer, 1},
		{"an error of any cause, later", []step{answer(503, ""), answer(500, "")}, fetch.KindLostAnswer, 2},
		{"gateway", []step{answer(502, "")}, fetch.KindLostAnswer, 1},
		{"closed", []step{broken(io.EOF)}, fetch.KindLostAnswer, 1},
		{"cut short", []step{brokenBody(io.ErrUnexpectedEOF)}, fetch.KindLostAnswer, 1},
		{"unreadable", []step{answer(200, "<html>")}, fetch.KindLostAnswer, 1},
		{"refused", []step{answer(400, "")}, fetch.KindRefused, 1},
		{"no such thing", []step{answer(404, "")}, fetch.KindNotFound, 1},
		{"credentials", []step{answer(401, "")}, fetch.KindCredentials, 1},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			s := &script{steps: tt.steps}
			r := put
			r.Refusal = func(a fetch.Answer) (string, fetch.Kind) {
				if string(a.Body) == "again" {
					return "AGAIN", fetch.KindErrorAnswer
				}
				return "", ""
			}
			err := newClient(t, s).Write(t.Context(), r, wants("{}"))
			if !errors.Is(err, tt.kind) || len(s.at) != tt.requests {
				t.Errorf("%s: %v after %d requests, want %v after %d", tt.name, err, len(s.at), tt.kind, tt.requests)
			}
		})
	}
}

// A stop leaves the outcome open only while a request has no answer.
func TestStoppedWrites(t *testing.T) {
	hang := func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	tests := map[string]struct {
		steps []step
		open  bool
	}{
		"on its way":           {[]step{hang}, true},
		"on its way again":     {[]step{answer(503, ""), hang}, true},
		"between two attempts": {[]step{answer(503, "", "Retry-After", "100")}, false},
		"before the first":     {nil, false},
	}
	for name, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			cause := errors.New("enough")
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(20*time.Second, func() { cancel(cause) })
			if tt.steps == nil {
				cancel(cause)
			}
			s := &script{steps: slices.Clone(tt.steps)}
			err := newClient(t, s).Write(ctx, put, wants("{}"))
			if !errors.Is(err, cause) || errors.Is(err, fetch.KindLostAnswer) != tt.open {
				t.Errorf("%s: %v, want it open %v", name, err, tt.open)
			}
		})
	}
}
