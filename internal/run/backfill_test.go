package run_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// connectedAt is when ioTXRecord's subscriber number i was connected.
func connectedAt(i int) time.Time { return time.Date(2024, time.January, 1, 0, i, 0, 0, time.UTC) }

// window makes the runs to come backfills of the subscribers numbered from up to until.
func (w *world) window(from, until int) {
	w.options.Command, w.options.Scope = "backfill", run.Scope{Connected: load.Window{Since: connectedAt(from), Until: connectedAt(until)}}
}

// whole makes them runs again.
func (w *world) whole() { w.options.Command, w.options.Scope = "run", run.Scope{} }

// A window loads what is in it, and says nothing of the rest: nobody is missing, however
// many have left inside of it and outside.
func TestWindow(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		list := ioTXRecords(62) // two are new, 60 and 61
		list[20].TariffName, list[45].TariffName, list[60].TariffName = "TARIFF NEW", "TARIFF NEW", "TARIFF NEW"
		w.sim.SetIoTX(slices.Concat(list[:15], list[16:25], list[27:61], list[61:])) // 15, 25 and 26 have left
		w.sim.ResetStats()
		w.window(10, 31)
		r := w.wantEnd(w.syncOf(t.Context(), *w.iotx()), "iotx", 0, load.OutcomeOK)
		wantCounts(t, r, load.Counts{Records: 18, Updated: 1, Unchanged: 17})
		if n := w.sim.Stats().Requests[simulator.One]; n > 0 {
			t.Errorf("%d subscribers were asked for, and none is missing", n)
		}
		w.window(60, 61)
		r = w.wantEnd(w.syncOf(t.Context(), *w.iotx()), "iotx", 0, load.OutcomeOK)
		wantCounts(t, r, load.Counts{Records: 1, Inserted: 1})
		got := w.lines(`SELECT physical_id FROM fleet.subscriber JOIN fleet.contract USING (subscriber_key) WHERE tariff_name = 'TARIFF NEW' ORDER BY 1`)
		if want := []string{list[20].PhysicalID, list[60].PhysicalID}; !slices.Equal(got, want) {
			t.Errorf("with the new tariff: %v, want %v", got, want)
		}
		w.whole()
		w.wantOK()
	})
}

// Each side of a window may be open, the beginning belongs to it, and the end does not.
func TestBoundsOfAWindow(t *testing.T) {
	inWorld(t, simulator.Options{Seed: 5}, func(w *world) {
		list := ioTXRecords(60)
		list[7].ConnectionDate = connectedAt(7).Add(500 * time.Millisecond).Format(time.RFC3339Nano)
		w.sim.SetIoTX(list)
		for _, c := range []struct {
			window load.Window
			most   int // of the numbers that are in, and the least
			least  int
		}{
			{load.Window{Until: connectedAt(3)}, 2, 0},
			{load.Window{Since: connectedAt(5), Until: connectedAt(7).Add(400 * time.Millisecond)}, 6, 5},
			{load.Window{Since: connectedAt(5), Until: connectedAt(7).Add(600 * time.Millisecond)}, 7, 5},
			{load.Window{Since: connectedAt(57)}, 59, 57},
		} {
			w.options.Command, w.options.Scope.Connected = "backfill", c.window
			r := w.wantEnd(w.syncOf(t.Context(), *w.iotx()), "iotx", 0, load.OutcomeOK)
			if want := int64(c.most - c.least + 1); r.Promoted.Records != want {
				t.Errorf("%v: %d records, want %d", c.window, r.Promoted.Records, want)
			}
		}
		got := w.lines(`SELECT right(physical_id, 2) FROM fleet.subscriber ORDER BY 1`)
		if want := "[00 01 02 05 06 07 57 58 59]"; fmt.Sprint(got) != want {
			t.Errorf("loaded: %v, want %s", got, want)
		}
	})
}

