package iotx_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"simsync/internal/fetch"
	"simsync/internal/fetch/iotx"
	"simsync/internal/simulator"
)

// Pages are fetched ahead: with a second a request, four at a time take a good
// quarter of the time that one at a time takes.
func TestPagesAreFetchedAhead(t *testing.T) {
	took := func(concurrency int) (took time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(simulator.Options{IoTX: 3800, Latency: time.Second})
			c := connect(t, s, func(o *iotx.Options) { o.Concurrency = concurrency })
			start := time.Now()
			if got := walk(t.Context(), c); !got.facts.Verdict.Complete() {
				t.Errorf("got %+v, error %v", got.facts, got.err)
			}
			took = time.Since(start)
			if most := s.Stats().MaxConcurrent[simulator.IoTX]; most != concurrency {
				t.Errorf("%d requests at once, want %d", most, concurrency)
			}
		})
		return took
	}
	if one, four := took(1), took(4); one != 43*time.Second || four > 15*time.Second {
		t.Errorf("one at a time took %s, four %s", one, four)
	}
}

func TestRateIsRespected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{IoTX: 1000})
		c := connect(t, s, func(o *iotx.Options) { o.Client.RequestsPerSecond = 2 })
		start := time.Now()
		got := walk(t.Context(), c)
		if least := time.Duration(got.facts.Requests-1) * time.Second / 2; time.Since(start) < least {
			t.Errorf("%d requests within %s, want at least %s", got.facts.Requests, time.Since(start), least)
		}
	})
}

// A server may give smaller pages than it is asked for. The walk steps by what it
// received.
func TestClampedPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{IoTX: 500, PageClamp: 25})
		got := walk(t.Context(), connect(t, s))
		if !got.facts.Verdict.Complete() || len(got.ids) != 500 {
			t.Errorf("%d records, %+v", len(got.ids), got.facts)
		}
		checkAllRead(t, s, got)
	})
}

func TestBreakStopsTheWalk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := connect(t, simulator.New(simulator.Options{IoTX: 2000, Latency: time.Second}))
		w := c.Walk()
		pages := 0
		for _, err := range w.Pages(t.Context()) {
			if pages++; err != nil || pages == 4 {
				<-time.After(time.Second / 2) // those ahead are on their way now
				break
			}
		}
		if got := w.Facts(); got.Verdict != fetch.VerdictStopped || got.Distinct != 385 {
			t.Errorf("got %+v", got)
		}
		if c.Counters().Requests[fetch.OutcomeCancelled] == 0 {
			t.Error("no request ahead was given up: nothing was tested")
		}
		for _, err := range w.Pages(t.Context()) {
			if err == nil {
				t.Error("a walk that was begun twice yields a page")
			}
		}
	})
}

func TestCancelledWalkIsAnError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("night shift is over")
		c := connect(t, simulator.New(simulator.Options{IoTX: 2000, Latency: time.Second}))
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(3500*time.Millisecond, func() { cancel(cause) })
		if got := walk(ctx, c); !errors.Is(got.err, cause) || got.facts.Verdict != fetch.VerdictStopped {
			t.Errorf("verdict %q, error %v", got.facts.Verdict, got.err)
		}
	})
}

func TestNotFoundAtTheStartIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{})
		s.Inject(simulator.Fault{Kind: simulator.NotFoundEnd, Count: simulator.Forever})
		got := walk(t.Context(), connect(t, s))
		if !errors.Is(got.err, fetch.KindNotFound) || got.facts.Verdict != fetch.VerdictRefused {
			t.Errorf("verdict %q, error %v", got.facts.Verdict, got.err)
		}
	})
}

