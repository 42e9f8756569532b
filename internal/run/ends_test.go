package run_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// inSmallWorld has 40 subscribers in each of two floLIVE listings, and 60 at IoT-X,
// and the first night behind it.
func inSmallWorld(t *testing.T, test func(w *world)) {
	t.Helper()
	inWorld(t, simulator.Options{Seed: 5}, func(w *world) {
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 40))
		w.sim.SetIoTX(ioTXRecords(60))
		w.wantOK()
		test(w)
	})
}

func TestRemovalLimit(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		few := floLIVERecords(w.sim.CustomerIDs(), 32) // exactly the fifth that is allowed have left
		w.sim.SetFloLIVE(few)
		w.wantOK()

		few = floLIVERecords(w.sim.CustomerIDs(), 20)
		few[0].Status = "SUSPEND"
		w.sim.SetFloLIVE(few)
		w.sim.SetIoTX(ioTXRecords(30))
		w.sim.ResetStats()
		for range 2 { // no retry helps
			summary := w.sync()
			w.wantEnd(summary, "flolive", 4, load.OutcomeHeldBack)
			w.wantEnd(summary, "iotx", 4, load.OutcomeHeldBack)
		}
		if n := w.sim.Stats().Requests[simulator.One]; n > 0 {
			t.Errorf("%d subscribers were asked for that the limit holds back anyhow", n)
		}
		if got := query[string](w, `SELECT status FROM fleet.subscriber WHERE iccid = $1 AND source = 'flolive'`, few[0].ICCID); got != "suspended" {
			t.Errorf("a change beside removals held back: status is %s, want it loaded", got)
		}
		w.options.AllowRemovals = true
		w.wantOK()
	})
}

// Years of removed subscribers must not make room for a larger share of the live.
func TestRemovalLimitCountsTheLive(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		w.options.AllowRemovals = true
		w.sim.SetIoTX(ioTXRecords(6))
		w.wantOK()
		w.options.AllowRemovals = false
		w.sim.SetIoTX(ioTXRecords(3)) // half of the live, a twentieth of all ever known
		w.wantEnd(w.sync(), "iotx", 4, load.OutcomeHeldBack)
	})
}

func TestListingNoLongerInSettings(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		w.flolive().RemovalLimit = 1
		w.flolive().Customers = w.flolive().Customers[:1]
		for range 2 {
			r := w.wantEnd(w.sync(), "flolive", 4, load.OutcomeHeldBack)
			if !strings.Contains(r.Err.Error(), "no longer in the settings") {
				t.Errorf("error %q does not tell why", r.Err)
			}
		}
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs()[:1], 40)) // what is not asked for is the same as not there
		w.options.AllowRemovals = true
		r := w.wantEnd(w.sync(), "flolive", 0, load.OutcomeOK)
		if r.Promoted.Removed != 40 {
			t.Errorf("%d removed, want the 40 of the listing", r.Promoted.Removed)
		}
		w.options.AllowRemovals = false
		w.wantEnd(w.sync(), "flolive", 0, load.OutcomeOK) // there is nothing to tell any more
	})
}

func TestRejectsShare(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		records := floLIVERecords(w.sim.CustomerIDs(), 40)
		for i := range 8 {
			records[i].ICCID = "X" // a tenth of 80
		}
		w.sim.SetFloLIVE(records[:79]) // one has left
		w.options.MaxRejects = 8. / 79
		r := w.wantEnd(w.sync(), "flolive", 0, load.OutcomeOK)
		if r.Promoted.Removed != 1 || r.Promoted.Doubtful != 8 {
			t.Errorf("%d removed, %d doubtful, want 1, and 8 that a rejected record speaks for", r.Promoted.Removed, r.Promoted.Doubtful)
		}
		records[9].Status = "SUSPEND"
		w.sim.SetFloLIVE(records[:78])
		r = w.wantEnd(w.sync(), "flolive", 5, load.OutcomeHeldBack) // 8 of 78 are more
		if r.Promoted.Removed != 0 || r.Promoted.Updated != 1 {
			t.Errorf("%+v, want one updated and none removed", r.Promoted.Counts)
		}
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 40))
		w.wantOK()
	})
}