// What comes though it is in no window is true as well: without a date, or from a
// provider that heeds no filter.
func TestWindowLoadsWhateverComes(t *testing.T) {
	inWorld(t, simulator.Options{Seed: 5}, func(w *world) {
		list := ioTXRecords(3)
		list[0].ConnectionDate = ""
		w.sim.SetIoTX(list)
		transport := &http.Transport{DialContext: w.network.DialContext}
		w.options = w.options.WithClient(func(o *fetch.Options) {
			o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
				query := r.URL.Query()
				query.Del("filter")
				r.URL.RawQuery = query.Encode()
				return transport.RoundTrip(r)
			})
		})
		w.window(1, 2)
		r := w.wantEnd(w.syncOf(t.Context(), *w.iotx()), "iotx", 0, load.OutcomeOK)
		wantCounts(t, r, load.Counts{Records: 3, Inserted: 3})
		transport.CloseIdleConnections()
	})
}

// A profile that is inside of a window keeps the parent that is outside of it, and one
// that only its parent shows keeps what its own record told.
func TestWindowTakesNoLinkBack(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		list := ioTXRecords(60)
		list[50].Place, list[50].ParentPhysicalID, list[50].IsEnabledOnParent = simulator.AtTopAndNested, list[5].PhysicalID, true
		list[51].Place, list[51].ParentPhysicalID = simulator.Nested, list[6].PhysicalID
		w.sim.SetIoTX(list)
		w.wantOK()
		const links = `SELECT right(s.physical_id, 2) || '<' || right(p.physical_id, 2) || coalesce(s.is_enabled_on_parent::text, '') || s.changed_at
			FROM fleet.subscriber s JOIN fleet.subscriber p ON p.subscriber_key = s.parent_key ORDER BY 1`
		before := fmt.Sprint(w.lines(links))

		list[50].ParentPhysicalID, list[50].Place = "", simulator.AtTop // as it seems to a window
		w.sim.SetIoTX(list)
		w.window(40, 60)
		w.wantEnd(w.syncOf(t.Context(), *w.iotx()), "iotx", 0, load.OutcomeOK)
		if after := fmt.Sprint(w.lines(links)); after != before {
			t.Errorf("links are %s, and were %s", after, before)
		}
		w.whole()
		w.wantOK() // the whole source knows better
	})
}

// To the ledger a window is what it is: neither a complete source, nor a fresh one, nor
// a listing that the next run misses.
func TestWindowInTheLedger(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		const freshness = `SELECT concat_ws(' ', complete_as_of, complete_run_id, attempted_at, attempted_run_id, is_complete) FROM fleet.freshness WHERE source = 'iotx'`
		before := query[string](w, freshness)
		<-time.After(time.Hour)
		w.window(10, 20)
		w.wantEnd(w.syncOf(t.Context(), *w.iotx()), "iotx", 0, load.OutcomeOK)
		if after := query[string](w, freshness); after != before {
			t.Errorf("the source is fresh as of %s, want %s", after, before)
		}
		got := query[string](w, `SELECT concat_ws('|', r.command, r.outcome, r.connected_since AT TIME ZONE 'UTC', r.connected_until AT TIME ZONE 'UTC', w.listing, w.verdict)
			FROM sync.run r JOIN sync.walk w USING (run_id, source) WHERE r.connected_since IS NOT NULL`)
		const want = `backfill|ok|2024-01-01 00:10:00|2024-01-01 00:20:00|` +
			`subscribers where connectionDate ge "2024-01-01T00:10:00Z" and connectionDate lt "2024-01-01T00:20:00Z"|complete`
		if got != want {
			t.Errorf("the ledger says\n%s, want\n%s", got, want)
		}
		w.whole()
		w.sim.SetIoTX(ioTXRecords(55))
		w.wantOK() // five are gone, and the window is no listing that is walked no more
		w.window(10, 20)
		w.sim.Inject(simulator.Fault{Kind: simulator.BadRecord, Provider: simulator.IoTX, By: 5})
		w.wantEnd(w.syncOf(t.Context(), *w.iotx()), "iotx", 5, load.OutcomeHeldBack)
	})
}

