package simulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"simsync/internal/simulator"
)

func TestSessionReadsAListingOnce(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 45, Customers: 1})
	c, customer := newClient(t, s), s.CustomerIDs()[0]
	got := c.subscriberAll(customer, `{"pitKeepAlive":5,"size":20}`)
	for i, want := range []int{20, 20, 5, 0, 0} {
		if len(got.Content) != want || got.Amount != want || got.Total != 45 {
			t.Errorf("chunk %d: %d records, recordAmount %d of %d, want %d of 45", i, len(got.Content), got.Amount, got.Total, want)
		}
		before := got
		got = c.next(customer, got, "20")
		if got.PITID == before.PITID || got.PITID == "" {
			t.Errorf("chunk %d: pitId %q did not change", i, got.PITID)
		}
	}
}

func TestRequestDefaults(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 1500, Customers: 1})
	c := newClient(t, s)
	for _, body := range []string{`{}`, `{"pitId":"","pitKeepAlive":1}`, `{"pitId":null,"size":1000}`} {
		if got := c.subscriberAll(s.CustomerIDs()[0], body); got.Amount != 1000 || got.Total != 1500 {
			t.Errorf("%s: got %d of %d, want 1000 of 1500", body, got.Amount, got.Total)
		}
	}
	if got := s.Stats().Sessions; got != 3 {
		t.Errorf("%d sessions opened, want 3", got)
	}
}

func TestRefusedRequests(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 10, Customers: 2})
	c, customers := newClient(t, s), s.CustomerIDs()
	mine := c.subscriberAll(customers[0], `{"size":1}`).PITID
	for _, tt := range []struct{ name, customer, body, code string }{
		{"unknown customer", "3bd92beb-0367-4e68-b50d-72c0fb08beab", `{}`, "CUSTOMER_1002"},
		{"no such session", customers[0], `{"pitId":"46ToAwMDaWR5"}`, "GLOBAL_1018"},
		{"another customer's session", customers[1], `{"pitId":"` + mine + `"}`, "GLOBAL_1018"},
		{"a name that was changed", customers[0], `{"pitId":"_` + mine[1:] + `"}`, "GLOBAL_1018"},
	} {
		if got := c.subscriberAll(tt.customer, tt.body); got.ErrorCode != tt.code {
			t.Errorf("%s: got %d %s %q, want %s", tt.name, got.Status, got.Body, got.ErrorCode, tt.code)
		}
	}
	for _, body := range []string{`{"size":0}`, `{"size":10001}`, `{"pitKeepAlive":31}`, `{"pitKeepAlive":0}`, `{"size":"ten"}`, `{`} {
		if got := c.subscriberAll(customers[0], body); got.Status != http.StatusBadRequest {
			t.Errorf("%s: got status %d, want 400", body, got.Status)
		}
	}
	for _, path := range []string{"/api/v2/customer/x/nothing", "/api/v1", "/"} {
		got := c.send(http.MethodPost, path, "{}")
		if got.Status != http.StatusInternalServerError || !jsontext.Value(got.Body).IsValid() {
			t.Errorf("%s: got %d %s, want a 500 in JSON", path, got.Status, got.Body)
		}
	}
}

func TestSessionExpiresOnItsBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 100, Customers: 1})
		c, customer := newClient(t, s), s.CustomerIDs()[0]
		got := c.subscriberAll(customer, `{"pitKeepAlive":2,"size":10}`)
		time.Sleep(90 * time.Second)
		if got = c.next(customer, got, "10"); got.ErrorCode != "" {
			t.Fatalf("%s after a minute and a half of two", got.ErrorCode)
		}
		time.Sleep(31 * time.Second) // the answer before renewed nothing
		if got = c.next(customer, got, "10"); got.ErrorCode != "GLOBAL_1018" {
			t.Errorf("got %q after the keep-alive, want GLOBAL_1018", got.ErrorCode)
		}
	})
}

