package run_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// dryRun compares, and sees to it that nothing was written.
func (w *world) dryRun(sources ...config.Source) run.Summary {
	w.t.Helper()
	before := w.fingerprint()
	o := w.options
	o.DryRun = true
	summary, err := run.Sync(w.t.Context(), sources, o)
	if err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(before, w.fingerprint()); diff != "" {
		w.t.Errorf("a dry run wrote (-before +after):\n%s", diff)
	}
	return summary
}

// fingerprint changes with any write to any table or sequence, and with any table, index
// or partition made: a row's transaction, place and lock are in it.
func (w *world) fingerprint() []string {
	w.t.Helper()
	all := w.lines(`SELECT concat_ws(' ', relkind, oid::regclass, relfilenode) FROM pg_class
		WHERE relnamespace::regnamespace::text IN ('fleet', 'sync', 'private', 'public') ORDER BY oid`)
	all = append(all, w.lines(`SELECT concat_ws(' ', schemaname, sequencename, last_value) FROM pg_sequences ORDER BY 1`)...)
	for _, table := range w.lines(`SELECT oid::regclass::text FROM pg_class
		WHERE relkind = 'r' AND relnamespace::regnamespace::text IN ('fleet', 'sync', 'private') ORDER BY 1`) {
		all = append(all, table+" "+query[string](w, `SELECT coalesce(md5(string_agg(concat(t.ctid, t.xmin, t.xmax), ',' ORDER BY t.ctid)), '') FROM `+table+` t`))
	}
	return all
}

// wantSameAs runs after a dry run, and checks that it does what that foretold.
func (w *world) wantSameAs(dry run.Summary) {
	w.t.Helper()
	real := w.sync()
	for i, r := range real.Sources {
		foretold := dry.Sources[i]
		if run.ExitCode(r.Err) != run.ExitCode(foretold.Err) || fmt.Sprint(r.Err) != fmt.Sprint(foretold.Err) {
			w.t.Errorf("source %s ended with %v, foretold was %v", r.Source, r.Err, foretold.Err)
		}
		if r.Loaded != (foretold.Compared != nil) {
			w.t.Errorf("source %s was loaded: %v, foretold: %v", r.Source, r.Loaded, foretold.Compared)
			continue
		}
		if !r.Loaded {
			continue
		}
		done := r.Promoted
		done.MovesSettled = 0
		if diff := cmp.Diff(foretold.Compared.Promoted, done); diff != "" {
			w.t.Errorf("source %s: counts (-foretold +done):\n%s", r.Source, diff)
		}
		var fields []string
		for _, f := range foretold.Compared.Fields {
			fields = append(fields, fmt.Sprint(f.Field, " ", f.Subscribers))
		}
		slices.Sort(fields)
		changed := w.lines(`SELECT field || ' ' || count(*) FROM fleet.change WHERE run_id = $1 AND source = $2 GROUP BY field`, real.ID, r.Source)
		slices.Sort(changed)
		if !slices.Equal(fields, changed) {
			w.t.Errorf("source %s: fields %v changed, foretold were %v", r.Source, changed, fields)
		}
	}
}

// TestDryRunForetells lets random fleets live through random nights: what a dry run
// counts is what a run right after it does, whatever is odd about the records.
func TestDryRunForetells(t *testing.T) {
	t.Parallel()
	address := localpg.NewDatabase(t, migrate)
	var number atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		n := number.Add(1)
		var problems []string
		synctest.Test(t, func(t *testing.T) {
			r := &recorder{TB: t}
			done := make(chan struct{})
			go func() { // Fatal ends it, not the test
				defer close(done)
				w, err := newWorld(r, address, simulator.New(simulator.Options{Seed: 10}), fmt.Sprintf("flolive%d", n), fmt.Sprintf("iotx%d", n))
				if err != nil {
					r.Fatal(err)
				}
				defer w.close()
				p.foretellIn(w)
			}()
			<-done
			problems = r.problems
		})
		if len(problems) > 0 {
			rt.Fatalf("%s", problems[0])
		}
	})
}

func (p plan) foretellIn(w *world) {
	floLIVE, ioTX := map[int]floLIVEState{}, map[int]ioTXState{}
	w.flolive().RemovalLimit, w.iotx().RemovalLimit = p.removalLimit, p.removalLimit
	w.flolive().Walks, w.flolive().ChunkSize, w.iotx().PageSize = 1, 3, 8 // one walk at a time: the order is the same
	w.options.MaxRejects = 0.3
	for i, night := range p.nights {
		maps.Copy(floLIVE, night.floLIVE)
		maps.Copy(ioTX, night.ioTX)
		w.goToNight(i + 1)
		w.setFleets(floLIVE, ioTX)
		w.wantSameAs(w.dryRun(w.sources...))
	}
}