// A scope that does not fit its source is refused before anything is done.
func TestScopeThatDoesNotFit(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		w.sim.ResetStats()
		at := connectedAt(1)
		for name, c := range map[string]struct {
			scope  run.Scope
			source int
			want   string
		}{
			"floLIVE":    {run.Scope{Connected: load.Window{Since: at}}, 0, "source flolive is of api flolive-v2, whose listing cannot be narrowed"},
			"empty":      {run.Scope{Connected: load.Window{Since: at, Until: at}}, 1, "nobody was connected at or after 2024-01-01T00:01:00Z and before 2024-01-01T00:01:00Z"},
			"turned":     {run.Scope{Connected: load.Window{Since: at, Until: at.Add(-1)}}, 1, "the window must begin before it ends"},
			"no details": {run.Scope{Details: run.DetailsAll}, 1, "source iotx is of api iotx-v4, which has no details"},
		} {
			w.options.Scope = c.scope
			_, err := run.Sync(t.Context(), w.sources[c.source:c.source+1], w.options)
			if !errors.Is(err, run.ErrUsage) || run.ExitCode(err) != 2 || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want %q", name, err, c.want)
			}
		}
		if n := query[int](w, `SELECT count(*) FROM sync.run`); n != 2 || len(w.sim.Stats().Requests) > 0 {
			t.Errorf("%d runs in the ledger, requests %v", n, w.sim.Stats().Requests)
		}
	})
}

// details makes the runs to come backfills with so many details.
func (w *world) details(which run.Details) {
	w.options.Command, w.options.Scope = "backfill", run.Scope{Details: which}
}

// wantBackfilled is a faultless backfill of the floLIVE source, and returns how many
// requests for details it made.
func (w *world) wantBackfilled() int {
	w.t.Helper()
	w.sim.ResetStats()
	w.wantEnd(w.syncOf(w.t.Context(), *w.flolive()), "flolive", 0, load.OutcomeOK)
	w.wantTruth("flolive")
	return w.detailRequests()
}

// All details are asked for whatever their age and the budget, and none where none are
// wanted.
func TestAllDetails(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{}, func(w *world) {
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 60))
		w.flolive().Profiles.EIDFile = eidFile(t, strings.Repeat("8", 32), strings.Repeat("9", 32))
		w.flolive().Details.MaxRequests = 0
		w.details(run.DetailsAll)
		for range 2 { // one that is through begins anew
			<-time.After(time.Hour)
			if n := w.wantBackfilled(); n != 120 {
				t.Errorf("%d requests, want 120", n)
			}
			if n := query[int](w, `SELECT count(*) FROM sync.profile_request WHERE asked_at >= $1`, time.Now()); n != 2 {
				t.Errorf("%d EIDs asked for, want 2", n)
			}
		}
		w.wantDetails(w.truthOfDetails(false))
		w.flolive().Details.MaxRequests = 1000
		w.nextNight()
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 61))
		w.details(run.DetailsNone)
		if n := w.wantBackfilled(); n != 0 {
			t.Errorf("%d requests, want none", n)
		}
		w.details(run.DetailsStale)
		if n := w.wantBackfilled(); n != 2 {
			t.Errorf("%d requests, want those of the two that are new", n)
		}
		if got := fmt.Sprint(w.lines(`SELECT concat_ws(' ', verdict, distinct_records, requests, sessions) FROM sync.walk WHERE listing = 'details' ORDER BY run_id`)); got != "[complete 120 122 1 complete 120 122 1]" {
			t.Errorf("the walks over all details: %s", got)
		}
	})
}

