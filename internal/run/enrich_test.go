package run_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// ordinary is a fleet with all that is odd in it, instances of one SIM at parent and
// sub-customer among it. Nobody leaves: beside records that cannot be read that would
// be in doubt.
var ordinary = simulator.Options{Seed: 7, FloLIVE: 240, IoTX: 20, BadShare: 0.03, Churn: simulator.Churn{New: 0.03, Changed: 0.05, Moved: 0.02}}

// Every night the details of the new and the changed, after a week those of all: field
// by field as the provider has them, matched by subscriberId.
func TestDetailsAreTheProviders(t *testing.T) {
	inEnrichedWorld(t, ordinary, func(w *world) {
		w.flolive().KeepContacts = true
		want := map[string]string{}
		for night := range 9 {
			since := time.Now()
			w.wantOK()
			now, asked := w.truthOfDetails(true), map[string]bool{}
			for _, key := range w.lines(`SELECT s.subscriber_id || ' ' || s.iccid FROM sync.detail_request r JOIN fleet.subscriber s USING (subscriber_key)
				WHERE r.asked_at >= $1 AND r.outcome = 'found'`, since) {
				want[key], asked[key] = now[key], true
			}
			for key := range want {
				if now[key] == "" { // gone: what was told last stays, but it is not live
					delete(want, key)
				}
			}
			fresh := w.lines(`SELECT subscriber_id || ' ' || iccid FROM fleet.subscriber WHERE source = 'flolive' AND removed_at IS NULL AND changed_at >= $1`, since)
			for _, key := range fresh {
				if !asked[key] {
					t.Errorf("night %d: %s is new or changed, and was not asked for", night, key)
				}
			}
			if len(asked) != len(fresh) && night > 0 && night < 7 {
				t.Errorf("night %d: %d were asked for, %d are new or changed", night, len(asked), len(fresh))
			}
			if night == 0 && len(asked) != len(now) {
				t.Errorf("%d of %d were asked for", len(asked), len(now))
			}
			w.wantDetails(want)
			w.nextNight()
		}
		if n := query[int](w, `SELECT count(*) FROM fleet.subscriber_detail WHERE fetched_at < $1`, time.Now().Add(-9*24*time.Hour)); n > 20 {
			t.Errorf("%d details are older than a week", n)
		}
		if n := query[int](w, `SELECT count(*) FROM sync.reject WHERE listing = 'details' AND NOT is_whole AND field IN ('lastIp', 'firstActivatedTime', 'offer[0].renewalDate')`); n == 0 {
			t.Error("no reject of a detail")
		}
	})
}

// One request brings all subscribers of an ICCID.
func TestOneRequestAnICCID(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{}, func(w *world) {
		parent := w.sim.CustomerIDs()[0]
		records := floLIVERecords(w.sim.CustomerIDs(), 5)
		child := floLIVERecord(parent, 500)
		child.ICCID, child.CustomerID, child.CustomerName = records[0].ICCID, "11111111-0000-4000-8000-000000000001", "Sub"
		w.sim.SetFloLIVE(append(records, child))
		w.wantOK()
		if n := w.detailRequests(); n != 10 {
			t.Errorf("%d requests for 11 subscribers on 10 SIMs", n)
		}
		w.wantDetails(w.truthOfDetails(false))
		if n := query[int](w, `SELECT details_found FROM sync.run WHERE source = 'flolive'`); n != 11 {
			t.Errorf("%d details found, want 11", n)
		}
	})
}

// The budget is the run's, and what was asked is not asked again.
func TestDetailsWithinTheBudget(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{Seed: 1}, func(w *world) {
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 60))
		w.flolive().Details.MaxRequests = 50
		for night, want := range []int{50, 50, 20, 0} {
			w.wantOK()
			if n := w.detailRequests(); n != want {
				t.Errorf("run %d made %d requests, want %d", night+1, n, want)
			}
		}
		w.wantDetails(w.truthOfDetails(false))
		w.flolive().Details.MaxRequests = 0
		w.nextNight()
		w.wantOK()
		if n := w.detailRequests(); n != 0 {
			t.Errorf("%d requests though details are off", n)
		}
		if got := w.lines(`SELECT coalesce(details_asked::text, '-') || coalesce(profiles_asked::text, '-') FROM sync.run WHERE source = 'flolive' ORDER BY started_at`); fmt.Sprint(got) != "[500 500 200 00 --]" {
			t.Errorf("counts of asked details and profiles: %v", got)
		}
	})
}