func TestNamelessRejects(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		records := floLIVERecords(w.sim.CustomerIDs(), 40)
		w.sim.SetFloLIVE(append(records, unreadable(w.sim.CustomerIDs()[0], 1)))
		w.wantEnd(w.sync(), "flolive", 0, load.OutcomeOK) // nobody is missing
		records[0] = unreadable(w.sim.CustomerIDs()[0], 0)
		w.sim.SetFloLIVE(records)
		r := w.wantEnd(w.sync(), "flolive", 3, load.OutcomeIncomplete) // it may be the one that is
		if r.Promoted.Removed != 0 || r.Promoted.Rejected != 1 {
			t.Errorf("%+v, want one rejected and none removed", r.Promoted.Counts)
		}
	})
}

func TestMissingAreAskedFor(t *testing.T) {
	tests := map[string]struct {
		fault   simulator.Fault
		code    int
		outcome load.Outcome
		verdict fetch.Verdict
		removed int64
	}{
		"gone":                {simulator.Fault{}, 0, load.OutcomeOK, fetch.VerdictComplete, 3},
		"no answer":           {simulator.Fault{Kind: simulator.OneUnreachable}, 3, load.OutcomeIncomplete, fetch.VerdictUnconfirmed, 0},
		"one answer too few":  {simulator.Fault{Kind: simulator.OneUnreachable, PhysicalID: ioTXRecord(58).PhysicalID}, 3, load.OutcomeIncomplete, fetch.VerdictUnconfirmed, 0},
		"not for us to know":  {simulator.Fault{Kind: simulator.Forbidden, On: simulator.One}, 3, load.OutcomeIncomplete, fetch.VerdictUnconfirmed, 0},
		"no credentials":      {simulator.Fault{Kind: simulator.Unauthorized, On: simulator.One}, 6, load.OutcomeFailed, fetch.VerdictComplete, 0},
		"answered at the end": {simulator.Fault{Kind: simulator.ServerError, On: simulator.One, Count: 3}, 0, load.OutcomeOK, fetch.VerdictComplete, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inSmallWorld(t, func(w *world) {
				w.sim.SetIoTX(ioTXRecords(57))
				if test.fault.Kind != "" {
					w.sim.Inject(test.fault)
				}
				r := w.wantEnd(w.sync(), "iotx", test.code, test.outcome)
				if verdicts(r) != test.verdict || r.Promoted.Removed != test.removed {
					t.Errorf("verdict %s, %d removed, want %s, %d", verdicts(r), r.Promoted.Removed, test.verdict, test.removed)
				}
			})
		})
	}
}

// A list may pass a subscriber over that is there all the same: then what is said of
// it when it is asked for counts.
func TestMissingButThere(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		records := ioTXRecords(60)
		records[0].Nickname = "Renamed 0"
		w.sim.SetIoTX(records)
		w.sim.Inject(simulator.Fault{Kind: simulator.Skip, Provider: simulator.IoTX, From: 1, Count: simulator.Forever})
		for _, r := range w.wantOK().Sources {
			if r.Source == "iotx" && (r.Promoted.Updated != 1 || r.Promoted.Removed != 0) {
				t.Errorf("%+v, want the one that was passed over updated", r.Promoted.Counts)
			}
		}
		if w.sim.Stats().Requests[simulator.One] == 0 {
			t.Error("nobody was asked for: the fault passed nobody over")
		}
	})
}

