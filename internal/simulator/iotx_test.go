package simulator_test

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"simsync/internal/simulator"
)

const byConnection = "&orderBy=connectionDate+ASC"

// listAll reads a list to its empty page.
func (c *client) listAll(query string) []iotxRecord {
	c.t.Helper()
	var all []iotxRecord
	for {
		got := c.list("limit=100&offset=" + strconv.Itoa(len(all)) + query)
		if got.Err != nil || got.Status != http.StatusOK {
			c.t.Fatalf("%s: %d %v", query, got.Status, got.Err)
		}
		if len(got.Content) == 0 {
			return all
		}
		all = append(all, got.Content...)
	}
}

func TestPagesAndTheirLimits(t *testing.T) {
	s := simulator.New(simulator.Options{IoTX: 230})
	clamped := simulator.New(simulator.Options{IoTX: 230, PageClamp: 10})
	for _, tt := range []struct {
		s      *simulator.Simulator
		query  string
		status int
		want   int
	}{
		{s, "", 200, 25},
		{s, "limit=7", 200, 7},
		{s, "limit=100&offset=200", 200, 30},
		{s, "limit=500", 200, 100},
		{s, "offset=230", 200, 0},
		{s, "offset=9999", 200, 0},
		{clamped, "limit=100", 200, 10},
		{clamped, "", 200, 10},
		{s, "limit=0", 400, 0},
		{s, "limit=ten", 400, 0},
		{s, "offset=-1", 400, 0},
		{s, "orderBy=nickname", 400, 0},
		{s, "orderBy=connectionDate+UP", 400, 0},
		{s, `filter=` + url.QueryEscape(`nickname eq "x"`), 400, 0},
		{s, `filter=` + url.QueryEscape(`connectionDate ge "yesterday"`), 400, 0},
	} {
		got := newClient(t, tt.s).list(tt.query)
		if got.Status != tt.status || len(got.Content) != tt.want {
			t.Errorf("%q: got %d with %d records, want %d with %d", tt.query, got.Status, len(got.Content), tt.status, tt.want)
		}
		if tt.status == 400 && !strings.Contains(got.Body, `{"error":{"code":"BadRequest","message":`) {
			t.Errorf("%q: got %s, want an error object", tt.query, got.Body)
		}
	}
}

func TestListEqualsTruth(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 9, IoTX: 1500})
	s.SetNight(6)
	c := newClient(t, s)
	var wire []string
	for _, r := range c.listAll(byConnection) {
		wire = append(wire, r.PhysicalID)
		for _, p := range r.Related.Profiles {
			wire = append(wire, p.PhysicalID)
			if p.Related.Parent.PhysicalID != r.PhysicalID {
				t.Errorf("profile %s calls %q its parent, not %s", p.PhysicalID, p.Related.Parent.PhysicalID, r.PhysicalID)
			}
		}
	}
	repeated := len(wire)
	slices.Sort(wire)
	wire = slices.Compact(wire)
	repeated -= len(wire)
	var truth []string
	both := 0
	for r := range s.IoTXTruth() {
		truth = append(truth, r.PhysicalID)
		if r.Place == simulator.AtTopAndNested {
			both++
		}
	}
	slices.Sort(truth)
	if diff := gocmp.Diff(truth, wire); diff != "" {
		t.Errorf("-truth +wire:\n%s", diff)
	}
	if repeated != both || both == 0 {
		t.Errorf("%d records came twice, want the %d that are at top level and nested", repeated, both)
	}
}

func TestOrders(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 2, IoTX: 400})
	c := newClient(t, s)
	s.NextNight()
	date := func(text string) time.Time {
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
			if at, err := time.Parse(layout, text); err == nil {
				return at
			}
		}
		t.Fatalf("%q is no date", text)
		return time.Time{}
	}
	connection := func(a, b iotxRecord) int { return date(a.ConnectionDate).Compare(date(b.ConnectionDate)) }
	for order, compare := range map[string]func(a, b iotxRecord) int{
		"connectionDate ASC":             connection,
		"connectionDate DESC":            func(a, b iotxRecord) int { return -connection(a, b) },
		"tariff,connectionDate DESC":     func(a, b iotxRecord) int { return cmp.Or(cmp.Compare(a.TariffName, b.TariffName), -connection(a, b)) },
		"lineRental DESC, terminateDate": func(a, b iotxRecord) int { return cmp.Compare(b.LineRental.(float64), a.LineRental.(float64)) },
		"terminateDate ASC, expiryDate": func(a, b iotxRecord) int {
			return cmp.Compare(btoi(a.TerminateDate == nil), btoi(b.TerminateDate == nil))
		},
		"connectionDate ASC, tariff ASC":   connection,
		"connectionDate   ASC, lineRental": connection,
	} {
		if !slices.IsSortedFunc(c.listAll("&orderBy="+url.QueryEscape(order)), compare) {
			t.Errorf("not in the order of %s", order)
		}
	}
	if slices.IsSortedFunc(c.listAll(""), connection) {
		t.Error("sorted without being asked: a client that forgets to ask would not notice")
	}
	shortcut, sorted := c.listAll(byConnection), c.listAll("&orderBy=connectionDate") // the same order said in two ways
	if diff := gocmp.Diff(sorted, shortcut); diff != "" {
		t.Errorf("the fleet's own order is not that of connectionDate (-sorted +own):\n%s", diff)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func TestFilter(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 2, IoTX: 300})
	c := newClient(t, s)
	all := c.listAll(byConnection)
	cut := all[150].ConnectionDate[:19]
	count := func(filter string) int { return len(c.listAll("&filter=" + url.QueryEscape(filter))) }
	ge, lt := count(`connectionDate ge "`+cut+`"`), count(`connectionDate lt "`+cut+`Z"`)
	gt, le := count(`connectionDate gt "`+cut+`"`), count(`connectionDate le "`+cut+`"`)
	eq := count(`connectionDate eq "` + cut + `"`)
	if ge+lt != 300 || gt+le != 300 || ge-gt != eq || le-lt != eq || eq == 0 || lt == 0 {
		t.Errorf("got ge %d, lt %d, gt %d, le %d, eq %d of 300", ge, lt, gt, le, eq)
	}
	if got := count(`connectionDate ge "` + cut + `" and connectionDate le "` + cut + `"`); got != eq {
		t.Errorf("both ends at one date give %d, want %d", got, eq)
	}
}