// With 50 ms of latency eight at once make 160 requests a second, less what we need
// ourselves: in virtual time, that is what waiting for each other costs.
func TestDetailsAreLimitedByTheProvider(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{Latency: 50 * time.Millisecond, Customers: 1}, func(w *world) {
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 2500))
		w.flolive().Details.MaxRequests = 0
		w.flolive().ChunkSize = 10_000
		w.wantOK()
		w.flolive().Details.MaxRequests, w.flolive().Details.Concurrency = 100_000, 8
		w.sim.ResetStats()
		began := time.Now()
		w.syncOf(t.Context(), *w.flolive())
		rate := 2500 / time.Since(began).Seconds()
		if t.Logf("%.1f requests a second", rate); rate < 0.9*160 {
			t.Errorf("%.1f requests a second, want 90 %% of 160", rate)
		}
		if n := w.sim.Stats().MaxConcurrentOf[simulator.Detail]; n != 8 {
			t.Errorf("%d at once, want 8", n)
		}
		w.nextNight()
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 2600))
		w.flolive().RequestsPerSecond = 20
		began = time.Now()
		w.syncOf(t.Context(), *w.flolive())
		if took := time.Since(began); took < 5*time.Second {
			t.Errorf("100 requests took %s at 20 a second", took)
		}
	})
}

// A subscriber that is not to be had stops nobody, and is asked again in its time.
func TestOneSubscriberIsNotToBeHad(t *testing.T) {
	for name, c := range map[string]struct {
		fault   simulator.Fault
		outcome string // empty: it counts as not asked
		again   int    // requests of the next run
	}{
		"unknown":       {simulator.Fault{}, "absent", 0},
		"announced":     {simulator.Fault{Kind: simulator.EmptyChunk}, "unreadable", 0}, // and not sent
		"null":          {simulator.Fault{Kind: simulator.NullContent}, "unreadable", 0},
		"failed there":  {simulator.Fault{Kind: simulator.Subscriber1006}, "refused", 0},
		"forbidden":     {simulator.Fault{Kind: simulator.Forbidden}, "refused", 0},
		"always broken": {simulator.Fault{Kind: simulator.ServerError}, "", 1},
		"always lost":   {simulator.Fault{Kind: simulator.TruncatedBody}, "", 1},
		"for later":     {simulator.Fault{Kind: simulator.TooManyRequests, RetryAfter: time.Hour}, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			inEnrichedWorld(t, simulator.Options{}, func(w *world) {
				records := floLIVERecords(w.sim.CustomerIDs(), 20)
				w.sim.SetFloLIVE(records)
				w.atRequest(1, func() {
					if c.fault.Kind == "" { // it goes after it was listed
						w.sim.SetFloLIVE(slices.Concat(records[:30], records[31:]))
						return
					}
					c.fault.On, c.fault.Value, c.fault.From, c.fault.Count = simulator.Detail, records[30].ICCID, 1, simulator.Forever
					w.sim.Inject(c.fault)
				})
				if r := w.syncOf(t.Context(), *w.flolive()).Sources[0]; r.Err != nil {
					t.Error(r.Err)
				}
				w.sim.SetFloLIVE(records)
				if n := query[int](w, `SELECT count(*) FROM fleet.subscriber_detail`); n != 39 {
					t.Errorf("%d details, want those of the 39 others", n)
				}
				got := query[string](w, `SELECT coalesce(max(outcome), '') FROM sync.detail_request WHERE outcome <> 'found'`)
				if got != c.outcome {
					t.Errorf("the ledger says %q, want %q", got, c.outcome)
				}
				w.sim.ClearFaults()
				w.detailRequests()
				w.wantOK()
				if n := w.detailRequests(); n != c.again {
					t.Errorf("the next run makes %d requests, want %d", n, c.again)
				}
				w.goToNight(1)
				<-time.After(7 * 24 * time.Hour)
				w.wantOK()
				w.wantDetails(w.truthOfDetails(false))
			})
		})
	}
}

// That an account may not read details at all is told once, and loses nothing.
func TestAllRefused(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{FloLIVE: 30}, func(w *world) {
		w.sim.Inject(simulator.Fault{Kind: simulator.Forbidden, On: simulator.Detail, Count: simulator.Forever})
		w.wantOK()
		if log := w.logs.String(); strings.Count(log, "the account may lack the permission") != 1 {
			t.Errorf("the log does not say so once:\n%s", log)
		}
	})
}

