package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"simsync/internal/simulator"
)

func TestControl(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 100, IoTX: 100})
	c := newClient(t, s)
	c.list("")
	steps := []struct {
		method, path string
		night        int
		faults       int
	}{
		{http.MethodGet, "/simulator", 1, 0},
		{http.MethodPost, "/simulator/night", 2, 0},
		{http.MethodPost, "/simulator/fault?kind=too-many-requests&retry-after=90s&count=-1", 2, 1},
		{http.MethodPost, "/simulator/fault?kind=skip&provider=flolive", 2, 2},
		{http.MethodPost, "/simulator/moves", 2, 2},
		{http.MethodDelete, "/simulator/faults", 2, 0},
	}
	for _, step := range steps {
		got := c.send(step.method, step.path, "")
		var shown struct {
			Night      int      `json:"night"`
			Customers  []string `json:"customers"`
			Faults     []any    `json:"faults"`
			FaultKinds []struct {
				Kind, Summary string
			} `json:"faultKinds"`
			Stats struct {
				Requests map[string]int `json:"requests"`
			} `json:"stats"`
		}
		if err := json.Unmarshal([]byte(got.Body), &shown); err != nil {
			t.Fatalf("%s %s: %d %s: %v", step.method, step.path, got.Status, got.Body, err)
		}
		if shown.Night != step.night || len(shown.Faults) != step.faults || s.Night() != step.night {
			t.Errorf("%s %s: night %d with %d faults, want %d with %d", step.method, step.path, shown.Night, len(shown.Faults), step.night, step.faults)
		}
		if len(shown.Customers) != 2 || len(shown.FaultKinds) != len(simulator.FaultKinds()) || shown.Stats.Requests["list"] != 1 {
			t.Errorf("%s %s: %s", step.method, step.path, got.Body)
		}
	}
	if got := c.send(http.MethodPost, "/simulator/fault?kind=nonsense", ""); got.Status != 400 || !strings.Contains(got.Body, "nonsense") {
		t.Errorf("an unknown fault got %d %s", got.Status, got.Body)
	}
}

func TestControlSettlesMoves(t *testing.T) {
	s := three(simulator.Options{MoveDelay: -1})
	c := newClient(t, s)
	c.move("ICCID 1 B")
	for _, step := range []struct {
		method, path, want string
	}{{http.MethodGet, "/simulator", `"openMoves": 1`}, {http.MethodPost, "/simulator/moves", `"openMoves": 0`}} {
		if got := c.send(step.method, step.path, ""); got.Status != 200 || !strings.Contains(got.Body, step.want) {
			t.Errorf("%s %s: got %d %s, want %s in it", step.method, step.path, got.Status, got.Body, step.want)
		}
	}
	if got := s.Moves()[0].Status; got != simulator.MoveSuccess {
		t.Errorf("the move is %s", got)
	}
}

func TestParseFault(t *testing.T) {
	got, err := simulator.ParseFault(url.Values{
		"kind": {"unavailable"}, "provider": {"iotx"}, "on": {"one"}, "customer": {"c"}, "physical-id": {"p"}, "value": {"v"}, "from": {"2"}, "count": {"-1"},
		"sessions": {"1"}, "by": {"-3"}, "status": {"503"}, "retry-after": {"1m"}, "delay": {"2s"}, "retry-after-date": {"true"},
	})
	want := simulator.Fault{
		Kind: simulator.Unavailable, Provider: simulator.IoTX, On: simulator.One, Customer: "c", PhysicalID: "p", Value: "v", From: 2, Count: simulator.Forever,
		Sessions: 1, By: -3, Status: 503, RetryAfter: time.Minute, Delay: 2 * time.Second, RetryAfterDate: true,
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, on := range []simulator.RequestKind{
		simulator.Any, simulator.Detail, simulator.Profiles, simulator.Move, simulator.CallStatus, simulator.Nickname,
	} {
		got, err := simulator.ParseFault(url.Values{"kind": {"lost-answer"}, "on": {string(on)}})
		if err != nil || got.On != on {
			t.Errorf("on %s: got %+v, %v", on, got, err)
		}
	}
	for query, hint := range map[string]string{
		"": "kind is missing", "kind=x": "unknown fault", "kind=skip&form=2": `unknown field "form"`, "kind=skip&from=x": "whole number",
		"kind=skip&provider=both": "flolive or iotx", "kind=skip&on=lists": "subscriber-all", "kind=skip&status=99": "200 to 599",
		"kind=skip&delay=-1s": "duration", "kind=skip&retry-after-date=soon": "true or false",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := simulator.ParseFault(values); err == nil || !strings.Contains(err.Error(), hint) {
			t.Errorf("%q: got %v, want %q in it", query, err, hint)
		}
	}
}
