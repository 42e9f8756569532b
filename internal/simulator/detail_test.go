package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"simsync/internal/simulator"
)

// lookup is what the tests read of an answer about one subscriber.
type lookup struct {
	answer

	ErrorCode string
	Content   []jsontext.Value
}

func (c *client) lookup(path string) lookup {
	c.t.Helper()
	got := lookup{answer: c.send(http.MethodGet, path, "")}
	var envelope struct {
		ErrorCode string         `json:"errorCode"`
		Content   jsontext.Value `json:"content"`
	}
	if got.Err != nil || json.Unmarshal([]byte(got.Body), &envelope, lenient) != nil {
		return got
	}
	got.ErrorCode = envelope.ErrorCode
	if envelope.Content.Kind() == '[' {
		if err := json.Unmarshal(envelope.Content, &got.Content, lenient); err != nil {
			c.t.Fatal(err)
		}
	}
	return got
}

func (c *client) details(iccid string) lookup {
	c.t.Helper()
	return c.lookup("/api/v2/subscriber/iccid/" + iccid)
}

func TestDetailsEqualTruth(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 5, FloLIVE: 1200, BadShare: 0.05})
	s.SetNight(4)
	c, several := newClient(t, s), 0
	for want := range s.FloLIVEDetailTruth() {
		got := c.details(want.ICCID)
		matched := 0
		for _, record := range got.Content {
			var wire wireDetail
			if json.Unmarshal(record, &wire, json.MatchCaseInsensitiveNames(true)) != nil || wire.Identifiers.SubscriberID != want.SubscriberID {
				continue
			}
			matched++
			if diff := cmp.Diff(want, wire.canonical(t), ofTheWire); diff != "" {
				t.Fatalf("%s\n-truth +wire:\n%s", record, diff)
			}
		}
		if matched != 1 {
			t.Fatalf("%s has %d records of subscriber %s, want 1: %s", want.ICCID, matched, want.SubscriberID, got.Body)
		}
		several += btoi(len(got.Content) > 1)
	}
	if several == 0 {
		t.Error("no ICCID has several records")
	}
}

func TestDetailsHaveEveryOddity(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 5, FloLIVE: 5000, BadShare: 0.1})
	seen := map[string]int{}
	for d := range s.FloLIVEDetailTruth() {
		child := d.CustomerID != d.Listing
		if child && d.Alias != "" {
			t.Fatalf("subscriber %s of a sub-customer shows the alias %s", d.SubscriberID, d.Alias)
		}
		seen[d.BadField]++
		note(seen, map[string]bool{
			"child": child, "alias": d.Alias != "", "no alias": !child && d.Alias == "", "the word null": d.Alias == "" && d.Form.AliasWord,
			"labels as text": d.Form.LabelsAsText && len(d.UserLabels) > 1, "tags": len(d.Tags) > 1, "out of range": d.OutOfRange,
			"no location": d.Longitude == "", "mnc with zero": strings.HasPrefix(d.MNC, "0"), "rat as number": d.Form.RATAsNumber && d.RATType == "6",
			"rat as word": d.RATType == "GSM", "dashed dates": d.Form.DashedDates, "two contacts": len(d.Contacts) == 2, "no contact": d.Contacts == nil,
			"offers": len(d.Offers) > 2, "no offers": d.Offers == nil, "links": len(d.Offers) > 0 && len(d.Offers[0].Linked) > 1, "ipv6": strings.Contains(d.LastIP, ":"),
			"extra": d.Extra != "", "session": d.InDataSession, "no session": d.LastDataSession == "",
		})
	}
	for _, what := range []string{
		"child", "alias", "no alias", "the word null", "labels as text", "tags", "out of range", "no location", "mnc with zero", "rat as number",
		"rat as word", "dashed dates", "two contacts", "no contact", "offers", "no offers", "links", "ipv6", "extra", "session", "no session",
		simulator.DetailLastIP, simulator.DetailFirstActivated, simulator.DetailRenewalDate,
	} {
		if seen[what] == 0 {
			t.Errorf("no details with %s", what)
		}
	}
}

// TestDetailsByEveryIdentifier looks for the subscribers that have an identifier one by one, and then asks for them.
func TestDetailsByEveryIdentifier(t *testing.T) {
	made := simulator.New(simulator.Options{Seed: 3, FloLIVE: 300})
	made.SetNight(3)
	given := simulator.New(simulator.Options{})
	var records []simulator.FloLIVESubscriber
	for r := range made.FloLIVETruth() {
		records = append(records, r)
	}
	given.SetFloLIVE(records)
	owners := map[string]map[string]bool{} // subscriberId and iccid by path
	for _, r := range records {
		paths := []string{"iccid/" + r.ICCID, "imei/" + r.IMEI}
		for _, p := range r.Pairs {
			paths = append(paths, "imsi/"+p.IMSI, "msisdn/"+p.MSISDN)
		}
		for _, path := range paths {
			if owners[path] == nil {
				owners[path] = map[string]bool{}
			}
			owners[path][r.SubscriberID+r.ICCID] = true
		}
	}
	for name, s := range map[string]*simulator.Simulator{"made": made, "given": given} {
		c, shared := newClient(t, s), 0
		for path, want := range owners {
			got := map[string]bool{}
			for _, record := range c.lookup("/api/v2/subscriber/" + path).Content {
				var key detailKey
				if json.Unmarshal(record, &key, lenient, json.MatchCaseInsensitiveNames(true)) == nil {
					got[key.Identifiers.SubscriberID+key.Identifiers.ICCID] = true
				}
			}
			if strings.HasSuffix(path, "/") {
				want = map[string]bool{} // an empty identifier is nobody's
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, path, diff)
			}
			shared += btoi(len(want) > 1)
		}
		if shared == 0 {
			t.Errorf("%s: no identifier is shared: the test is not worth much", name)
		}
	}
}

