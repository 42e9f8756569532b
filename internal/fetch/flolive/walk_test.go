package flolive_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/simulator"

	"pgregory.net/rapid"
)

func TestEmptyListingIsComplete(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{Customers: 1})
		got := walk(t.Context(), connect(t, s), s.CustomerIDs()[0])
		if got.err != nil || got.facts.Verdict != fetch.VerdictComplete || got.facts.Requests != 1 || *got.facts.Declared != 0 {
			t.Errorf("got %+v and error %v", got.facts, got.err)
		}
	})
}

func TestUnknownCustomerIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := connect(t, simulator.New(simulator.Options{FloLIVE: 10}))
		got := walk(t.Context(), c, "00000000-0000-4000-8000-000000000000")
		var failed *fetch.Error
		if !errors.As(got.err, &failed) || failed.Code != "CUSTOMER_1002" || got.facts.Verdict != fetch.VerdictRefused {
			t.Errorf("verdict %q and error %v, want refused with CUSTOMER_1002", got.facts.Verdict, got.err)
		}
	})
}

// The keep-alive is a budget for the whole session: with four seconds a call, a
// minute is enough for fourteen chunks and no more.
func TestKeepAliveIsABudget(t *testing.T) {
	for size, want := range map[int]fetch.Verdict{1400: fetch.VerdictComplete, 1500: fetch.VerdictExpired} {
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(simulator.Options{FloLIVE: size, Customers: 1, Latency: 4 * time.Second})
			c := connect(t, s, func(o *flolive.Options) { o.KeepAlive = time.Minute })
			got := walk(t.Context(), c, s.CustomerIDs()[0])
			if got.err != nil || got.facts.Verdict != want {
				t.Errorf("%d records: verdict %q and error %v, want %q", size, got.facts.Verdict, got.err, want)
			}
			if want == fetch.VerdictExpired && got.facts.Sessions != flolive.DefaultSessionAttempts {
				t.Errorf("%d sessions, want %d", got.facts.Sessions, flolive.DefaultSessionAttempts)
			}
		})
	}
}

// A consumer that is slow uses the budget up, too.
func TestSlowConsumerExpiresTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 300, Customers: 1})
		c := connect(t, s, func(o *flolive.Options) { o.KeepAlive, o.SessionAttempts = time.Minute, 1 })
		w := c.Walk(s.CustomerIDs()[0])
		for _, err := range w.Pages(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			idle(t, 59*time.Second)
		}
		if got := w.Facts(); got.Verdict != fetch.VerdictExpired || got.Requests != 1 {
			t.Errorf("verdict %q after %d requests, want expired after 1", got.Verdict, got.Requests)
		}
	})
}

// idle lets virtual time pass.
func idle(t *testing.T, d time.Duration) {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	<-ctx.Done()
}

func TestBreakStopsTheWalk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 1000, Customers: 1})
		w := connect(t, s).Walk(s.CustomerIDs()[0])
		for _, err := range w.Pages(t.Context()) {
			if err != nil {
				t.Error(err)
			}
			break
		}
		if got := w.Facts(); got.Verdict != fetch.VerdictStopped || got.Requests != 1 || got.Distinct != 100 {
			t.Errorf("got %+v", got)
		}
		for _, err := range w.Pages(t.Context()) {
			if err == nil {
				t.Error("a walk that was begun twice yields a page")
			}
		}
	})
}

// However the context ends a walk, that is an error and never a clean end.
func TestCancelledWalkIsAnError(t *testing.T) {
	cause := errors.New("night shift is over")
	for name, fault := range map[string]simulator.FaultKind{
		"in a request": simulator.Hang, "before a repeat": simulator.Unavailable, "before a session": simulator.LostAnswer,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Options{FloLIVE: 1000, Customers: 1})
				s.Inject(simulator.Fault{Kind: fault, From: 3, Count: simulator.Forever})
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(300*time.Millisecond, func() { cancel(cause) })
				got := walk(ctx, connect(t, s), s.CustomerIDs()[0])
				if !errors.Is(got.err, cause) || got.facts.Verdict != fetch.VerdictStopped {
					t.Errorf("verdict %q and error %v, want stopped by %v", got.facts.Verdict, got.err, cause)
				}
			})
		})
	}
}

// Retry-After is waited for exactly, whether it is in seconds or a date.
func TestRetryAfterIsHonoured(t *testing.T) {
	for _, date := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(simulator.Options{FloLIVE: 1000, Customers: 1})
			s.Inject(simulator.Fault{Kind: simulator.TooManyRequests, From: 4, RetryAfter: 37 * time.Second, RetryAfterDate: date})
			start := time.Now()
			got := walk(t.Context(), connect(t, s), s.CustomerIDs()[0])
			if took := time.Since(start); took != 37*time.Second || !got.facts.Verdict.Complete() {
				t.Errorf("date %v: %q after %s, want complete after 37s", date, got.facts.Verdict, took)
			}
		})
	}
}