func TestFilteredWalk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{IoTX: 400})
		until := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
		c := connect(t, s, func(o *iotx.Options) { o.Filter = iotx.ConnectedBetween(time.Time{}, until) })
		early := walk(t.Context(), c)
		c = connect(t, s, func(o *iotx.Options) { o.Filter = iotx.ConnectedBetween(until, time.Time{}) })
		late := walk(t.Context(), c)
		if want := `subscribers where connectionDate lt "2022-01-01T00:00:00Z"`; early.facts.Listing != want {
			t.Errorf("the listing is %q, want %q", early.facts.Listing, want)
		}
		if len(early.ids) == 0 || len(late.ids) == 0 || len(early.ids)+len(late.ids) != len(truth(s)) {
			t.Errorf("%d connected before and %d since, of %d", len(early.ids), len(late.ids), len(truth(s)))
		}
	})
}

func TestSubscriber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{IoTX: 20})
		c := connect(t, s)
		id := truth(s)[7]
		rec, at, err := c.Subscriber(t.Context(), id)
		if err != nil || rec.Err != nil || idOf(rec) != id || !at.Equal(time.Now()) {
			t.Errorf("got %s at %s, error %v", idOf(rec), at, err)
		}
		for id, want := range map[string]error{
			"8944999999999999999": fetch.KindNotFound, "a/b?c#d %": fetch.KindNotFound, "": fetch.KindRefused, "..": fetch.KindRefused,
		} {
			_, _, err := c.Subscriber(t.Context(), id)
			if !errors.Is(err, want) {
				t.Errorf("%q: error %v, want %v", id, err, want)
			}
			if id != "" && id != ".." && strings.Contains(err.Error(), id) {
				t.Errorf("the error holds the identifier: %v", err)
			}
		}
	})
}

func TestCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{IoTX: 200})
		c := connect(t, s)
		if err := c.Check(t.Context()); err != nil {
			t.Error(err)
		}
		synctest.Wait() // the provider counts after it has sent
		if got := s.Stats(); got.Records != 1 {
			t.Errorf("the check read %d records, want 1", got.Records)
		}
		c = connect(t, s, func(o *iotx.Options) { o.Client.Token = "another" })
		if err := c.Check(t.Context()); !errors.Is(err, fetch.KindCredentials) {
			t.Errorf("error %v with another token", err)
		}
	})
}

func TestConnectedBetween(t *testing.T) {
	paris := time.FixedZone("", 3600)
	since, until := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 7, 1, 0, 30, 0, 0, paris)
	for want, got := range map[string]string{
		`connectionDate ge "2024-01-01T00:00:00Z"`:                                              iotx.ConnectedBetween(since, time.Time{}),
		`connectionDate lt "2024-06-30T23:30:00Z"`:                                              iotx.ConnectedBetween(time.Time{}, until),
		`connectionDate ge "2024-01-01T00:00:00Z" and connectionDate lt "2024-06-30T23:30:00Z"`: iotx.ConnectedBetween(since, until),
		`connectionDate lt "2024-06-30T23:30:00.5Z"`:                                            iotx.ConnectedBetween(time.Time{}, until.Add(time.Second/2)),
		``: iotx.ConnectedBetween(time.Time{}, time.Time{}),
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestOptions(t *testing.T) {
	for name, change := range map[string]func(*iotx.Options){
		"page size is 101":     func(o *iotx.Options) { o.PageSize = 101 },
		"page size is -1":      func(o *iotx.Options) { o.PageSize = -1 },
		"concurrency is -1":    func(o *iotx.Options) { o.Concurrency = -1 },
		"overlap is -1":        func(o *iotx.Options) { o.Overlap = -1 },
		"most records is -1":   func(o *iotx.Options) { o.MaxRecords = -1 },
		"no token is given":    func(o *iotx.Options) { o.Client.Token = "" },
		"must be http:// or h": func(o *iotx.Options) { o.Client.BaseURL = "api.iot-x.com" },
	} {
		o := iotx.Options{Client: fetch.Options{BaseURL: "https://api.iot-x.com", Token: "t"}}
		if _, err := iotx.New(o); err != nil {
			t.Fatal(err)
		}
		change(&o)
		if _, err := iotx.New(o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("error %v, want one with %q", err, name)
		}
	}
}
