package simulator_test

import (
	"slices"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simsync/internal/simulator"
)

// wireProfile is a profile as the page describes it.
type wireProfile struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`
	IsActive    bool           `json:"isActive"`
	Identifiers identifiers    `json:"subscriberIdentifiers"`
	Extra       jsontext.Value `json:",embed"`
}

func (c *client) profiles(eid string) []simulator.FloLIVEProfile {
	c.t.Helper()
	got := c.lookup("/api/v2/subscriber/eid/" + eid + "/profiles")
	if got.Status != 200 || got.ErrorCode != "" {
		c.t.Fatalf("%s: %d %s", eid, got.Status, got.Body)
	}
	var list []simulator.FloLIVEProfile
	for _, record := range got.Content {
		var w wireProfile
		read(c.t, record, &w)
		if w.Extra != nil {
			c.t.Errorf("%s has %s besides", record, w.Extra)
		}
		list = append(list, simulator.FloLIVEProfile{
			EID: eid, ID: w.ID, Name: w.Name, IsActive: w.IsActive, SubscriberID: w.Identifiers.SubscriberID, ICCID: w.Identifiers.ICCID,
			IMEI: w.Identifiers.IMEI, IMEISV: w.Identifiers.IMEISV, Pairs: w.Identifiers.Pairs,
		})
	}
	return list
}

func TestProfilesEqualTruth(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 4, FloLIVE: 1000, IoTX: 1000})
	s.SetNight(5)
	c := newClient(t, s)
	var got []simulator.FloLIVEProfile
	for _, eid := range s.EIDs() {
		got = append(got, c.profiles(eid)...)
	}
	ignore := cmpopts.IgnoreFields(simulator.FloLIVEProfile{}, "Missing")
	if diff := cmp.Diff(slices.Collect(s.ProfileTruth()), got, ignore, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-truth +wire:\n%s", diff)
	}
	if s.Stats().Requests[simulator.Profiles] != len(s.EIDs()) {
		t.Errorf("counted %v", s.Stats().Requests)
	}
}

func TestEIDs(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 4, FloLIVE: 1000, IoTX: 2000})
	eids := s.EIDs()
	if again := simulator.New(simulator.Options{Seed: 4, FloLIVE: 1000, IoTX: 2000}).EIDs(); !cmp.Equal(eids, again) {
		t.Error("one seed gave two lists of EIDs")
	}
	reported, shared := map[string]bool{}, 0
	for r := range s.IoTXTruth() {
		reported[r.EID] = true
	}
	for _, eid := range eids {
		shared += btoi(reported[eid])
		if len(eid) != 32 {
			t.Errorf("EID %q", eid)
		}
	}
	if shared < 10 || shared == len(eids) || shared == len(reported) {
		t.Errorf("of %d EIDs of floLIVE and %d of IoT-X both know %d, want some", len(eids), len(reported), shared)
	}
	s.SetNight(6)
	if !cmp.Equal(eids, s.EIDs()) {
		t.Error("the EIDs changed with the night")
	}
	if got := simulator.New(simulator.Options{IoTX: 500}).EIDs(); got != nil {
		t.Errorf("without subscribers of its own floLIVE knows %d EIDs", len(got))
	}
}

func TestProfilesLiveThroughNights(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 9, FloLIVE: 2000})
	profiles := func() map[string]simulator.FloLIVEProfile {
		found, active := map[string]simulator.FloLIVEProfile{}, map[string]bool{}
		for p := range s.ProfileTruth() {
			if active[p.EID] && p.IsActive {
				t.Errorf("EID %s has two active profiles", p.EID)
			}
			active[p.EID] = active[p.EID] || p.IsActive
			if _, twice := found[p.ID]; twice {
				t.Errorf("profile %s is there twice", p.ID)
			}
			found[p.ID] = p
		}
		return found
	}
	first := profiles()
	subscribers := map[string]int{}
	seen := map[string]int{}
	for _, p := range first {
		subscribers[p.EID+p.SubscriberID]++
		note(seen, map[string]bool{"a shared subscriberId": subscribers[p.EID+p.SubscriberID] > 1})
	}
	s.SetNight(4)
	fourth := profiles()
	for id, p := range first {
		now, still := fourth[id]
		note(seen, map[string]bool{"left": !still, "activated": still && now.IsActive && !p.IsActive, "put to rest": still && !now.IsActive && p.IsActive})
	}
	for id := range fourth {
		_, was := first[id]
		note(seen, map[string]bool{"loaded": !was})
	}
	for _, what := range []string{"a shared subscriberId", "left", "activated", "put to rest", "loaded"} {
		if seen[what] == 0 {
			t.Errorf("no profile with %s", what)
		}
	}
	if !switched(first, fourth) {
		t.Error("no EID has another active profile among the same")
	}
	s.SetNight(1)
	if diff := cmp.Diff(first, profiles()); diff != "" {
		t.Errorf("night 1 is not what it was:\n%s", diff)
	}
}

// switched says whether an EID that neither lost nor got a profile has another active one.
func switched(before, after map[string]simulator.FloLIVEProfile) bool {
	same := map[string]bool{}
	for id, p := range before {
		_, still := after[id]
		if known, seen := same[p.EID]; !seen || known {
			same[p.EID] = still
		}
	}
	for id, p := range after {
		if _, was := before[id]; !was {
			same[p.EID] = false
		}
	}
	for id, p := range before {
		if same[p.EID] && after[id].IsActive != p.IsActive {
			return true
		}
	}
	return false
}

func TestStillNightsKeepProfiles(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 2000, Churn: simulator.Churn{Still: true}})
	before := slices.Collect(s.ProfileTruth())
	s.SetNight(9)
	if diff := cmp.Diff(before, slices.Collect(s.ProfileTruth())); diff != "" || len(before) == 0 {
		t.Errorf("%d profiles changed:\n%s", len(before), diff)
	}
}

func TestExplicitProfiles(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 100})
	made := s.EIDs()[0]
	want := []simulator.FloLIVEProfile{
		{EID: "1", ID: "a", Name: "One", IsActive: true, Pairs: []simulator.Pair{{IMSI: "5", IsLastActive: true}}},
		{EID: "2", ID: "b"},
		{EID: "1", ID: "c"},
	}
	s.SetProfiles(want)
	c := newClient(t, s)
	if diff := cmp.Diff([]string{"1", "2"}, s.EIDs()); diff != "" {
		t.Errorf("EIDs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, slices.Collect(s.ProfileTruth())); diff != "" {
		t.Errorf("truth (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]simulator.FloLIVEProfile{want[0], want[2]}, c.profiles("1"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("EID 1 (-want +got):\n%s", diff)
	}
	if got := c.lookup("/api/v2/subscriber/eid/" + made + "/profiles"); got.ErrorCode != "SUBSCRIBER_1002" {
		t.Errorf("an EID that was made up is still known: %s", got.Body)
	}
}
