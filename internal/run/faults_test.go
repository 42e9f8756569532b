package run_test

import (
	"fmt"
	"slices"
	"testing"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// faultCase is a fault on the requests of a walk, and the end that it must come to.
type faultCase struct {
	kind     simulator.FaultKind
	provider simulator.Provider
	once     faultEnd
	forever  faultEnd
}

// faultEnd is an exit code and the verdict of a walk that is not complete.
type faultEnd struct {
	code    int
	verdict fetch.Verdict
}

var (
	mended      = faultEnd{0, fetch.VerdictComplete}
	lost        = faultEnd{1, fetch.VerdictLostAnswer}
	unreachable = faultEnd{1, fetch.VerdictUnreachable}
	refused     = faultEnd{1, fetch.VerdictRefused}
	endless     = faultEnd{3, fetch.VerdictEndless}
	drift       = faultEnd{3, fetch.VerdictDrift}
	expired     = faultEnd{3, fetch.VerdictExpired}
	miscounted  = faultEnd{3, fetch.VerdictMiscounted}
	stuck       = faultEnd{3, fetch.VerdictStuckCursor}
	wrongAmount = faultEnd{3, fetch.VerdictWrongAmount}
	unconfirmed = faultEnd{3, fetch.VerdictUnconfirmed}

	untried = faultEnd{}
	either  = faultEnd{code: -1} // complete or drift: whether a tie lies across two pages is chance
)

// Where the fault's nature is to last (a short total, a stuck cursor), once is for ever.
var faultCases = []faultCase{
	// What is repeated, or read anew in another session.
	{simulator.LostAnswer, simulator.FloLIVE, mended, lost},
	{simulator.LostAnswer, simulator.IoTX, mended, unreachable},
	{simulator.TruncatedBody, simulator.FloLIVE, mended, lost},
	{simulator.TruncatedBody, simulator.IoTX, mended, unreachable},
	{simulator.GarbageBody, simulator.FloLIVE, mended, lost},
	{simulator.GarbageBody, simulator.IoTX, mended, unreachable},
	{simulator.Hang, simulator.FloLIVE, mended, lost},
	{simulator.Hang, simulator.IoTX, mended, unreachable},
	{simulator.TooManyRequests, simulator.FloLIVE, mended, unreachable},
	{simulator.TooManyRequests, simulator.IoTX, mended, unreachable},
	{simulator.Unavailable, simulator.FloLIVE, mended, unreachable},
	{simulator.Unavailable, simulator.IoTX, mended, unreachable},
	{simulator.BadGateway, simulator.FloLIVE, mended, lost},
	{simulator.BadGateway, simulator.IoTX, mended, unreachable},
	{simulator.GatewayTimeout, simulator.FloLIVE, mended, lost},
	{simulator.GatewayTimeout, simulator.IoTX, mended, unreachable},
	{simulator.ServerError, simulator.FloLIVE, mended, unreachable},
	{simulator.ServerError, simulator.IoTX, mended, unreachable},
	{simulator.HTMLError, simulator.FloLIVE, mended, lost},
	{simulator.HTMLError, simulator.IoTX, mended, unreachable},
	{simulator.Global1001, simulator.FloLIVE, mended, unreachable},
	{simulator.RefuseConnection, simulator.FloLIVE, mended, unreachable},
	{simulator.RefuseConnection, simulator.IoTX, mended, unreachable},
	{simulator.OversizedBody, simulator.FloLIVE, mended, lost},
	{simulator.OversizedBody, simulator.IoTX, mended, unreachable},
	{simulator.NullContent, simulator.FloLIVE, mended, wrongAmount},
	{simulator.NullContent, simulator.IoTX, mended, unreachable},
	// Sessions that cannot be proved.
	{simulator.Global1018, simulator.FloLIVE, mended, expired},
	{simulator.Expiry, simulator.FloLIVE, mended, expired},
	{simulator.WrongRecordAmount, simulator.FloLIVE, mended, wrongAmount},
	{simulator.ShortTotal, simulator.FloLIVE, miscounted, miscounted},
	{simulator.ChangingTotal, simulator.FloLIVE, mended, stuck}, // for ever, the total is wrong from the first chunk on
	{simulator.WrapAround, simulator.FloLIVE, miscounted, miscounted},
	{simulator.Endless, simulator.FloLIVE, stuck, stuck},
	{simulator.Endless, simulator.IoTX, endless, endless},
	{simulator.RepeatedChunk, simulator.FloLIVE, mended, stuck},
	{simulator.RepeatedChunk, simulator.IoTX, mended, endless},
	{simulator.StuckCursor, simulator.FloLIVE, stuck, stuck},
	{simulator.StuckCursor, simulator.IoTX, endless, endless},
	{simulator.EmptyChunk, simulator.FloLIVE, mended, stuck},
	{simulator.EmptyChunk, simulator.IoTX, mended, drift},
	{simulator.Skip, simulator.FloLIVE, mended, stuck},
	{simulator.DuplicateRecord, simulator.FloLIVE, mended, miscounted},
	{simulator.DuplicateRecord, simulator.IoTX, mended, drift},
	// A list that shifts under the walk.
	{simulator.ShiftLeft, simulator.IoTX, mended, untried}, // for ever, it empties the fleet
	{simulator.ShiftRight, simulator.IoTX, mended, drift},
	{simulator.Shuffle, simulator.IoTX, either, either},
	// Each page is one further than asked for: whoever is passed over is asked for alone.
	{simulator.Skip, simulator.IoTX, mended, mended},
	// What is refused.
	{simulator.Unauthorized, simulator.FloLIVE, mended, faultEnd{6, fetch.VerdictRefused}},
	{simulator.Unauthorized, simulator.IoTX, faultEnd{6, fetch.VerdictRefused}, faultEnd{6, fetch.VerdictRefused}},
	{simulator.Forbidden, simulator.FloLIVE, faultEnd{3, fetch.VerdictRefused}, refused},
	{simulator.Forbidden, simulator.IoTX, refused, refused},
	{simulator.OneUnreachable, simulator.IoTX, unconfirmed, unconfirmed},
	// No harm.
	{simulator.SlowBody, simulator.FloLIVE, mended, mended},
	{simulator.SlowBody, simulator.IoTX, mended, mended},
	{simulator.BadRecord, simulator.FloLIVE, mended, mended},
	{simulator.BadRecord, simulator.IoTX, mended, drift}, // the page before had it whole
	{simulator.NotFoundEnd, simulator.IoTX, mended, mended},
	{simulator.WrongContentType, simulator.FloLIVE, mended, mended},
	{simulator.WrongContentType, simulator.IoTX, mended, mended},
}

func TestFaultCasesAreAll(t *testing.T) {
	cases := map[string]bool{}
	for _, c := range faultCases {
		cases[fmt.Sprint(c.kind, c.provider)] = true
	}
	for _, info := range simulator.FaultKinds() {
		if info.On == simulator.Detail || info.On == simulator.Move {
			continue // no request of a load
		}
		for _, provider := range info.Providers {
			if !cases[fmt.Sprint(info.Kind, provider)] {
				t.Errorf("no case for %s at %s", info.Kind, provider)
			}
		}
	}
}

// Every fault in a night of its own, on one database that lives through all of them:
// each comes to its end, removes nothing that is true, and leaves the other source
// alone; the next run without it mends everything.
func TestFaultsOnce(t *testing.T) {
	testFaults(t, 0, func(c faultCase) faultEnd { return c.once })
}

func TestFaultsForever(t *testing.T) {
	testFaults(t, simulator.Forever, func(c faultCase) faultEnd { return c.forever })
}

func testFaults(t *testing.T, count int, endOf func(faultCase) faultEnd) {
	churn := simulator.Churn{New: 0.05, Changed: 0.05, Moved: 0.05, Removed: 0.05, Returned: 0.3}
	inWorld(t, simulator.Options{Seed: 4, FloLIVE: 100, IoTX: 50, Churn: churn}, func(w *world) {
		w.flolive().ChunkSize, w.iotx().PageSize = 20, 15
		w.iotx().RemovalLimit = 0.6 // newcomers by the dozen leave with the fault that let them in
		w.wantOK()
		for i, c := range faultCases {
			if want := endOf(c); want != untried {
				w.goToNight([]int{2, 3, 2, 1}[i%4]) // early nights are cheap to simulate
				w.strike(c, count, want)
			}
		}
	})
}

// strike lets one fault happen and then the night after it.
func (w *world) strike(c faultCase, count int, want faultEnd) {
	fault := simulator.Fault{Kind: c.kind, Provider: c.provider, Count: count}
	if c.kind == simulator.Endless {
		fault.By = 1 // the last page for ever: a million newcomers would be the same, later
	}
	if c.kind == simulator.OversizedBody {
		fault.By = 1 // MiB, and the answer behind it: more than a world's clients read
	}
	w.sim.ResetStats()
	w.sim.Inject(fault)
	sources := w.sources
	if count == simulator.Forever { // once, with the other source beside it, is enough
		sources = slices.DeleteFunc(slices.Clone(sources), func(s config.Source) bool { return s.Name != string(c.provider) })
	}
	summary := w.syncOf(w.t.Context(), sources...)
	if w.sim.Stats().Struck[c.kind] == 0 {
		w.t.Errorf("%s at %s never struck", c.kind, c.provider)
	}
	for _, r := range summary.Sources {
		wanted := mended
		if r.Source == string(c.provider) {
			wanted = want
		}
		got := faultEnd{run.ExitCode(r.Err), verdicts(r)}
		if wanted == either && (got == mended || got == drift) {
			wanted = got
		}
		if got != wanted {
			w.t.Errorf("%s at %s, count %d: source %s ended with %v (%v), want %v", c.kind, c.provider, count, r.Source, got, r.Err, wanted)
		}
		if loaded := got.code != 1 && got.code != 6; r.Loaded != loaded {
			w.t.Errorf("%s at %s: source %s: loaded is %t", c.kind, c.provider, r.Source, r.Loaded)
		}
		if got.code != 0 && r.Promoted.Removed > 0 {
			w.t.Errorf("%s at %s: source %s: %d removed by a run that is not complete", c.kind, c.provider, r.Source, r.Promoted.Removed)
		}
	}
	w.sim.ClearFaults()
	w.wantOK()
}
