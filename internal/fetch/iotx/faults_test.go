package iotx_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"simsync/internal/fetch"
	"simsync/internal/fetch/iotx"
	"simsync/internal/simulator"
)

// Every fault that the provider is feared to have, and what a walk over eleven
// pages makes of it. How many requests it takes depends on which of those ahead
// were under way, so a bound is given.
func TestFaults(t *testing.T) {
	const forever = simulator.Forever
	tests := []struct {
		fault    simulator.FaultKind
		from     int
		count    int
		verdict  fetch.Verdict
		readings int
		records  int64 // distinct, at least: of those ahead, any may be the one that is struck
		kind     error // of the iterator's error
	}{
		{"", 0, 0, fetch.VerdictComplete, 1, 1000, nil},
		// A GET is asked for again, whatever became of it.
		{"lost-answer", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"truncated-body", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"garbage-body", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"null-content", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"html-error", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"hang", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"bad-gateway", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"gateway-timeout", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"too-many-requests", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"unavailable", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"server-error", 4, 2, fetch.VerdictComplete, 1, 1000, nil},
		{"refuse-connection", 1, 2, fetch.VerdictComplete, 1, 1000, nil},
		// No harm.
		{"slow-body", 1, forever, fetch.VerdictComplete, 1, 1000, nil},
		{"wrong-content-type", 1, forever, fetch.VerdictComplete, 1, 1000, nil},
		{"not-found-end", 1, forever, fetch.VerdictComplete, 1, 1000, nil},
		{"bad-record", 1, 1, fetch.VerdictComplete, 1, 1000, nil},
		// Records shift: those that left may have been read before.
		{"shift-left", 4, 1, fetch.VerdictComplete, 1, 1000, nil},
		{"shift-left", 4, forever, fetch.VerdictDrift, 1, 1000, nil},
		{"shuffle", 4, 1, fetch.VerdictComplete, 2, 1000, nil},
		{"shuffle", 1, forever, fetch.VerdictDrift, 17, 1000, nil},
		{"skip", 4, 1, fetch.VerdictComplete, 2, 1000, nil},
		{"duplicate-record", 4, 1, fetch.VerdictComplete, 2, 1000, nil},
		{"duplicate-record", 4, forever, fetch.VerdictDrift, 17, 999, nil},
		{"empty-chunk", 4, 1, fetch.VerdictComplete, 2, 1000, nil},
		{"empty-chunk", 4, forever, fetch.VerdictDrift, 2, 195, nil},
		// The server does not move, or never ends.
		{"repeated-chunk", 4, 1, fetch.VerdictComplete, 2, 1000, nil},
		{"repeated-chunk", 4, forever, fetch.VerdictEndless, 5, 195, nil},
		{"stuck-cursor", 1, forever, fetch.VerdictEndless, 4, 100, nil},
		{"endless", 1, forever, fetch.VerdictEndless, 1, 5040, nil},
		// Nothing would mend it.
		{"forbidden", 1, 1, fetch.VerdictRefused, 1, 0, fetch.KindRefused},
		{"unauthorized", 4, 1, fetch.VerdictRefused, 1, 195, fetch.KindCredentials},
		{"unavailable", 1, forever, fetch.VerdictUnreachable, 1, 0, fetch.KindErrorAnswer},
		{"hang", 4, forever, fetch.VerdictUnreachable, 1, 195, fetch.KindLostAnswer},
		{"refuse-connection", 1, forever, fetch.VerdictUnreachable, 1, 0, fetch.KindNeverSent},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s/%d/%d", tt.fault, tt.from, tt.count), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Options{IoTX: 1000})
				if tt.fault != "" {
					s.Inject(simulator.Fault{Kind: tt.fault, Provider: simulator.IoTX, From: tt.from, Count: tt.count})
				}
				got := walk(t.Context(), connect(t, s, func(o *iotx.Options) { o.MaxRecords = 5000 }))
				if got.facts.Verdict != tt.verdict || got.facts.Sessions != tt.readings || got.facts.Distinct < tt.records {
					t.Errorf("verdict %q after %d readings with %d records, want %q after %d with at least %d", got.facts.Verdict,
						got.facts.Sessions, got.facts.Distinct, tt.verdict, tt.readings, tt.records)
				}
				if !errors.Is(got.err, tt.kind) {
					t.Errorf("error %v, want %v", got.err, tt.kind)
				}
				if bound := int64(4*11 + 100 + 16); tt.fault != "endless" && got.facts.Requests > bound {
					t.Errorf("%d requests, want at most %d", got.facts.Requests, bound)
				}
				if got.facts.Distinct != int64(len(got.distinct())) {
					t.Errorf("%d distinct records, but %d were yielded", got.facts.Distinct, len(got.distinct()))
				}
				if most := s.Stats().MaxConcurrent[simulator.IoTX]; most > iotx.DefaultConcurrency {
					t.Errorf("%d requests at once, want at most %d", most, iotx.DefaultConcurrency)
				}
				if got.facts.Verdict.Complete() && tt.fault != "bad-record" {
					checkAllRead(t, s, got)
				}
			})
		})
	}
}

// checkAllRead looks for everyone who is in the list.
func checkAllRead(t *testing.T, s *simulator.Simulator, got walked) {
	t.Helper()
	read := got.distinct()
	for _, id := range truth(s) {
		if _, found := slices.BinarySearch(read, id); !found {
			t.Fatalf("the walk is complete, and %s was not read", id)
		}
	}
}

// shift-right strikes once: the newcomer is found, too.
func TestNewcomerInTheMiddleIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{IoTX: 1000})
		s.Inject(simulator.Fault{Kind: simulator.ShiftRight, Provider: simulator.IoTX, From: 2})
		got := walk(t.Context(), connect(t, s, func(o *iotx.Options) { o.Concurrency = 1 }))
		if got.facts.Verdict != fetch.VerdictComplete || got.facts.Distinct != 1001 || !slices.Equal(got.distinct(), truth(s)) {
			t.Errorf("got %+v", got.facts)
		}
	})
}