func TestOneSubscriber(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 9, IoTX: 1000})
	s.SetNight(3)
	c := newClient(t, s)
	for r := range s.IoTXTruth() {
		if got := c.send(http.MethodGet, "/subscribers/"+r.PhysicalID, ""); got.Status != 200 || !strings.Contains(got.Body, r.SubscriberID) {
			t.Fatalf("%s: got %d %s", r.PhysicalID, got.Status, got.Body)
		}
	}
	live, unlike := map[string]bool{}, ""
	for r := range s.IoTXTruth() {
		live[r.PhysicalID] = true
		if last := len(r.PhysicalID) - 1; last == 18 {
			unlike = r.PhysicalID[:last] + string('0'+(r.PhysicalID[last]-'0'+5)%10) // another check digit
		}
	}
	s.SetNight(1)
	var gone []string
	for r := range s.IoTXTruth() {
		if !live[r.PhysicalID] {
			gone = append(gone, r.PhysicalID)
		}
	}
	s.SetNight(3)
	if len(gone) == 0 {
		t.Fatal("nobody left")
	}
	for _, id := range append(gone, unlike, "8944999999999999999", "70b3d5zzzzzzzzzz", "UNIT-0000000000x", "%2F", "8944500000000000000") {
		if got := c.send(http.MethodGet, "/subscribers/"+id, ""); got.Status != 404 || !strings.Contains(got.Body, `"error"`) {
			t.Errorf("%s: got %d %s, want 404", id, got.Status, got.Body)
		}
	}
}

func TestExplicitIoTX(t *testing.T) {
	s := simulator.New(simulator.Options{})
	s.SetIoTX([]simulator.IoTXSubscriber{
		{PhysicalID: "c", ConnectionDate: "2024-01-03"},
		{PhysicalID: "a", ConnectionDate: "2024-01-01T00:00:00Z"},
		{PhysicalID: "p", ParentPhysicalID: "a", Place: simulator.Nested},
		{PhysicalID: "q", ParentPhysicalID: "p", Place: simulator.Nested},
		{PhysicalID: "b", ParentPhysicalID: "a", Place: simulator.AtTopAndNested, ConnectionDate: "2024-01-02T00:00:00"},
		{PhysicalID: "lost", ParentPhysicalID: "nobody", Place: simulator.Nested},
	})
	c := newClient(t, s)
	got := c.list(byConnection)
	if diff := gocmp.Diff([]string{"a", "b", "c"}, got.ids()); diff != "" {
		t.Errorf("top level (-want +got):\n%s", diff)
	}
	if p := got.Content[0].Related.Profiles; len(p) != 2 || p[0].Related.Profiles[0].PhysicalID != "q" || p[1].PhysicalID != "b" {
		t.Errorf("profiles of a: %+v", p)
	}
	var truth []string
	for r := range s.IoTXTruth() {
		truth = append(truth, r.PhysicalID)
	}
	if diff := gocmp.Diff([]string{"c", "a", "p", "q", "b"}, truth); diff != "" {
		t.Errorf("truth (-want +got):\n%s", diff)
	}
}

func TestCircleOfProfilesEnds(t *testing.T) {
	s := simulator.New(simulator.Options{})
	s.SetIoTX([]simulator.IoTXSubscriber{
		{PhysicalID: "a", ParentPhysicalID: "b", Place: simulator.AtTopAndNested},
		{PhysicalID: "b", ParentPhysicalID: "a", Place: simulator.AtTopAndNested},
	})
	got := newClient(t, s).list("")
	depth := 0
	for at := got.Content; len(at) > 0; at = at[0].Related.Profiles {
		depth++
	}
	if depth < 9 || depth > 40 {
		t.Errorf("nested %d deep", depth)
	}
}

func TestStringly(t *testing.T) {
	c := newClient(t, simulator.New(simulator.Options{IoTX: 200, StringlyIoTX: true, BareDates: true}))
	bare := 0
	for _, r := range c.listAll("") {
		if _, ok := r.DataUsage.(string); !ok {
			t.Errorf("dataUsage is %T, want a string", r.DataUsage)
		}
		if len(r.ConnectionDate) == len(time.DateOnly) {
			bare++
		}
	}
	if bare == 0 {
		t.Error("no bare date")
	}
	if body := c.list("limit=100").Body; !strings.Contains(body, `"parent":{}`) || !strings.Contains(body, `"isActive":"true"`) {
		t.Error("no empty parent, or no boolean in quotes")
	}
}
