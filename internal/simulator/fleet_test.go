package simulator_test

import (
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/simulator"
)

func TestSameSeedSameFleet(t *testing.T) {
	fleet := func(seed uint64) string {
		s := simulator.New(simulator.Options{Seed: seed, FloLIVE: 300, IoTX: 300, BadShare: 0.1})
		s.SetNight(5)
		c := newClient(t, s)
		return fmt.Sprint(c.walk(s.CustomerIDs()[0], "100")) + c.list("limit=100&offset=40").Body
	}
	one := fleet(1)
	if fleet(1) != one {
		t.Error("one seed gave two fleets")
	}
	if fleet(2) == one {
		t.Error("two seeds gave one fleet")
	}
}

func TestNightsOfFloLIVE(t *testing.T) {
	const fleet = 5000
	want := simulator.Churn{New: 0.05, Changed: 0.06, Moved: 0.03, Removed: 0.04, Returned: 0.25}
	s := simulator.New(simulator.Options{Seed: 7, FloLIVE: fleet, Churn: want})
	first := byKey(s.FloLIVETruth())
	if len(first) != fleet {
		t.Fatalf("got %d distinct records on night 1, want %d", len(first), fleet)
	}
	s.NextNight()
	second := byKey(s.FloLIVETruth())
	added, changed, moved, removed := 0, 0, 0, 0
	for key, now := range second {
		before, was := first[key]
		switch {
		case !was:
			added++
		case before.Listing != now.Listing:
			moved++
		case !cmp.Equal(before, now):
			changed++
		}
	}
	for key := range first {
		if _, still := second[key]; !still {
			removed++
		}
	}
	for _, share := range []struct {
		what string
		got  int
		want float64
	}{{"new", added, want.New}, {"changed", changed, want.Changed}, {"moved", moved, want.Moved}, {"removed", removed, want.Removed}} {
		if got := float64(share.got) / fleet; got < share.want*0.7 || got > share.want*1.3 {
			t.Errorf("%s: %d of %d, want about %.1f %%", share.what, share.got, fleet, share.want*100)
		}
	}
	s.SetNight(9)
	if !someReturn(first, second, byKey(s.FloLIVETruth())) {
		t.Error("nobody who was removed in night 2 is back by night 9")
	}
	s.SetNight(1)
	if diff := cmp.Diff(first, byKey(s.FloLIVETruth())); diff != "" {
		t.Errorf("night 1 is not what it was (-before +after):\n%s", diff)
	}
}

func someReturn(first, second, later map[string]simulator.FloLIVESubscriber) bool {
	for key := range first {
		_, then := second[key]
		_, now := later[key]
		if !then && now {
			return true
		}
	}
	return false
}

func TestStillNightChangesNothing(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 2000, IoTX: 500, Churn: simulator.Churn{Still: true}})
	flolive, iotx := slices.Collect(s.FloLIVETruth()), slices.Collect(s.IoTXTruth())
	s.NextNight()
	if diff := cmp.Diff(flolive, slices.Collect(s.FloLIVETruth())); diff != "" {
		t.Errorf("floLIVE changed:\n%s", diff)
	}
	for i, now := range slices.Collect(s.IoTXTruth()) {
		if now.DataUsage == iotx[i].DataUsage {
			t.Fatalf("usage of subscriber %d did not change", i)
		}
		now.DataUsage, now.IsOnline, now.IsTransferring = iotx[i].DataUsage, iotx[i].IsOnline, iotx[i].IsTransferring
		if diff := cmp.Diff(iotx[i], now); diff != "" {
			t.Fatalf("subscriber %d changed:\n%s", i, diff)
		}
	}
}

func TestNightsOfIoTX(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 3, IoTX: 5000})
	plain := func() map[string]simulator.IoTXSubscriber {
		found := map[string]simulator.IoTXSubscriber{}
		for r := range s.IoTXTruth() {
			r.DataUsage, r.IsOnline, r.IsTransferring = 0, false, false
			if _, twice := found[r.PhysicalID]; twice {
				t.Fatalf("night %d has %s twice", s.Night(), r.PhysicalID)
			}
			found[r.PhysicalID] = r
		}
		return found
	}
	first := plain()
	s.NextNight()
	second := plain()
	latest, changed, removed := "", 0, 0
	for id, before := range first {
		latest = max(latest, before.ConnectionDate[:19])
		if now, still := second[id]; !still {
			removed++
		} else if !cmp.Equal(now, before) {
			changed++
		}
	}
	added := 0
	for id, now := range second {
		if _, was := first[id]; !was {
			added++
			if now.Place == simulator.AtTop && now.ConnectionDate[:19] <= latest {
				t.Errorf("a new subscriber was connected at %s, not after %s", now.ConnectionDate, latest)
			}
		}
	}
	if added < 40 || changed < 25 || removed < 10 {
		t.Errorf("got %d new, %d changed, %d removed of %d", added, changed, removed, len(first))
	}
}

