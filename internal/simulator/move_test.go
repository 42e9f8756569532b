package simulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"simsync/internal/simulator"
)

const movePath = "/api/v2/bulk/subscriber/move"

// bulk is what the tests read of the answer to a move.
type bulk struct {
	answer

	ErrorCode string `json:"errorCode"`
	Nodes     []struct {
		ErrorCode   string `json:"errorCode"`
		RequestID   string `json:"requestId"`
		Identifiers struct {
			Type  string `json:"type"`
			Value string `json:"value"`
		} `json:"subscriberIdentifiers"`
	} `json:"bulk"`
}

// move asks for nodes, each written "TYPE value target".
func (c *client) move(nodes ...string) bulk {
	c.t.Helper()
	var parts []string
	for _, node := range nodes {
		words := strings.Fields(node)
		parts = append(parts, fmt.Sprintf(`{"subscriberIdentifiers":{"type":%q,"value":%q},"content":{"targetCustomerId":%q}}`, words[0], words[1], words[2]))
	}
	got := bulk{answer: c.send(http.MethodPut, movePath, `{"bulk":[`+strings.Join(parts, ",")+`]}`)}
	if got.Err == nil {
		_ = json.Unmarshal([]byte(got.Body), &got) // what is not JSON is told by its status
	}
	return got
}

// outcomes writes an answer down: a code or an accepted request for each node.
func (b bulk) outcomes() string {
	words := []string{fmt.Sprint(b.Status)}
	if b.ErrorCode != "" {
		words = append(words, b.ErrorCode)
	}
	for _, n := range b.Nodes {
		word := n.ErrorCode
		if word == "" && n.RequestID != "" {
			word = "accepted"
		}
		words = append(words, n.Identifiers.Value+":"+word)
	}
	return strings.Join(words, " ")
}

// statuses asks what has become of a request or a call.
func (c *client) statuses(id string) string {
	c.t.Helper()
	got := c.lookup("/api/v3/global/call/" + id)
	words := []string{}
	if got.ErrorCode != "" || got.Status != 200 {
		words = append(words, fmt.Sprint(got.Status), got.ErrorCode)
	}
	for _, record := range got.Content {
		var node struct {
			RequestID string `json:"requestId"`
			Status    string `json:"status"`
		}
		read(c.t, record, &node)
		words = append(words, node.Status)
	}
	return strings.Join(words, " ")
}

// three is a fleet of subscribers 1, 2 and 3, each by that as ICCID and more: 1 and 2 with customer A, 3 with its child a, whose
// IMSI 2 has too. Customer B has nobody but 9.
func three(o simulator.Options) *simulator.Simulator {
	s := simulator.New(o)
	s.SetFloLIVE([]simulator.FloLIVESubscriber{
		{Listing: "A", SubscriberID: "s1", ICCID: "1", IMEI: "11", CustomerID: "A", CustomerName: "Big A", Pairs: []simulator.Pair{{IMSI: "111", MSISDN: "1111"}}},
		{Listing: "A", SubscriberID: "s2", ICCID: "2", IMEI: "22", CustomerID: "A", CustomerName: "Big A", Pairs: []simulator.Pair{{IMSI: "222"}, {IMSI: "333"}}},
		{Listing: "A", SubscriberID: "s3", ICCID: "3", CustomerID: "a", CustomerName: "Small a", Pairs: []simulator.Pair{{IMSI: "333"}}},
		{Listing: "B", SubscriberID: "s9", ICCID: "9", CustomerID: "B", CustomerName: "Big B"},
	})
	return s
}