// Whatever a run would end with, a dry run ends with.
func TestDryRunEndsAsARun(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(w *world)
		code    int
	}{
		"ok":       {func(w *world) { w.sim.SetIoTX(ioTXRecords(58)) }, 0},
		"failed":   {func(w *world) { w.always(simulator.ServerError) }, 1},
		"limit":    {func(w *world) { w.sim.SetIoTX(ioTXRecords(20)) }, 4},
		"rejects":  {func(w *world) { w.options.MaxRejects = 0; w.badRecords() }, 5},
		"refused":  {func(w *world) { w.always(simulator.Unauthorized) }, 6},
		"endless":  {func(w *world) { w.always(simulator.Endless) }, 1},
		"in doubt": {func(w *world) { w.sim.SetIoTX(ioTXRecords(58)); w.unanswered() }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			inSmallWorld(t, func(w *world) {
				w.options = w.options.WithRecordsAtFirst(1000)
				c.prepare(w)
				dry := w.dryRun(*w.iotx())
				if got := run.ExitCode(dry.Errs()...); got != c.code {
					t.Errorf("exit code %d (%v), want %d", got, dry.Errs(), c.code)
				}
				w.sources = w.sources[1:]
				w.wantSameAs(dry)
			})
		})
	}
}

func (w *world) always(kind simulator.FaultKind) {
	w.sim.Inject(simulator.Fault{Kind: kind, Provider: simulator.IoTX, Count: simulator.Forever})
}

// unanswered keeps the provider from telling of one subscriber.
func (w *world) unanswered() {
	w.sim.Inject(simulator.Fault{Kind: simulator.ServerError, On: simulator.One, Count: simulator.Forever})
}

func (w *world) badRecords() {
	list := ioTXRecords(60)
	list[7].PhysicalID = ""
	w.sim.SetIoTX(list)
}

// The examples are the first of each sort, and name nobody.
func TestExamplesAreMasked(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		list := ioTXRecords(70) // ten are new
		for i := range 7 {
			list[i].TariffName, list[i].IMSI, list[i].IsBarred = "TARIFF NEW", fmt.Sprintf("23417%010d", i), true
		}
		w.sim.SetIoTX(list[:64])
		w.sim.SetIoTX(slices.Concat(list[:50], list[52:64])) // two have left
		found := w.dryRun(*w.iotx()).Sources[0].Compared
		var sorts []string
		for _, e := range found.Examples {
			sorts = append(sorts, e.Change)
			if e.Subscriber[:4] != "8944" || strings.Count(e.Subscriber, "*") != 11 {
				t.Errorf("the subscriber is told as %s", e.Subscriber)
			}
		}
		if want := "[inserted inserted inserted inserted updated updated updated updated updated removed removed]"; fmt.Sprint(sorts) != want {
			t.Errorf("examples: %v, want %s", sorts, want)
		}
		var told []string
		for _, f := range found.Examples[4].Fields {
			told = append(told, fmt.Sprint(f.Field, " ", *f.Old, " > ", *f.New))
		}
		want := []string{"imsi_pairs *** > ***", "is_barred false > true", "status active > suspended", "tariff_name TARIFF ABC > TARIFF NEW"}
		if diff := cmp.Diff(want, told); diff != "" {
			t.Errorf("what would change (-want +got):\n%s", diff)
		}
		if want := "[{imsi_pairs 7} {is_barred 7} {status 7} {tariff_name 7} {removed_at 2}]"; fmt.Sprint(found.Fields) != want {
			t.Errorf("fields %v, want %s", found.Fields, want)
		}
	})
}

// A dry run waits for nobody and keeps nobody waiting. Where a run promotes meanwhile it
// says so: what it compared with is gone.
func TestDryRunBesideARun(t *testing.T) {
	inSmallWorld(t, func(w *world) {
		held, err := w.db.Session(t.Context(), "iotx")
		if err != nil {
			t.Fatal(err)
		}
		if r := w.dryRun(*w.iotx()).Sources[0]; r.Err != nil || r.Compared == nil {
			t.Errorf("beside one that holds the source it ended with %v", r.Err)
		}
		held.Close()

		list := ioTXRecords(60)
		list[3].TariffName = "TARIFF NEW"
		w.sim.SetIoTX(list)
		meanwhile := w.options
		var met atomic.Bool
		transport := &http.Transport{DialContext: w.network.DialContext}
		o := w.options.WithClient(func(o *fetch.Options) {
			o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
				if !met.Swap(true) {
					s, err := run.Sync(r.Context(), w.sources[1:], meanwhile)
					if err != nil || s.Sources[0].Err != nil || s.Sources[0].Promoted.Updated != 1 {
						t.Errorf("the run beside it: %v %+v", err, s)
					}
				}
				return transport.RoundTrip(r)
			})
		})
		o.DryRun = true
		summary, err := run.Sync(t.Context(), w.sources[1:], o)
		if err != nil {
			t.Fatal(err)
		}
		transport.CloseIdleConnections()
		r := summary.Sources[0]
		if !errors.Is(r.Err, load.ErrOvertaken) || run.ExitCode(r.Err) != 1 || r.Compared != nil {
			t.Errorf("it ended with %v and %+v", r.Err, r.Compared)
		}
	})
}

// A dry run asks for no details.
func TestDryRunAsksForNoDetails(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{FloLIVE: 30}, func(w *world) {
		dry := w.dryRun(w.sources...)
		if n := w.detailRequests(); n != 0 {
			t.Errorf("%d requests for details", n)
		}
		w.wantSameAs(dry)
	})
}