func TestUsageBeginsAnewWithTheMonth(t *testing.T) {
	s := simulator.New(simulator.Options{IoTX: 50})
	usage := func(night int) int64 {
		s.SetNight(night)
		for r := range s.IoTXTruth() {
			return r.DataUsage
		}
		return 0
	}
	if a, b, c := usage(2), usage(3), usage(4); a >= b || c >= a {
		t.Errorf("usage was %d, %d and %d on nights 2 to 4, want it to grow and then to begin anew", a, b, c)
	}
}

func TestFleetsHaveEveryOddity(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 11, FloLIVE: 20_000, IoTX: 5000, BadShare: 0.02})
	seen := map[string]int{}
	iccids, subscribers, imsis := map[string]int{}, map[string]int{}, map[string]int{}
	for r := range s.FloLIVETruth() {
		iccids[r.ICCID]++
		subscribers[r.SubscriberID]++
		noteFloLIVE(seen, r, imsis)
	}
	for r := range s.IoTXTruth() {
		noteIoTX(seen, r)
	}
	for what, counts := range map[string]map[string]int{"iccid": iccids, "subscriberId": subscribers, "imsi": imsis} {
		for value, n := range counts {
			if value != "" && n > 1 {
				seen["shared "+what]++
			}
		}
	}
	want := []string{
		"shared iccid", "shared subscriberId", "shared imsi", "status TEST_READY", "no imei", "nul", "extra", "none active", "many active",
		"form 0", "form 1", "form 2", "no customer", "sub-customer",
		simulator.BadNoICCID, simulator.BadICCID, simulator.BadNoSubscriber, simulator.BadNotAnObject, simulator.BadUTF8, simulator.BadPairIMSI,
		simulator.BadNoPhysicalID, "euicc", "nested", "top and nested", "non-ip", "satellite", "unknown", "no zone", "terminated", "data number", "extra of iot-x",
	}
	for _, what := range want {
		if seen[what] == 0 {
			t.Errorf("no record with %s", what)
		}
	}
}

func noteFloLIVE(seen map[string]int, r simulator.FloLIVESubscriber, imsis map[string]int) {
	active := 0
	for _, p := range r.Pairs {
		imsis[p.IMSI]++
		if p.IsLastActive {
			active++
		}
	}
	seen[r.BadReason]++
	seen["status "+r.Status]++
	seen[fmt.Sprintf("form %d", r.Missing)]++
	note(seen, map[string]bool{
		"no imei": r.IMEI == "", "nul": strings.Contains(r.CustomerName, "\x00"), "extra": r.Extra != "", "none active": active == 0,
		"many active": active > 1, "no customer": r.CustomerID == "", "sub-customer": r.CustomerID != "" && r.CustomerID != r.Listing,
	})
}

func noteIoTX(seen map[string]int, r simulator.IoTXSubscriber) {
	seen[r.BadReason]++
	note(seen, map[string]bool{
		"euicc": r.EID != "", "nested": r.Place == simulator.Nested, "top and nested": r.Place == simulator.AtTopAndNested,
		"non-ip": len(r.PhysicalID) == 16, "satellite": len(r.PhysicalID) == 15 && r.PhysicalID[0] == '3',
		"unknown": strings.HasPrefix(r.PhysicalID, "UNIT"), "no zone": !strings.HasSuffix(r.ConnectionDate, "Z"),
		"terminated": r.TerminateDate != "", "extra of iot-x": r.Extra != "", "data number": r.DataNumber != "",
	})
}

func note(seen map[string]int, facts map[string]bool) {
	for what, holds := range facts {
		if holds {
			seen[what]++
		}
	}
}

// byKey keys records by what makes them one row: subscriberId and iccid.
func byKey(truth iter.Seq[simulator.FloLIVESubscriber]) map[string]simulator.FloLIVESubscriber {
	found := map[string]simulator.FloLIVESubscriber{}
	for r := range truth {
		found[r.SubscriberID+" "+r.ICCID] = r
	}
	return found
}
