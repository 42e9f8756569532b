package run_test

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// plan is what happens to two small fleets, drawn before any of it does: a bubble
// cannot draw.
type plan struct {
	removalLimit float64
	walks        int
	nights       []plannedNight
}

// plannedNight is a night's edits, each of which puts one subscriber in a state, and
// the faults of its run.
type plannedNight struct {
	floLIVE map[int]floLIVEState
	ioTX    map[int]ioTXState
	faults  []simulator.Fault
}

// floLIVEState is a subscriber as a listing may have it. The zero value has left.
type floLIVEState struct {
	Present bool
	Listing int // 0 or 1
	Version int // 0 to 3
	Bad     string
	// Again: the listing holds it twice, in two versions. Both: the other listing holds
	// it too.
	Again, Both bool
}

type ioTXState struct {
	Present bool
	Version int // 0 to 3
	Bad     string
	Again   bool
	Place   simulator.Place
}

// The slots of the fleets. The first of IoT-X are eUICC SIMs that the others may be
// profiles on.
const (
	floLIVESlots = 14
	ioTXSlots    = 16
	ioTXParents  = 3
)

func drawPlan(t *rapid.T) plan {
	p := plan{
		removalLimit: rapid.SampledFrom([]float64{0.2, 1}).Draw(t, "removal limit"),
		walks:        rapid.IntRange(1, 2).Draw(t, "walks at once"),
	}
	floLIVE := rapid.Custom(func(t *rapid.T) floLIVEState {
		return floLIVEState{
			Present: rapid.IntRange(0, 3).Draw(t, "present") > 0, Listing: rapid.IntRange(0, 1).Draw(t, "listing"),
			Version: rapid.IntRange(0, 3).Draw(t, "version"),
			Bad:     seldom(t, "bad", simulator.BadICCID, simulator.BadNoSubscriber, simulator.BadNotAnObject, simulator.BadUTF8),
			Again:   seldom(t, "again", "yes") != "", Both: seldom(t, "both", "yes") != "",
		}
	})
	ioTX := rapid.Custom(func(t *rapid.T) ioTXState {
		return ioTXState{
			Present: rapid.IntRange(0, 3).Draw(t, "present") > 0, Version: rapid.IntRange(0, 3).Draw(t, "version"),
			Bad:   seldom(t, "bad", simulator.BadNoPhysicalID, simulator.BadNotAnObject, simulator.BadUTF8),
			Again: seldom(t, "again", "yes") != "",
			Place: simulator.Place(rapid.IntRange(0, 2).Draw(t, "place")),
		}
	})
	for range rapid.IntRange(2, 4).Draw(t, "nights") {
		p.nights = append(p.nights, plannedNight{
			floLIVE: rapid.MapOfN(rapid.IntRange(0, floLIVESlots-1), floLIVE, 0, 8).Draw(t, "floLIVE"),
			ioTX:    rapid.MapOfN(rapid.IntRange(0, ioTXSlots-1), ioTX, 0, 8).Draw(t, "IoT-X"),
			faults:  rapid.SliceOfN(rapid.Custom(drawFault), 0, 3).Draw(t, "faults"),
		})
	}
	return p
}

// seldom is one of words one time in eight, else empty.
func seldom(t *rapid.T, label string, words ...string) string {
	if rapid.IntRange(0, 7).Draw(t, label) < 7 {
		return ""
	}
	return rapid.SampledFrom(words).Draw(t, label)
}

