package flolive_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/simulator"
)

// Every fault that the provider is feared to have, and what a walk over ten
// chunks makes of it.
func TestFaults(t *testing.T) {
	const forever = simulator.Forever
	tests := []struct {
		fault    simulator.FaultKind
		from     int // the request struck first; 0: as the fault has it
		count    int
		verdict  fetch.Verdict
		sessions int
		requests int64
		kind     error // of the iterator's error
	}{
		// Nothing was delivered: asked again in the same session.
		{"too-many-requests", 4, 1, fetch.VerdictComplete, 1, 11, nil},
		{"unavailable", 4, 2, fetch.VerdictComplete, 1, 12, nil},
		{"server-error", 4, 5, fetch.VerdictComplete, 1, 15, nil},
		{"global-1001", 4, 1, fetch.VerdictComplete, 1, 11, nil},
		{"refuse-connection", 1, 1, fetch.VerdictComplete, 1, 10, nil}, // the login's dial
		{"unauthorized", 4, 1, fetch.VerdictComplete, 1, 11, nil},
		{"server-error", 4, 6, fetch.VerdictComplete, 2, 19, nil}, // six in vain, then another session
		// Delivered or not: a new session.
		{"lost-answer", 1, 1, fetch.VerdictComplete, 2, 11, nil},
		{"lost-answer", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"lost-answer", 10, 1, fetch.VerdictComplete, 2, 20, nil},
		{"lost-answer", 4, forever, fetch.VerdictLostAnswer, 3, 6, nil},
		{"truncated-body", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"garbage-body", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"html-error", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"bad-gateway", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"gateway-timeout", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"hang", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"hang", 4, forever, fetch.VerdictLostAnswer, 3, 6, nil},
		{"oversized-body", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		// The session is over.
		{"global-1018", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"expiry", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"global-1018", 4, forever, fetch.VerdictExpired, 3, 6, nil},
		// The session cannot be proved.
		{"wrong-record-amount", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"wrong-record-amount", 4, forever, fetch.VerdictWrongAmount, 3, 6, nil},
		{"null-content", 4, forever, fetch.VerdictWrongAmount, 3, 6, nil},
		{"short-total", 1, forever, fetch.VerdictMiscounted, 3, 30, nil},
		{"short-total", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"changing-total", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"repeated-chunk", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"stuck-cursor", 1, forever, fetch.VerdictStuckCursor, 3, 6, nil},
		{"empty-chunk", 4, 1, fetch.VerdictComplete, 2, 14, nil},
		{"empty-chunk", 4, forever, fetch.VerdictStuckCursor, 3, 6, nil},
		{"wrap-around", 1, forever, fetch.VerdictMiscounted, 3, 30, nil},
		{"endless", 1, forever, fetch.VerdictStuckCursor, 3, 33, nil},
		{"skip", 4, 1, fetch.VerdictComplete, 2, 21, nil},
		{"duplicate-record", 4, forever, fetch.VerdictMiscounted, 3, 30, nil},
		// No harm.
		{"slow-body", 4, 2, fetch.VerdictComplete, 1, 10, nil},
		{"wrong-content-type", 1, forever, fetch.VerdictComplete, 1, 10, nil},
		{"bad-record", 4, 1, fetch.VerdictComplete, 1, 10, nil},
		// No further session would mend it.
		{"forbidden", 1, 1, fetch.VerdictRefused, 1, 1, fetch.KindRefused},
		{"forbidden", 4, 1, fetch.VerdictRefused, 1, 4, fetch.KindRefused},
		{"unauthorized", 4, 2, fetch.VerdictRefused, 1, 5, fetch.KindCredentials},
		{"unavailable", 1, forever, fetch.VerdictUnreachable, 1, 6, fetch.KindErrorAnswer},
		{"too-many-requests", 4, forever, fetch.VerdictUnreachable, 2, 15, fetch.KindErrorAnswer},
		{"refuse-connection", 1, forever, fetch.VerdictUnreachable, 1, 0, fetch.KindNeverSent},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s/%d/%d", tt.fault, tt.from, tt.count), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Options{FloLIVE: 1000, Customers: 1})
				f := simulator.Fault{Kind: tt.fault, Provider: simulator.FloLIVE, From: tt.from, Count: tt.count}
				if f.Kind == simulator.OversizedBody {
					f.By = 1 // MiB, and the answer behind it
				}
				s.Inject(f)
				customer := s.CustomerIDs()[0]
				got := walk(t.Context(), connect(t, s, func(o *flolive.Options) { o.Client.MaxBody = 1 << 20 }), customer)
				if got.facts.Verdict != tt.verdict || got.facts.Sessions != tt.sessions || got.facts.Requests != tt.requests {
					t.Errorf("verdict %q after %d sessions and %d requests, want %q after %d and %d", got.facts.Verdict,
						got.facts.Sessions, got.facts.Requests, tt.verdict, tt.sessions, tt.requests)
				}
				if !errors.Is(got.err, tt.kind) {
					t.Errorf("error %v, want %v", got.err, tt.kind)
				}
				checkFacts(t, got)
				if stats := s.Stats(); stats.MaxConcurrentInSession > 1 || stats.StalePIT > 0 {
					t.Errorf("%d requests at once in a session, %d with an old pitId", stats.MaxConcurrentInSession, stats.StalePIT)
				}
				if got.facts.Verdict.Complete() && tt.fault != "bad-record" && !slices.Equal(got.distinct(), truth(s, customer)) {
					t.Error("the walk is complete, and its records are not the provider's")
				}
			})
		})
	}
}

// checkFacts compares what a walk says of itself with what it yielded last.
func checkFacts(t *testing.T, got walked) {
	t.Helper()
	last := 0
	for session := range got.records {
		last = max(last, session)
	}
	yielded, distinct := len(got.records[last]), slices.Compact(slices.Sorted(slices.Values(got.records[last])))
	if got.facts.Distinct+got.facts.Repeated != int64(yielded) || got.facts.Distinct != int64(len(distinct)) {
		t.Errorf("%d distinct and %d repeated records, but %d yielded, %d of them different",
			got.facts.Distinct, got.facts.Repeated, yielded, len(distinct))
	}
	if got.facts.Verdict.Complete() && (got.facts.Declared == nil || *got.facts.Declared != got.facts.Distinct) {
		t.Errorf("complete with %d distinct records of %v declared", got.facts.Distinct, got.facts.Declared)
	}
	if got.facts.FinishedAt.Before(got.facts.StartedAt) {
		t.Errorf("finished at %s, started at %s", got.facts.FinishedAt, got.facts.StartedAt)
	}
}