// More than a thousand missing are not asked for one by one, unless the operator
// wants their removal.
func TestTooManyMissing(t *testing.T) {
	inWorld(t, simulator.Options{Seed: 6}, func(w *world) {
		w.iotx().RemovalLimit = 1
		w.sim.SetIoTX(ioTXRecords(1105))
		w.wantOK()
		w.sim.SetIoTX(ioTXRecords(104))
		r := w.wantEnd(w.sync(), "iotx", 3, load.OutcomeIncomplete)
		if verdicts(r) != fetch.VerdictUnconfirmed || w.sim.Stats().Requests[simulator.One] != 0 {
			t.Errorf("verdict %s after %d questions, want unconfirmed after none", verdicts(r), w.sim.Stats().Requests[simulator.One])
		}
		w.options.AllowRemovals = true
		w.wantOK()
	})
}

func TestOneSourceFailsAlone(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		for _, fails := range []simulator.Provider{simulator.FloLIVE, simulator.IoTX} {
			w.nextNight()
			w.sim.Inject(simulator.Fault{Kind: simulator.RefuseConnection, Provider: fails, Count: simulator.Forever})
			for _, r := range w.sync().Sources {
				code := 0
				if r.Source == string(fails) {
					code = 1
				}
				if run.ExitCode(r.Err) != code || r.Loaded != (code == 0) {
					t.Errorf("%s down: source %s ended with %v", fails, r.Source, r.Err)
				}
			}
			w.sim.ClearFaults()
		}
	})
}

func TestWrongCredentials(t *testing.T) {
	for name, change := range map[string]func(*config.Source){
		"password": func(s *config.Source) { s.Password = config.NewSecret("wrong battery staple") },
		"token":    func(s *config.Source) { s.Username, s.Token = "", config.NewSecret("stale-ready-made-token") },
	} {
		t.Run(name, func(t *testing.T) {
			inSmallWorld(t, func(w *world) {
				change(w.flolive())
				summary := w.sync()
				w.wantEnd(summary, "flolive", 6, load.OutcomeFailed)
				w.wantEnd(summary, "iotx", 0, load.OutcomeOK)
				if got := run.ExitCode(summary.Errs()...); got != 6 {
					t.Errorf("exit code %d, want 6", got)
				}
			})
		})
	}
}

func TestRefusedCustomers(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		customers := w.sim.CustomerIDs()
		records := floLIVERecords(customers, 40)
		records[0].Status, records[40].Status = "SUSPEND", "SUSPEND"
		w.sim.SetFloLIVE(records)
		w.sim.Inject(simulator.Fault{Kind: simulator.Forbidden, Customer: customers[0], Count: simulator.Forever})
		r := w.wantEnd(w.sync(), "flolive", 3, load.OutcomeIncomplete)
		if r.Promoted.Updated != 1 {
			t.Errorf("%d updated, want the one of the customer that was not refused", r.Promoted.Updated)
		}
		w.sim.Inject(simulator.Fault{Kind: simulator.Forbidden, Customer: customers[1], Count: simulator.Forever})
		r = w.wantEnd(w.sync(), "flolive", 1, load.OutcomeFailed)
		if r.Loaded {
			t.Error("something was loaded though every customer was refused")
		}
	})
}

// An account without a single subscriber is a good answer. It removes nobody before
// the removal limit has been looked at.
func TestEmptyAccounts(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		w.sim.SetFloLIVE(nil)
		w.sim.SetIoTX(nil)
		summary := w.sync()
		w.wantEnd(summary, "flolive", 4, load.OutcomeHeldBack)
		w.wantEnd(summary, "iotx", 4, load.OutcomeHeldBack)
		w.options.AllowRemovals = true
		w.wantOK()
		w.wantOK()
	})
}

func TestManySourcesAtOnce(t *testing.T) {
	inWorld(t, simulator.Options{Seed: 7, FloLIVE: 60, IoTX: 40}, func(w *world) {
		for i := range 8 { // more than a pool has connections
			name := fmt.Sprintf("iotx%d", i)
			w.sources = append(w.sources, ioTXSource(name))
			w.truth[name] = newTruth(ioTXTruth)
		}
		w.wantOK()
	})
}

