package fetch_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"simsync/internal/fetch"
)

// Credentials go to the host that they were given for and nowhere else.
func TestRedirects(t *testing.T) {
	var elsewhere atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("/there", func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, r.Method, r.Header.Get("Authorization"))
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/there", http.StatusPermanentRedirect)
	})
	mux.HandleFunc("/found", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/there", http.StatusFound) })
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/round", http.StatusPermanentRedirect)
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/8944000000000000001", http.StatusPermanentRedirect)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	c := newClient(t, nil, func(o *fetch.Options) { o.BaseURL = server.URL })
	for path, ok := range map[string]bool{"/moved": true, "/found": false, "/round": false, "/away": false} {
		r := fetch.Request{Op: "move", Method: http.MethodPost, Path: path, Body: []byte(`{}`)}
		err := c.Do(t.Context(), r, wants("POSTBearer sesame"))
		if ok != (err == nil) || !ok && !errors.Is(err, fetch.KindRefused) {
			t.Errorf("%s: %v", path, err)
		}
		if err != nil && strings.Contains(err.Error(), "8944") {
			t.Errorf("the error holds an address: %v", err)
		}
	}
	if elsewhere.Load() != 0 {
		t.Error("another host was asked")
	}
}

// An answer of more than 64 MiB is not read to its end, however well it packs.
func TestOversizedAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		blank := bytes.Repeat([]byte(" "), 1<<20)
		for range 66 {
			if _, err := w.Write(blank); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	c := newClient(t, nil, func(o *fetch.Options) { o.BaseURL = server.URL })
	r := get
	r.Repeatable = false
	err := c.Do(t.Context(), r, func(fetch.Answer) error { return nil })
	if !errors.Is(err, fetch.KindLostAnswer) || !strings.Contains(err.Error(), "64 MiB") {
		t.Errorf("error %v", err)
	}
}

// A certificate that nobody vouches for is not asked again.
func TestUntrustedCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) //nolint:forbidigo // net/http knows no other
	server.StartTLS()
	defer server.Close()
	c := newClient(t, nil, func(o *fetch.Options) { o.BaseURL = server.URL })
	err := c.Do(t.Context(), get, wants("{}"))
	if !errors.Is(err, fetch.KindNeverSent) || c.Counters().Total() != 1 {
		t.Errorf("error %v after %d requests", err, c.Counters().Total())
	}
}