// homes writes down which subscriber is where: ICCID, listing, customer.
func homes(s *simulator.Simulator) string {
	var words []string
	for r := range s.FloLIVETruth() {
		words = append(words, r.ICCID+":"+r.Listing+"/"+r.CustomerID+"/"+r.CustomerName)
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

const homesBefore = "1:A/A/Big A 2:A/A/Big A 3:A/a/Small a 9:B/B/Big B"

func TestMoves(t *testing.T) {
	for _, tt := range []struct {
		name  string
		nodes []string
		want  string
		homes string
	}{
		{"by ICCID", []string{"ICCID 1 B"}, "202 1:accepted", "1:B/B/Big B 2:A/A/Big A 3:A/a/Small a 9:B/B/Big B"},
		{"by IMSI, to a sub-customer", []string{"IMSI 111 a"}, "202 111:accepted", "1:A/a/Small a 2:A/A/Big A 3:A/a/Small a 9:B/B/Big B"},
		{"by MSISDN and by IMEI", []string{"MSISDN 1111 B", "IMEI 22 a"}, "202 1111:accepted 22:accepted", "1:B/B/Big B 2:A/a/Small a 3:A/a/Small a 9:B/B/Big B"},
		{"back from a sub-customer", []string{"ICCID 3 A"}, "202 3:accepted", "1:A/A/Big A 2:A/A/Big A 3:A/A/Big A 9:B/B/Big B"},
		{"all that an identifier belongs to", []string{"IMSI 333 B"}, "202 333:accepted", "1:A/A/Big A 2:B/B/Big B 3:B/B/Big B 9:B/B/Big B"},
		{"unknown subscriber", []string{"ICCID 1 B", "ICCID 7 B"}, "200 7:SUBSCRIBER_1002", homesBefore},
		{"unknown target", []string{"ICCID 1 B", "ICCID 2 C"}, "200 2:CUSTOMER_1008", homesBefore},
		{"there already", []string{"ICCID 9 B", "ICCID 1 B", "ICCID 7 C"}, "200 9:CUSTOMER_1008 7:SUBSCRIBER_1002", homesBefore},
		{"lower case", []string{"iccid 1 B"}, "400 GLOBAL_1002", homesBefore},
		{"another type", []string{"EID 1 B"}, "400 GLOBAL_1002", homesBefore},
		{"nothing", nil, "400 GLOBAL_1002", homesBefore},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := three(simulator.Options{})
			got := newClient(t, s).move(tt.nodes...)
			if got.outcomes() != tt.want {
				t.Errorf("got %s, want %s", got.outcomes(), tt.want)
			}
			s.SettleMoves()
			if got := homes(s); got != tt.homes {
				t.Errorf("\n got %s\nwant %s", got, tt.homes)
			}
		})
	}
}

func TestBulkIsBounded(t *testing.T) {
	s := three(simulator.Options{})
	c := newClient(t, s)
	if got := c.move(slices.Repeat([]string{"ICCID 1 B"}, 201)...); got.outcomes() != "400 GLOBAL_1002" || len(s.Moves()) != 0 {
		t.Errorf("201 nodes: %s", got.outcomes())
	}
	got := c.move(slices.Repeat([]string{"ICCID 1 B"}, 200)...)
	ids := map[string]bool{}
	for _, n := range got.Nodes {
		ids[n.RequestID] = true
	}
	if got.Status != 202 || len(ids) != 200 || len(s.Moves()) != 200 {
		t.Errorf("200 nodes: %d with %d request ids", got.Status, len(ids))
	}
	for _, body := range []string{"", "{", `{"bulk":{}}`, `{"bulk":[1]}`} {
		if got := c.send(http.MethodPut, movePath, body); got.Status != 400 {
			t.Errorf("%q got %d, want 400", body, got.Status)
		}
	}
}

func TestMovesSettleLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := three(simulator.Options{MoveDelay: time.Minute})
		c := newClient(t, s)
		open := c.subscriberAll("A", `{"pitKeepAlive":30,"size":1}`)
		first, second := c.move("ICCID 1 B", "ICCID 2 B"), c.move("ICCID 3 B")
		id, call := first.Nodes[0].RequestID, first.Header.Get("Request-Id")
		if got := c.statuses(id) + "," + c.statuses(call) + "," + c.statuses(second.Header.Get("Request-Id")); got != "OPEN,OPEN OPEN,OPEN" {
			t.Errorf("at once: %s", got)
		}
		time.Sleep(59 * time.Second)
		if got := homes(s); got != homesBefore || c.statuses(id) != "OPEN" {
			t.Errorf("before its time: %s", got)
		}
		time.Sleep(time.Second)
		if got, want := homes(s), "1:B/B/Big B 2:B/B/Big B 3:B/B/Big B 9:B/B/Big B"; got != want || c.statuses(call) != "SUCCESS SUCCESS" {
			t.Errorf("in its time: %s", got)
		}
		var detail wireDetail
		read(t, c.details("1").Content[0], &detail)
		if detail.CustomerID != "B" || detail.CustomerName != "Big B" {
			t.Errorf("the details name customer %s %s", detail.CustomerID, detail.CustomerName)
		}
		seen := len(open.Content)
		for range 3 {
			open = c.next("A", open, "1")
			seen += len(open.Content)
		}
		if seen != 3 || open.Total != 3 || len(c.walk("A", "10")) != 0 || len(c.walk("B", "10")) != 4 {
			t.Errorf("the session from before saw %d of %d", seen, open.Total)
		}
		if got := c.statuses("nobody's"); got != "200 GLOBAL_1003" {
			t.Errorf("an unknown request: %s", got)
		}
	})
}