// A provider that fails for good ends the enrichment, not the sync.
func TestProviderFailsForGood(t *testing.T) {
	refuseAll := func(w *world) {
		w.sim.Inject(simulator.Fault{Kind: simulator.LostAnswer, On: simulator.Detail, Count: simulator.Forever})
		w.sim.Inject(simulator.Fault{Kind: simulator.RefuseConnection, Count: simulator.Forever})
	}
	always := func(f simulator.Fault) func(*world) {
		return func(w *world) {
			f.On, f.Count = simulator.Detail, simulator.Forever
			w.sim.Inject(f)
		}
	}
	const sixTimes = 6 // that one thing is asked for
	for name, c := range map[string]struct {
		breaks func(*world)
		code   int
		most   int // requests after the fault
		why    string
	}{
		"errors":      {always(simulator.Fault{Kind: simulator.ServerError}), 1, (20 + 4) * sixTimes, "enrichment: the provider failed to answer 20 times in a row, the last time: read a subscriber's details: error answer"},
		"lost":        {always(simulator.Fault{Kind: simulator.GarbageBody}), 1, (20 + 4) * sixTimes, "enrichment: the provider failed to answer 20 times in a row, the last time: read a subscriber's details: lost answer"},
		"credentials": {always(simulator.Fault{Kind: simulator.Unauthorized}), 6, 4 * 2, "enrichment: read a subscriber's details: credentials refused"},
		"unreachable": {refuseAll, 1, 4 * sixTimes, "enrichment: read a subscriber's details: never sent"},
	} {
		t.Run(name, func(t *testing.T) {
			inEnrichedWorld(t, simulator.Options{}, func(w *world) {
				w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 220))
				w.atRequest(301, func() { c.breaks(w) })
				summary := w.syncOf(t.Context(), *w.flolive())
				r := w.wantEnd(summary, "flolive", c.code, load.OutcomeOK)
				if !errors.Is(r.Err, run.ErrEnrichment) || !strings.HasPrefix(r.Err.Error(), c.why) {
					t.Errorf("it ended with %v, want %s", r.Err, c.why)
				}
				w.wantTruth("flolive")
				if n := w.detailRequests(); n > 300+c.most {
					t.Errorf("%d requests, want no more than %d", n, 300+c.most)
				}
				asked := query[int](w, `SELECT count(*) FROM sync.detail_request`)
				if asked < 297 || asked > 303 || r.Enriched.DetailsAsked != int64(asked) {
					t.Errorf("%d answers saved, %d counted, want those before the fault", asked, r.Enriched.DetailsAsked)
				}
				if got := query[string](w, `SELECT concat_ws(' ', outcome, exit_code, details_asked, left(error, 11)) FROM sync.run`); got != fmt.Sprintf("ok %d %d enrichment:", c.code, asked) {
					t.Errorf("the ledger says %s", got)
				}
				w.sim.ClearFaults()
				w.calm()
				w.wantOK()
				if n := w.detailRequests(); n != 440-asked {
					t.Errorf("the next run makes %d requests, want %d", n, 440-asked)
				}
				w.wantDetails(w.truthOfDetails(false))
			})
		})
	}
}

// Enrichment follows every load, and keeps its outcome.
func TestEnrichmentAfterAnyLoad(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{}, func(w *world) {
		all := floLIVERecords(w.sim.CustomerIDs(), 40)
		w.sim.SetFloLIVE(all)
		w.flolive().Details.MaxRequests = 10
		w.wantOK()
		w.detailRequests()

		w.sim.SetFloLIVE(all[:50]) // more than the limit are gone
		w.wantEnd(w.sync(), "flolive", 4, load.OutcomeHeldBack)
		if n := w.detailRequests(); n != 10 {
			t.Errorf("%d requests after held_back, want 10", n)
		}
		w.sim.SetFloLIVE(all)
		w.sim.Inject(simulator.Fault{Kind: simulator.Forbidden, On: simulator.SubscriberAll, Customer: w.sim.CustomerIDs()[0], Count: simulator.Forever})
		w.wantEnd(w.sync(), "flolive", 3, load.OutcomeIncomplete)
		if n := w.detailRequests(); n != 10 {
			t.Errorf("%d requests after incomplete, want 10", n)
		}
		w.sim.Inject(simulator.Fault{Kind: simulator.Unauthorized, On: simulator.Detail, Count: simulator.Forever})
		r := w.wantEnd(w.sync(), "flolive", 6, load.OutcomeIncomplete)
		if !errors.Is(r.Err, run.ErrIncomplete) || !errors.Is(r.Err, run.ErrEnrichment) {
			t.Errorf("it ended with %v", r.Err)
		}
		w.sim.Inject(simulator.Fault{Kind: simulator.Forbidden, On: simulator.SubscriberAll, Count: simulator.Forever})
		w.detailRequests()
		w.wantEnd(w.sync(), "flolive", 1, load.OutcomeFailed)
		if n := w.detailRequests(); n != 0 {
			t.Errorf("%d requests though nothing was loaded", n)
		}
	})
}