// A token that wears out is renewed by one login, however many walks find it worn
// at the same time; the walks do not notice.
func TestOneLoginForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 4000, Customers: 4, TokenUses: 30, Latency: time.Second})
		c := connect(t, s)
		var walks sync.WaitGroup
		for _, customer := range s.CustomerIDs() {
			walks.Go(func() {
				if got := walk(t.Context(), c, customer); got.err != nil || !got.facts.Verdict.Complete() || got.facts.Sessions != 1 {
					t.Errorf("%+v, error %v", got.facts, got.err)
				}
			})
		}
		walks.Wait()
		if logins := s.Stats().Requests[simulator.Login]; logins != 2 {
			t.Errorf("%d logins for 40 calls with 30 uses a token, want 2", logins)
		}
	})
}

func TestWrongPassword(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 10, Customers: 1})
		c := connect(t, s, func(o *flolive.Options) { o.Password = "not it" })
		for range 2 {
			got := walk(t.Context(), c, s.CustomerIDs()[0])
			if !errors.Is(got.err, fetch.KindCredentials) || got.facts.Verdict != fetch.VerdictRefused {
				t.Errorf("verdict %q, error %v", got.facts.Verdict, got.err)
			}
			if strings.Contains(fmt.Sprint(got.err), "not it") {
				t.Errorf("the error holds the password: %v", got.err)
			}
		}
		if logins := s.Stats().Requests[simulator.Login]; logins != 1 {
			t.Errorf("a refused login was tried %d times, want once: accounts get locked", logins)
		}
	})
}

func TestCheck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 1000, Customers: 1})
		c := connect(t, s)
		if err := c.Check(t.Context(), s.CustomerIDs()[0]); err != nil {
			t.Error(err)
		}
		synctest.Wait() // the provider counts after it has sent
		if got := s.Stats(); got.Records != 1 {
			t.Errorf("the check read %d records, want 1", got.Records)
		}
		if err := c.Check(t.Context(), "nobody"); !errors.Is(err, fetch.KindRefused) {
			t.Errorf("error %v for a customer that is not there", err)
		}
	})
}

// Whatever goes wrong: a walk that says that it is complete has read exactly what
// the provider has.
func TestCompleteIsTrue(t *testing.T) {
	left := []simulator.FaultKind{simulator.BadRecord, simulator.OversizedBody} // one changes the truth, one takes seconds
	var kinds []simulator.FaultKind
	for _, info := range simulator.FaultKinds() {
		if slices.Contains(info.Providers, simulator.FloLIVE) && !slices.Contains(left, info.Kind) {
			kinds = append(kinds, info.Kind)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		o := simulator.Options{
			Seed: rapid.Uint64().Draw(r, "seed"), FloLIVE: rapid.IntRange(0, 150).Draw(r, "records"), Customers: 1,
			BadShare: rapid.SampledFrom([]float64{0, 0.1}).Draw(r, "bad share"), Gzip: rapid.Bool().Draw(r, "gzip"),
		}
		chunk := rapid.IntRange(5, 60).Draw(r, "chunk")
		faults := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) simulator.Fault {
			return simulator.Fault{
				Kind:  rapid.SampledFrom(kinds).Draw(r, "kind"),
				From:  rapid.IntRange(1, 12).Draw(r, "from"),
				Count: rapid.IntRange(1, 3).Draw(r, "count"),
				By:    rapid.IntRange(0, 3).Draw(r, "by"),
			}
		}), 0, 4).Draw(r, "faults")
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(o)
			for _, f := range faults {
				s.Inject(f)
			}
			customer := s.CustomerIDs()[0]
			c := connect(t, s, func(o *flolive.Options) { o.ChunkSize = chunk })
			got := walk(t.Context(), c, customer)
			checkFacts(t, got)
			if got.facts.Verdict.Complete() && len(got.distinct()) != len(truth(s, customer)) {
				t.Errorf("complete with %d records of %d", len(got.distinct()), len(truth(s, customer)))
			}
			if got.facts.Verdict.Complete() && o.BadShare == 0 && !slices.Equal(got.distinct(), truth(s, customer)) {
				t.Error("complete, with other records than the provider's")
			}
			if got.facts.Verdict.Complete() && got.err != nil {
				t.Errorf("complete, and yet %v", got.err)
			}
		})
	})
}
