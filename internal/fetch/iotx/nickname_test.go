package iotx_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"simsync/internal/fetch"
	"simsync/internal/fetch/iotx"
	"simsync/internal/simulator"

	"github.com/rs/zerolog"
)

// nicknameOf is the raw nickname of a record.
func nicknameOf(rec fetch.Record[iotx.Subscriber]) string { return string(rec.Value.Nickname) }

// A nickname of any characters is set, and the answer shows it; what the provider does
// not accept or does not know is told apart.
func TestSetNickname(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{IoTX: 10})
		c := connect(t, s)
		id := truth(s)[0]
		for name, want := range map[string]string{
			"Pâturage n° 7": `"Pâturage n° 7"`, "": `""`, `a"b`: `"a\"b"`, strings.Repeat("é", iotx.MaxNickname): `"` + strings.Repeat("é", iotx.MaxNickname) + `"`,
		} {
			rec, receivedAt, err := c.SetNickname(t.Context(), id, name)
			if err != nil || rec.Err != nil || nicknameOf(rec) != want || receivedAt.IsZero() {
				t.Errorf("%q is now %s, %v, %v", name, nicknameOf(rec), rec.Err, err)
			}
			if rec, _, err = c.Subscriber(t.Context(), id); err != nil || nicknameOf(rec) != want {
				t.Errorf("%q reads as %s, %v", name, nicknameOf(rec), err)
			}
		}
		var failed *fetch.Error
		_, _, err := c.SetNickname(t.Context(), id, strings.Repeat("é", iotx.MaxNickname+1))
		if !errors.As(err, &failed) || failed.Kind != fetch.KindRefused || failed.Status != http.StatusBadRequest || failed.Code == "" {
			t.Errorf("a nickname too long: %v", err)
		}
		if _, _, err := c.SetNickname(t.Context(), "8900000000000000000", "a"); !errors.Is(err, fetch.KindNotFound) {
			t.Errorf("nobody's nickname: %v", err)
		}
		for _, bad := range []struct{ id, name string }{{"", "a"}, {"..", "a"}, {id, "\xff"}} {
			if _, _, err := c.SetNickname(t.Context(), bad.id, bad.name); !errors.Is(err, fetch.KindRefused) {
				t.Errorf("%q of %q: %v", bad.name, bad.id, err)
			}
		}
	})
}

// A nickname is set again only where it surely was not.
func TestNicknameAnswers(t *testing.T) {
	tests := []struct {
		name     string
		statuses []int // 0: the connection breaks
		body     string
		kind     error
		requests int
	}{
		{"set", []int{200}, `{"content":{"nickname":"a"}}`, nil, 1},
		{"too many requests", []int{429, 503, 200}, `{"content":{"nickname":"a"}}`, nil, 3},
		{"an error of any cause", []int{500, 200}, ``, fetch.KindLostAnswer, 1},
		{"broken", []int{0, 200}, ``, fetch.KindLostAnswer, 1},
		{"no content", []int{200}, `{}`, fetch.KindLostAnswer, 1},
		{"cut short", []int{200}, `{"content":{"nickname"`, fetch.KindLostAnswer, 1},
		{"refused", []int{400}, `{"error":{"code":"BadRequest"}}`, fetch.KindRefused, 1},
		{"no permission", []int{403}, ``, fetch.KindRefused, 1},
		{"nobody", []int{404}, `{"error":{"code":"NotFound"}}`, fetch.KindNotFound, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const id = "8944000000000000001"
				var log bytes.Buffer
				requests := 0
				transport := roundTrip(func(r *http.Request) (*http.Response, error) {
					status := tt.statuses[min(requests, len(tt.statuses)-1)]
					requests++
					body, err := io.ReadAll(r.Body)
					if err != nil || r.Method != http.MethodPatch || r.URL.Path != "/subscribers/"+id || string(body) != `{"nickname":"a"}` {
						t.Errorf("%s %s %s, %v", r.Method, r.URL.Path, body, err)
					}
					if status == 0 {
						return nil, io.ErrUnexpectedEOF
					}
					return &http.Response{StatusCode: status, Header: http.Header{}, Request: r, ContentLength: -1, Body: io.NopCloser(strings.NewReader(tt.body))}, nil
				})
				c, err := iotx.New(iotx.Options{Client: fetch.Options{BaseURL: "https://api.iot-x.test", Token: "sesame", Transport: transport, Log: zerolog.New(&log)}})
				if err != nil {
					t.Fatal(err)
				}
				defer c.Close()
				_, _, err = c.SetNickname(t.Context(), id, "a")
				if !errors.Is(err, tt.kind) || requests != tt.requests {
					t.Errorf("%v after %d requests, want %v after %d", err, requests, tt.kind, tt.requests)
				}
				if err != nil && strings.Contains(err.Error(), id) || strings.Contains(log.String(), id) {
					t.Errorf("error %v, log %s", err, &log)
				}
			})
		})
	}
}

// roundTrip is a transport that is a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