// Where asking for all breaks off, however that happens, the next one goes on.
func TestAllDetailsGoOn(t *testing.T) {
	const all, at = 800, 530
	ends := map[string]struct {
		stop func(w *world, cancel context.CancelCauseFunc)
		code int
	}{
		"SIGTERM": {func(_ *world, cancel context.CancelCauseFunc) { cancel(run.ErrTerminated) }, 143},
		"no connection": {func(w *world, _ context.CancelCauseFunc) {
			w.exec(`SELECT pg_terminate_backend(l.pid) FROM pg_locks l WHERE l.locktype = 'advisory' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
		}, 1},
		"credentials": {func(w *world, _ context.CancelCauseFunc) {
			w.sim.Inject(simulator.Fault{Kind: simulator.Unauthorized, On: simulator.Detail, Count: simulator.Forever})
		}, 6},
	}
	for name, c := range ends {
		t.Run(name, func(t *testing.T) {
			inEnrichedWorld(t, simulator.Options{Latency: 10 * time.Millisecond}, func(w *world) {
				records := floLIVERecords(w.sim.CustomerIDs(), all/2)
				w.sim.SetFloLIVE(records)
				w.flolive().Details.MaxRequests = 100
				w.wantOK() // some are known already
				<-time.After(time.Hour)
				began := time.Now()
				w.details(run.DetailsAll)
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				w.atRequest(at, func() { c.stop(w, cancel) })
				if got := run.ExitCode(w.syncOf(ctx, *w.flolive()).Errs()...); got != c.code {
					t.Errorf("it ended with %d, want %d", got, c.code)
				}
				w.sim.ClearFaults()
				w.calm()
				saved := query[int](w, `SELECT count(*) FROM sync.detail_request WHERE asked_at >= $1`, began)
				if saved < at-205 || saved > at {
					t.Fatalf("%d answers saved of %d", saved, at)
				}
				w.whole()
				w.flolive().Details.MaxRequests = 0
				<-time.After(time.Hour)
				w.wantOK() // a night in between is no walk over all details

				records[0].Status = "SUSPEND" // asked for already, but as it was
				w.sim.SetFloLIVE(records)
				w.details(run.DetailsAll)
				again := query[int](w, `SELECT count(*) FROM sync.detail_request JOIN fleet.subscriber USING (subscriber_key) WHERE asked_at >= $1 AND iccid = $2`,
					began, records[0].ICCID)
				if n := w.wantBackfilled(); n != all-saved+again {
					t.Errorf("the next one makes %d requests, want %d", n, all-saved+again)
				}
				w.wantDetails(w.truthOfDetails(false))
				walks := w.lines(`SELECT concat_ws(' ', verdict, sessions, started_at = min(started_at) OVER ()) FROM sync.walk WHERE listing = 'details' ORDER BY run_id`)
				if want := "[stopped 1 t complete 2 t]"; fmt.Sprint(walks) != want {
					t.Errorf("the walks over all details: %v, want %s", walks, want)
				}
			})
		})
	}
}

// A walk over all details that broke off long ago has not asked for what is stale since.
func TestAllDetailsAreNotTooOld(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{}, func(w *world) {
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 20))
		w.details(run.DetailsAll)
		w.atRequest(31, func() {
			w.sim.Inject(simulator.Fault{Kind: simulator.Unauthorized, On: simulator.Detail, Count: simulator.Forever})
		})
		w.wantEnd(w.syncOf(t.Context(), *w.flolive()), "flolive", 6, load.OutcomeOK)
		w.sim.ClearFaults()
		w.calm()
		<-time.After(8 * 24 * time.Hour)
		if n := w.wantBackfilled(); n != 40 {
			t.Errorf("%d requests, want 40", n)
		}
	})
}

// After all details were asked for, the next run misses no listing of that name.
func TestAllDetailsAreNoListing(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{}, func(w *world) {
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 20))
		w.details(run.DetailsAll)
		w.wantBackfilled()
		w.whole()
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 18))
		w.wantOK()
	})
}

// All is all: where the provider failed to tell of one, it is no success, and the next
// one asks for that one.
func TestAllDetailsButOne(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{}, func(w *world) {
		records := floLIVERecords(w.sim.CustomerIDs(), 20)
		w.sim.SetFloLIVE(records)
		w.details(run.DetailsAll)
		w.sim.Inject(simulator.Fault{Kind: simulator.ServerError, On: simulator.Detail, Value: records[3].ICCID, Count: simulator.Forever})
		r := w.wantEnd(w.syncOf(t.Context(), *w.flolive()), "flolive", 1, load.OutcomeOK)
		if want := "enrichment: not everything was told: requests without an answer: 1; the same command makes them again"; r.Err.Error() != want {
			t.Errorf("it ended with %q, want %q", r.Err, want)
		}
		if got := query[string](w, `SELECT verdict FROM sync.walk WHERE listing = 'details'`); got != "unreachable" {
			t.Errorf("the walk over all details is %s", got)
		}
		w.sim.ClearFaults()
		<-time.After(time.Hour)
		if n := w.wantBackfilled(); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
		w.wantDetails(w.truthOfDetails(false))
	})
}