func TestUnknownSubscribers(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 50})
	c := newClient(t, s)
	for _, path := range []string{
		"iccid/8935711001000099994", "iccid/893571", "iccid/x", "iccid/", "imsi/222013000999999", "imsi/222013-00000001", "msisdn/0", "imei/354306119999999",
		"imei/35430611zzzzzz1", "eid/89033000000000000000000000000000/profiles", "eid/x/profiles",
	} {
		if got := c.lookup("/api/v2/subscriber/" + path); got.Status != 200 || got.ErrorCode != "SUBSCRIBER_1002" {
			t.Errorf("%s: got %d %s, want SUBSCRIBER_1002", path, got.Status, got.Body)
		}
	}
	for _, path := range []string{"ICCID/1", "eid/1", "imeisv/1", "iccid/1/profiles", "imei/1/profiles"} {
		if got := c.lookup("/api/v2/subscriber/" + path); got.Status != 400 || got.ErrorCode == "" {
			t.Errorf("%s: got %d %s, want a refusal of the type", path, got.Status, got.Body)
		}
	}
	if got := c.send(http.MethodPost, "/api/v2/subscriber/iccid/1", "{}"); got.Status != 500 {
		t.Errorf("a POST got %d, want the 500 of a path that is not there", got.Status)
	}
	if got := c.send(http.MethodGet, "/api/v2/subscriber/iccid/1", "", "Authorization", "Bearer nobody"); got.Status != 401 {
		t.Errorf("a foreign token got %d, want 401", got.Status)
	}
}

func TestDetailsChangeWithNights(t *testing.T) {
	type counts struct{ network, people int }
	changes := func(o simulator.Options) counts {
		s := simulator.New(o)
		before := map[string]simulator.FloLIVEDetail{}
		for d := range s.FloLIVEDetailTruth() {
			before[d.SubscriberID+d.ICCID] = d
		}
		s.NextNight()
		var n counts
		for d := range s.FloLIVEDetailTruth() {
			was := before[d.SubscriberID+d.ICCID]
			n.network += btoi(was.LastIP != d.LastIP || was.LastDataSession != d.LastDataSession)
			n.people += btoi(!cmp.Equal(was.Offers, d.Offers) || was.Alias != d.Alias)
		}
		return n
	}
	if got := changes(simulator.Options{Seed: 1, FloLIVE: 1000}); got.network < 800 || got.people < 50 || got.people > 300 {
		t.Errorf("of 1000 the network changed for %d and people changed %d, want most and about a seventh", got.network, got.people)
	}
	if got := changes(simulator.Options{Seed: 1, FloLIVE: 1000, Churn: simulator.Churn{Still: true}}); got.network < 800 || got.people != 0 {
		t.Errorf("in a still night the network changed for %d and people changed %d, want most and none", got.network, got.people)
	}
}

// again is a client that asks again as soon as it has an answer's body.
type again struct {
	discard

	ask func()
}

func (a *again) Write(p []byte) (int, error) {
	if a.ask != nil {
		a.ask()
	}
	return a.discard.Write(p)
}

func TestAnswersAreCountedOutBeforeTheyAreRead(t *testing.T) {
	s := simulator.New(simulator.Options{})
	ask := func(w http.ResponseWriter) {
		s.FloLIVE().ServeHTTP(w, authorised(http.MethodGet, "/api/v2/subscriber/iccid/1", "", simulator.DefaultToken))
	}
	ask(&again{discard: discard{header: http.Header{}}, ask: func() { ask(&discard{header: http.Header{}}) }})
	if got := s.Stats(); got.MaxConcurrentOf[simulator.Detail] != 1 || got.Requests[simulator.Detail] != 2 || got.Statuses[200] != 2 {
		t.Errorf("one after another counted as %+v", got)
	}
}

func TestDetailConcurrencyIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 100, Customers: 1, Latency: time.Second})
		c, customer := newClient(t, s), s.CustomerIDs()[0]
		for range 3 {
			go c.details("1")
		}
		go c.subscriberAll(customer, `{"size":10}`)
		time.Sleep(2 * time.Second)
		for range 5 {
			c.details("1") // one after another: never two at once
		}
		got := s.Stats()
		want := map[simulator.RequestKind]int{simulator.Detail: 3, simulator.SubscriberAll: 1}
		if diff := cmp.Diff(want, got.MaxConcurrentOf); diff != "" || got.MaxConcurrent[simulator.FloLIVE] != 4 || got.Requests[simulator.Detail] != 8 {
			t.Errorf("%d at once of %d details; by kind -want +got:\n%s", got.MaxConcurrent[simulator.FloLIVE], got.Requests[simulator.Detail], diff)
		}
		s.ResetStats()
		for range 5 {
			c.details("1")
		}
		if got := s.Stats().MaxConcurrentOf[simulator.Detail]; got != 1 {
			t.Errorf("one after another counted as %d at once", got)
		}
	})
}