func TestSessionIsASnapshot(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 900, Customers: 1, Churn: simulator.Churn{Changed: 0.5, Removed: 0.2, New: 0.2}})
	c, customer := newClient(t, s), s.CustomerIDs()[0]
	want := fmt.Sprint(c.walk(customer, "300"))
	first := c.subscriberAll(customer, `{"size":300}`)
	s.NextNight()
	c.subscriberAll(customer, `{"size":1}`) // somebody else sees the new night
	second := c.next(customer, first, "300")
	s.SetFloLIVE(nil)
	third := c.next(customer, second, "300")
	if got := fmt.Sprint(slices.Concat(first.Content, second.Content, third.Content)); got != want {
		t.Error("the session saw what happened after its opening")
	}
	if got := c.subscriberAll(customer, `{}`); got.Total != 0 || len(got.Content) != 0 {
		t.Errorf("a new session sees %d records, want none", got.Total)
	}
}

func TestOldNamesOfASessionStayValid(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 100, Customers: 1})
	c, customer := newClient(t, s), s.CustomerIDs()[0]
	first := c.subscriberAll(customer, `{"size":10}`)
	second := c.next(customer, first, "10")
	third := c.next(customer, first, "10")
	if string(second.Content[0]) == string(third.Content[0]) {
		t.Error("the old name led back to an old position")
	}
	if got := s.Stats().StalePIT; got != 1 {
		t.Errorf("%d requests by an old name, want 1", got)
	}
}

func TestConcurrencyIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 100, Customers: 1, IoTX: 5, Latency: time.Second})
		c, customer := newClient(t, s), s.CustomerIDs()[0]
		open := c.subscriberAll(customer, `{"size":10}`)
		for range 3 {
			go c.next(customer, open, "10")
			go c.list("")
		}
		go c.subscriberAll(customer, `{"size":10}`)
		time.Sleep(2 * time.Second)
		got := s.Stats()
		want := map[simulator.Provider]int{simulator.FloLIVE: 4, simulator.IoTX: 3}
		if diff := cmp.Diff(want, got.MaxConcurrent); diff != "" || got.MaxConcurrentInSession != 3 {
			t.Errorf("%d in a session, want 3; -want +got by provider:\n%s", got.MaxConcurrentInSession, diff)
		}
		if got.Requests[simulator.SubscriberAll] != 5 || got.Requests[simulator.List] != 3 || got.Statuses[200] != 8 {
			t.Errorf("counted %v and %v", got.Requests, got.Statuses)
		}
		s.ResetStats()
		if got := s.Stats(); len(got.Requests) != 0 || got.Bytes != 0 || got.MaxConcurrentInSession != 0 {
			t.Errorf("after a reset: %+v", got)
		}
	})
}

func TestTokens(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 5, IoTX: 5, Customers: 1, TokenUses: 2, Password: "p"})
	c := newClient(t, s)
	if got := c.send(http.MethodPost, "/api/v2/auth/token", `{"username":"operator@example.com","password":"q"}`); got.Status != 401 {
		t.Errorf("a wrong password got %d, want 401", got.Status)
	}
	login := c.send(http.MethodPost, "/api/v2/auth/token", `{"username":"operator@example.com","password":"p"}`)
	var issued struct {
		Content []struct {
			Token string `json:"token"`
		} `json:"content"`
	}
	if err := json.Unmarshal([]byte(login.Body), &issued); err != nil || len(issued.Content) != 1 {
		t.Fatalf("login answered %s: %v", login.Body, err)
	}
	path := "/api/v2/customer/" + s.CustomerIDs()[0] + "/child-customers"
	for i, want := range []int{200, 200, 401} {
		if got := c.send(http.MethodGet, path, "", "Authorization", "Bearer "+issued.Content[0].Token); got.Status != want {
			t.Errorf("use %d: got %d, want %d", i+1, got.Status, want)
		}
	}
	for _, path := range []string{path, "/subscribers", "/subscribers/1"} {
		if got := c.send(http.MethodGet, path, "", "Authorization", "Bearer nobody"); got.Status != 401 {
			t.Errorf("%s with a foreign token: got %d, want 401", path, got.Status)
		}
	}
}