func TestMovesOfTheMadeFleetLast(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 1, FloLIVE: 3000, Churn: simulator.Churn{Moved: 0.9}})
	c, target := newClient(t, s), s.CustomerIDs()[1]
	var moved simulator.FloLIVESubscriber
	for r := range s.FloLIVETruth() { // one that names no customer: once it is moved it must
		if r.CustomerID == "" && r.Listing != target {
			moved = r
		}
	}
	if got := c.move("ICCID " + moved.ICCID + " " + target); got.Status != 202 {
		t.Fatal(got.outcomes())
	}
	for range 5 {
		s.NextNight() // the first of which settles it
		got := byKey(s.FloLIVETruth())[moved.SubscriberID+" "+moved.ICCID]
		if got.Listing != target || got.CustomerID != target || got.CustomerName == "" {
			t.Fatalf("night %d: %s is at %s in the listing of %s, want %s", s.Night(), got.ICCID, got.CustomerID, got.Listing, target)
		}
	}
}

func TestSessionsDoNotSeeMoves(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 1, FloLIVE: 300})
	c, customers := newClient(t, s), s.CustomerIDs()
	moveLast := func(from, to string) {
		var last simulator.FloLIVESubscriber
		for r := range s.FloLIVETruth() {
			if r.Listing == from {
				last = r
			}
		}
		c.move("ICCID " + last.ICCID + " " + to)
		s.SettleMoves()
	}
	for range 2 { // the second time the first moves are there to be disturbed
		want := fmt.Sprint(c.walk(customers[0], "300"))
		open := c.subscriberAll(customers[0], `{"size":1}`)
		content := open.Content
		moveLast(customers[0], customers[1])
		for open = c.next(customers[0], open, "300"); len(open.Content) > 0; open = c.next(customers[0], open, "300") {
			content = append(content, open.Content...)
		}
		if fmt.Sprint(content) != want {
			t.Error("a session saw a move from after its opening")
		}
		if fmt.Sprint(c.walk(customers[0], "300")) == want {
			t.Error("a new session does not see the moves")
		}
	}
}

func TestMovesThatFail(t *testing.T) {
	s := three(simulator.Options{MoveFailures: 0.3, MoveErrors: 0.3})
	c := newClient(t, s)
	c.move(slices.Repeat([]string{"ICCID 1 B"}, 100)...)
	s.SettleMoves()
	counts := map[simulator.MoveStatus]int{}
	for _, m := range s.Moves() {
		counts[m.Status]++
	}
	for status, want := range map[simulator.MoveStatus]int{simulator.MoveFailure: 30, simulator.MoveInternalError: 30, simulator.MoveSuccess: 40} {
		if got := counts[status]; got < want-15 || got > want+15 {
			t.Errorf("%d of 100 ended as %s, want about %d", got, status, want)
		}
	}
	none := three(simulator.Options{MoveFailures: 1})
	newClient(t, none).move("ICCID 1 B")
	none.SettleMoves()
	if got := homes(none); got != homesBefore {
		t.Errorf("a failure changed something: %s", got)
	}
}

func TestMovesWithoutDelayOfTheirOwn(t *testing.T) {
	s := three(simulator.Options{MoveDelay: -1, NoCallStatus: true})
	c := newClient(t, s)
	id := c.move("ICCID 1 B").Nodes[0].RequestID
	s.NextNight()
	if got := homes(s); got != homesBefore {
		t.Errorf("settled by itself: %s", got)
	}
	if got := c.send(http.MethodGet, "/api/v3/global/call/"+id, ""); got.Status != 500 || !strings.Contains(got.Body, "No static resource api/v3/global/call/") {
		t.Errorf("a provider without the endpoint answers %d %s", got.Status, got.Body)
	}
	if got := s.SettleMoves(); got != 1 || s.SettleMoves() != 0 || s.Moves()[0].Status != simulator.MoveSuccess {
		t.Errorf("settled %d", got)
	}
}

func TestMovesOfAReplacedFleetFail(t *testing.T) {
	s := three(simulator.Options{})
	newClient(t, s).move("ICCID 1 B")
	s.SetFloLIVE([]simulator.FloLIVESubscriber{{Listing: "A", SubscriberID: "s1", ICCID: "1"}})
	want := []simulator.FloLIVEMove{{Type: "ICCID", Value: "1", TargetCustomerID: "B", Status: simulator.MoveFailure}}
	got := s.Moves()
	got[0].RequestID, got[0].CallID = "", ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
