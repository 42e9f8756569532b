package simulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simsync/internal/simulator"
)

// wireSubscriber is a record as the page describes it.
type wireSubscriber struct {
	SubscriberID string  `json:"subscriberId"`
	ICCID        string  `json:"iccid"`
	Status       string  `json:"status"`
	IMEI         *string `json:"imei"`
	IMEISV       *string `json:"imeisv"`
	CustomerID   *string `json:"customerId"`
	CustomerName *string `json:"customerName"`
	Pairs        []struct {
		IMSI         string  `json:"imsi"`
		MSISDN       *string `json:"msisdn"`
		IsLastActive bool    `json:"isLastActive"`
	} `json:"imsiMsisdnPairs"`
	Extra jsontext.Value `json:",embed"`
}

func TestWireEqualsTruth(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 5, FloLIVE: 3000, BadShare: 0.05})
	s.SetNight(4)
	c, truth := newClient(t, s), s.FloLIVETruth()
	var records []jsontext.Value
	for _, customer := range s.CustomerIDs() {
		records = append(records, c.walk(customer, "700")...)
	}
	position := 0
	for want := range truth {
		compare(t, records[position], want)
		position++
	}
	if position != len(records) {
		t.Errorf("the truth has %d records, the wire %d", position, len(records))
	}
}

// compare reads a record and holds it against the truth. Forms of missing values are told apart by the member alone.
func compare(t *testing.T, record jsontext.Value, want simulator.FloLIVESubscriber) {
	t.Helper()
	var wire wireSubscriber
	err := json.Unmarshal(record, &wire)
	if unreadable := want.BadReason == simulator.BadNotAnObject || want.BadReason == simulator.BadUTF8; unreadable {
		if err == nil {
			t.Errorf("%s: could be read", record)
		}
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", record, err)
	}
	for name, member := range map[string]*string{"imei": wire.IMEI, "imeisv": wire.IMEISV, "customerId": wire.CustomerID} {
		present := strings.Contains(string(record), `"`+name+`"`)
		if member == nil && present != (want.Missing == simulator.SentNull) {
			t.Errorf("%s: %s is missing in another form than %d", record, name, want.Missing)
		}
	}
	got := simulator.FloLIVESubscriber{
		SubscriberID: wire.SubscriberID, ICCID: wire.ICCID, Status: wire.Status, IMEI: text(wire.IMEI), IMEISV: text(wire.IMEISV),
		CustomerID: text(wire.CustomerID), CustomerName: text(wire.CustomerName), Extra: strings.Trim(string(wire.Extra), "{}"),
		Listing: want.Listing, Missing: want.Missing, Bad: want.Bad, BadReason: want.BadReason,
	}
	for _, p := range wire.Pairs {
		got.Pairs = append(got.Pairs, simulator.Pair{IMSI: p.IMSI, MSISDN: text(p.MSISDN), IsLastActive: p.IsLastActive})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-truth +wire:\n%s", diff)
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func TestExplicitRecordsComeAsTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := simulator.FloLIVESubscriber{
			SubscriberID: rapid.String().Draw(t, "subscriberId"), ICCID: rapid.String().Draw(t, "iccid"), Listing: "a",
			CustomerName: rapid.String().Draw(t, "name"), Status: rapid.String().Draw(t, "status"),
		}
		s := simulator.New(simulator.Options{Customers: 1})
		s.SetFloLIVE([]simulator.FloLIVESubscriber{want})
		w := &recorder{discard: discard{header: http.Header{}}}
		s.FloLIVE().ServeHTTP(w, authorised(http.MethodPost, "/api/v2/customer/a/subscriber-all", "{}", simulator.DefaultToken))
		var got struct {
			Content []wireSubscriber `json:"content"`
		}
		if err := json.Unmarshal(w.body, &got); err != nil {
			t.Fatalf("%s: %v", w.body, err)
		}
		r := got.Content[0]
		if r.SubscriberID != want.SubscriberID || r.ICCID != want.ICCID || text(r.CustomerName) != want.CustomerName || r.Status != want.Status {
			t.Errorf("sent %+v, got %s", want, w.body)
		}
	})
}

// recorder keeps a body.
type recorder struct {
	discard

	body []byte
}

func (r *recorder) Write(p []byte) (int, error) {
	r.body = append(r.body, p...)
	return len(p), nil
}

func TestExplicitFleet(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 10, Customers: 1})
	old := s.CustomerIDs()[0]
	shared := simulator.FloLIVESubscriber{SubscriberID: "1", ICCID: "2"}
	a, b := shared, shared
	a.Listing, b.Listing = "A", "B"
	odd := simulator.FloLIVESubscriber{Listing: "A", Raw: []byte(`[1, 2]`)}
	s.SetFloLIVE([]simulator.FloLIVESubscriber{a, b, odd})
	if diff := cmp.Diff([]string{old, "A", "B"}, s.CustomerIDs()); diff != "" {
		t.Errorf("customers (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]simulator.FloLIVESubscriber{a, odd, b}, slices.Collect(s.FloLIVETruth())); diff != "" {
		t.Errorf("truth (-want +got):\n%s", diff)
	}
	c := newClient(t, s)
	if got := c.walk("A", "10"); len(got) != 2 || string(got[1]) != `[1, 2]` {
		t.Errorf("listing A: got %s", got)
	}
	if got := c.walk(old, "10"); len(got) != 0 {
		t.Errorf("the old customer's listing: got %s", got)
	}
}

func TestChildCustomersHoldTheirOwn(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 600, Customers: 1})
	c, top := newClient(t, s), s.CustomerIDs()[0]
	var children struct {
		Content []struct {
			CustomerID string `json:"customerId"`
		} `json:"content"`
	}
	got := c.send(http.MethodGet, "/api/v2/customer/"+top+"/child-customers", "")
	if err := json.Unmarshal([]byte(got.Body), &children); err != nil || len(children.Content) != 2 {
		t.Fatalf("%s: %v", got.Body, err)
	}
	all := 0
	for _, child := range children.Content {
		want := 0
		for r := range s.FloLIVETruth() {
			if strings.HasPrefix(r.CustomerID, child.CustomerID) {
				want++
			}
		}
		own := len(c.walk(child.CustomerID, "1000"))
		if own < want || own == 0 || own >= 600 { // a few records do not say whose they are
			t.Errorf("a sub-customer lists %d subscribers, want at least %d", own, want)
		}
		all += own
	}
	if all >= 600 {
		t.Errorf("the sub-customers list %d of 600, want some to be the top customer's own", all)
	}
}