// drawFault leaves out what no client can see through: a total that is too low, since
// nothing is asked for beyond it; a list that is empty from the start; a page that is
// passed over each time, or a record that another takes the place of each time. Nor does
// a newcomer come with every request: a list that grows as fast as its short pages are
// read is read until it has the most records that a list may have.
func drawFault(t *rapid.T) simulator.Fault {
	info := rapid.SampledFrom(slices.DeleteFunc(simulator.FaultKinds(), func(info simulator.FaultInfo) bool {
		return info.Kind == simulator.ShortTotal || info.Kind == simulator.OversizedBody
	})).Draw(t, "kind")
	f := simulator.Fault{
		Kind: info.Kind, Provider: rapid.SampledFrom(info.Providers).Draw(t, "provider"),
		From:  rapid.IntRange(1, 4).Draw(t, "from"),
		Count: rapid.SampledFrom([]int{1, 1, 1, 2, simulator.Forever}).Draw(t, "count"),
	}
	switch {
	case f.Kind == simulator.Endless:
		f.By = 1
	case f.Kind == simulator.ShiftRight && f.Count == simulator.Forever:
		f.Count = 40
	case f.Provider == simulator.IoTX && (f.Kind == simulator.EmptyChunk || f.Kind == simulator.Skip || f.Kind == simulator.DuplicateRecord):
		f.From, f.Count = max(2, f.From), 1
	}
	return f
}

// TestModel lets random fleets live through random nights with random faults. After
// a run that is ok the tables are the truth; after any other nothing true was removed,
// every row is one that its subscriber once was, and the ledger agrees with itself. A
// last night without faults brings the truth in any case. What was archived meanwhile
// makes the same tables and history again.
func TestModel(t *testing.T) {
	t.Parallel()
	address := databases{localpg.NewDatabase(t, migrate), localpg.NewDatabase(t, migrate), t.TempDir()}
	var number atomic.Int64 // each plan has sources of its own in the one database
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		if problems := p.live(t, address, number.Add(1)); len(problems) > 0 {
			rt.Fatalf("%s", problems[0])
		}
	})
}

// databases are the one that the plans live in, one that is built again, and the folder
// of the archive.
type databases struct{ original, rebuilt, archive string }

// live carries a plan out and returns what was wrong.
func (p plan) live(t *testing.T, address databases, number int64) (problems []string) {
	synctest.Test(t, func(t *testing.T) {
		r := &recorder{TB: t}
		done := make(chan struct{})
		go func() { // Fatal ends it, not the test
			defer close(done)
			name := fmt.Sprintf("flolive%d", number)
			w, err := newWorld(r, address.original, simulator.New(simulator.Options{Seed: 10}), name, fmt.Sprintf("iotx%d", number))
			if err != nil {
				r.Fatal(err)
			}
			defer w.close()
			kept := w.keepIn(address.archive)
			p.liveIn(w)
			w.wantRebuilt(kept, address.rebuilt)
		}()
		<-done
		problems = r.problems
	})
	return problems
}

func (p plan) liveIn(w *world) {
	floLIVE, ioTX := map[int]floLIVEState{}, map[int]ioTXState{}
	w.flolive().RemovalLimit, w.iotx().RemovalLimit = p.removalLimit, p.removalLimit
	w.flolive().Walks, w.flolive().ChunkSize, w.iotx().PageSize = p.walks, 3, 8
	w.options.MaxRejects = 0.5
	for i, night := range p.nights {
		maps.Copy(floLIVE, night.floLIVE)
		maps.Copy(ioTX, night.ioTX)
		w.goToNight(i + 1)
		w.setFleets(floLIVE, ioTX)
		for _, f := range night.faults {
			w.sim.Inject(f)
		}
		w.wantModel(w.sync(), night.faults)
		w.sim.ClearFaults()
	}
	for slot, state := range floLIVE {
		state.Bad, state.Again = "", false
		floLIVE[slot] = state
	}
	w.setFleets(floLIVE, ioTX)
	<-time.After(time.Second) // no two runs are of the same moment
	w.options.AllowRemovals = true
	w.options.MaxRejects = 1
	w.wantOK()
}

// wantModel checks that a run that says it is ok is.
func (w *world) wantModel(summary run.Summary, faults []simulator.Fault) {
	for _, r := range summary.Sources {
		if r.Outcome() == load.OutcomeOK && !slices.ContainsFunc(faults, isFleetChanging) {
			w.wantTruth(r.Source)
		}
	}
}

// isFleetChanging tells whether the fleet after the run is another than what the run
// was shown: by shifting, or since a record was made bad on its way.
func isFleetChanging(f simulator.Fault) bool {
	return f.Kind == simulator.ShiftLeft || f.Kind == simulator.ShiftRight || f.Kind == simulator.BadRecord
}