// A signal, or the end of the connection, loses no more than a batch.
func TestStopLosesAtMostABatch(t *testing.T) {
	const batch, at, all = 200, 530, 800
	for name, c := range map[string]struct {
		stop    func(w *world, cancel context.CancelCauseFunc)
		code    int
		outcome load.Outcome
		least   int // answers saved
	}{
		"SIGINT":  {func(_ *world, cancel context.CancelCauseFunc) { cancel(run.ErrInterrupted) }, 130, load.OutcomeInterrupted, at - 4},
		"SIGTERM": {func(_ *world, cancel context.CancelCauseFunc) { cancel(run.ErrTerminated) }, 143, load.OutcomeInterrupted, at - 4},
		"no connection": {func(w *world, _ context.CancelCauseFunc) {
			w.exec(`SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
		}, 1, load.OutcomeOK, at - batch - 4},
	} {
		t.Run(name, func(t *testing.T) {
			inEnrichedWorld(t, simulator.Options{}, func(w *world) {
				w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), all/2))
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				const freshness = `SELECT concat_ws(' ', attempted_outcome, is_complete, attempts_since) FROM fleet.freshness`
				w.atRequest(at, func() {
					if got := query[string](w, freshness); got != "running t 0" {
						t.Errorf("freshness while details are asked for: %q", got)
					}
					c.stop(w, cancel)
				})
				r := w.wantEnd(w.syncOf(ctx, *w.flolive()), "flolive", c.code, c.outcome)
				w.wantTruth("flolive")
				if got, want := query[string](w, freshness), string(c.outcome)+" t 0"; got != want {
					t.Errorf("freshness after the stop: %q, want %q", got, want)
				}
				saved := query[int](w, `SELECT count(*) FROM sync.detail_request`)
				if saved < c.least || r.Enriched.DetailsAsked != int64(saved) {
					t.Errorf("%d answers saved, %d counted, of %d asked for: a batch is %d", saved, r.Enriched.DetailsAsked, at, batch)
				}
				if got := query[int](w, `SELECT details_asked FROM sync.run`); got != saved {
					t.Errorf("the ledger counts %d of %d", got, saved)
				}
				w.detailRequests()
				w.calm()
				w.wantOK()
				if n := w.detailRequests(); n != all-saved {
					t.Errorf("the next run makes %d requests, want %d", n, all-saved)
				}
				w.wantDetails(w.truthOfDetails(false))
			})
		})
	}
}

// A run that is stopped among its details, or killed there, has said before why nothing
// was removed.
func TestStopAmongDetailsTellsWhatIsHeldBack(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{}, func(w *world) {
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 100))
		w.wantOK()
		w.nextNight()
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 120)[40:])
		w.flolive().RemovalLimit = 0.01
		w.detailRequests()
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		const why = "40 of 200 subscribers (20.0 %) would be removed, more than the removal limit of 1.0 %"
		newest := func() string {
			return query[string](w, `SELECT concat_ws('|', outcome, load_outcome, error) FROM sync.run ORDER BY started_at DESC LIMIT 1`)
		}
		w.atRequest(3, func() {
			if got := newest(); got != "held_back|removals held back: "+why {
				t.Errorf("while details are asked for the ledger says %q", got)
			}
			cancel(run.ErrTerminated)
		})
		w.wantEnd(w.syncOf(ctx, *w.flolive()), "flolive", 143, load.OutcomeInterrupted)
		if got := newest(); got != "interrupted|held_back|terminated; removals held back: "+why {
			t.Errorf("after the stop it says %q", got)
		}
	})
}

// Whatever the details say, nothing of the subscribers is written.
func TestDetailsLeaveTheFleetAlone(t *testing.T) {
	inEnrichedWorld(t, ordinary, func(w *world) {
		w.flolive().Details.MaxRequests = 0
		w.wantOK()
		rows := func() string {
			return fmt.Sprint(w.lines(`SELECT concat_ws(' ', 's', ctid, xmin, to_jsonb(s)) FROM fleet.subscriber s UNION ALL
				SELECT concat_ws(' ', 'i', ctid, xmin, to_jsonb(i)) FROM fleet.subscriber_imsi i UNION ALL
				SELECT concat_ws(' ', 'h', ctid, xmin, to_jsonb(h)) FROM fleet.subscriber_history h UNION ALL
				SELECT concat_ws(' ', 'c', ctid, xmin, to_jsonb(c)) FROM fleet.customer c ORDER BY 1`))
		}
		before := rows()
		w.flolive().Details.MaxRequests = 100_000
		w.sim.Inject(simulator.Fault{Kind: simulator.BadRecord, On: simulator.Detail, From: 5, Count: 30})
		w.sim.Inject(simulator.Fault{Kind: simulator.NullContent, On: simulator.Detail, From: 50, Count: 30})
		w.wantOK()
		if n := query[int](w, `SELECT count(*) FROM fleet.subscriber_detail`); n < 100 {
			t.Errorf("only %d details", n)
		}
		if rows() != before {
			t.Error("rows of the fleet were written")
		}
	})
}