// A second run of a source finds it held, leaves it alone, and is no failure.
func TestTwoRunsAtOnce(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		held, err := w.db.Session(t.Context(), "iotx")
		if err != nil {
			t.Fatal(err)
		}
		defer held.Close()
		runs := query[int](w, `SELECT count(*) FROM sync.run WHERE source = 'iotx'`)
		summary := w.sync()
		at := slices.IndexFunc(summary.Sources, func(r run.Result) bool { return r.Source == "iotx" })
		if r := summary.Sources[at]; !r.Locked || r.Err != nil {
			t.Errorf("held source: locked is %t, error %v", r.Locked, r.Err)
		}
		w.wantEnd(summary, "flolive", 0, load.OutcomeOK)
		if got := run.ExitCode(summary.Errs()...); got != 0 {
			t.Errorf("exit code %d, want 0", got)
		}
		if got := query[int](w, `SELECT count(*) FROM sync.run WHERE source = 'iotx'`); got != runs {
			t.Errorf("the ledger has %d runs of the held source, want %d as before", got, runs)
		}
		if !strings.Contains(w.logs.String(), "another run holds the source") {
			t.Error("the log does not tell that another run holds the source")
		}
	})
}

func TestUnknownAPI(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		w.iotx().API = "iotx-v5"
		r := w.wantEnd(w.sync(), "iotx", 1, load.OutcomeFailed)
		if !strings.Contains(r.Err.Error(), `"iotx-v5"`) {
			t.Errorf("error %v does not name the API", r.Err)
		}
	})
}

// The list's last subscribers may leave after they have been read: the walk ends all
// the same, and they are gone the night after.
func TestTailLeavesDuringTheWalk(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		var requests atomic.Int64
		w.options = w.options.WithClient(func(o *fetch.Options) {
			transport := &http.Transport{DialContext: w.dial}
			o.Transport = beforeEach{transport, func(r *http.Request) {
				requests.Add(1)
				if r.URL.Query().Get("offset") == "60" {
					w.sim.SetIoTX(ioTXRecords(58))
				}
			}}
		})
		w.iotx().Concurrency = 1
		w.wantEnd(w.syncOf(t.Context(), *w.iotx()), "iotx", 0, load.OutcomeOK)
		if n := requests.Load(); n > 20 {
			t.Errorf("%d requests for 4 pages", n)
		}
		w.wantOK()
	})
}

// beforeEach is a transport that something happens before.
type beforeEach struct {
	*http.Transport
	do func(*http.Request)
}

func (b beforeEach) RoundTrip(r *http.Request) (*http.Response, error) {
	b.do(r)
	return b.Transport.RoundTrip(r)
}

// Records that a provider makes up without end must not become subscribers.
func TestEndlessListLoadsNothing(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		w.options = w.options.WithRecordsAtFirst(500)
		w.sim.Inject(simulator.Fault{Kind: simulator.Endless, Provider: simulator.IoTX})
		summary := w.sync()
		w.wantEnd(summary, "iotx", 1, load.OutcomeFailed)
		w.wantEnd(summary, "flolive", 0, load.OutcomeOK)
		if got := query[int](w, `SELECT count(*) FROM fleet.subscriber WHERE source = 'iotx'`); got != 60 {
			t.Errorf("%d IoT-X subscribers, want the 60 that there are", got)
		}
		w.sim.ClearFaults()
		w.wantOK()
	})
}

// One stray empty answer to the first page is no empty list, not on a first night
// either, when nobody is known who could be asked for.
func TestStrayEmptyPageIsNoEmptyList(t *testing.T) {
	inWorld(t, simulator.Options{Seed: 5}, func(w *world) {
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 4))
		w.sim.SetIoTX(ioTXRecords(6))
		w.sim.Inject(simulator.Fault{Kind: simulator.EmptyChunk, Provider: simulator.IoTX, From: 1, Count: 1})
		w.wantOK()
	})
}