func (w *world) setFleets(floLIVE map[int]floLIVEState, ioTX map[int]ioTXState) {
	listings := w.sim.CustomerIDs()
	var records []simulator.FloLIVESubscriber
	for slot := range floLIVESlots {
		s := floLIVE[slot]
		if !s.Present {
			continue
		}
		records = append(records, s.record(listings[s.Listing], slot, s.Version))
		if s.Again && s.Bad == "" {
			records = append(records, s.record(listings[s.Listing], slot, (s.Version+1)%4))
		}
		if s.Both && s.Bad == "" {
			records = append(records, s.record(listings[1-s.Listing], slot, s.Version))
		}
	}
	w.sim.SetFloLIVE(records)
	var list []simulator.IoTXSubscriber
	for slot := range ioTXSlots {
		s := ioTX[slot]
		// A profile whose parent has left is shown nowhere, but answers when asked for.
		isHidden := slot >= ioTXParents && s.Place == simulator.Nested && !ioTX[s.parent(slot)].Present
		if s.Present && !isHidden {
			list = append(list, s.records(slot)...)
		}
	}
	w.sim.SetIoTX(list)
}

// record is the subscriber of a slot as its state has it.
func (s floLIVEState) record(listing string, slot, version int) simulator.FloLIVESubscriber {
	r := floLIVERecord(listing, slot)
	switch version {
	case 1:
		r.Status = "SUSPEND"
	case 2:
		r.Pairs = append(r.Pairs, simulator.Pair{IMSI: fmt.Sprintf("310380%09d", slot)})
	case 3:
		r.Pairs, r.IMEI = nil, fmt.Sprintf("35430611%07d", slot)
	}
	r.Bad, r.BadReason = s.Bad != "", s.Bad
	switch s.Bad {
	case simulator.BadICCID:
		r.ICCID = fmt.Sprintf("89X%d", slot)
	case simulator.BadNoSubscriber:
		r.SubscriberID = ""
	case simulator.BadNotAnObject:
		r = unreadable(listing, slot)
	case simulator.BadUTF8:
		r.CustomerName += "\xff"
	}
	return r
}

// parent is the slot of the SIM that a profile is on.
func (s ioTXState) parent(slot int) int { return (slot + s.Version) % ioTXParents }

// records are the subscriber of a slot, twice where its state says so.
func (s ioTXState) records(slot int) []simulator.IoTXSubscriber {
	r := ioTXRecord(slot)
	switch s.Version {
	case 1:
		r.TariffName = "TARIFF 1GB"
	case 2:
		r.IsBarred, r.IsOnline = true, false
	case 3:
		r.Nickname, r.DataUsage = "", 77
	}
	if slot < ioTXParents { // they hold others, who would be bad with them
		return []simulator.IoTXSubscriber{r}
	}
	if r.Place = s.Place; r.Place != simulator.AtTop {
		r.ParentPhysicalID, r.IsEnabledOnParent = ioTXRecord(s.parent(slot)).PhysicalID, s.Version%2 == 0
		return []simulator.IoTXSubscriber{r}
	}
	if s.Bad == "" && s.Again {
		return []simulator.IoTXSubscriber{r, r}
	}
	r.Bad, r.BadReason = s.Bad != "", s.Bad
	switch s.Bad {
	case simulator.BadNoPhysicalID:
		r.PhysicalID = ""
	case simulator.BadNotAnObject:
		r.Raw = fmt.Appendf(nil, `"record %d is lost"`, slot)
	case simulator.BadUTF8:
		r.Nickname += "\xff"
	}
	return []simulator.IoTXSubscriber{r}
}

// recorder keeps failures for whoever runs the test within the test.
type recorder struct {
	testing.TB
	problems []string
}

func (r *recorder) Error(args ...any) { r.problems = append(r.problems, fmt.Sprintln(args...)) }

func (r *recorder) Errorf(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatal(args ...any) {
	r.Error(args...)
	runtime.Goexit()
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}
