package simulator_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json"

	"simsync/internal/simulator"
)

// spellDetails writes an answer down: ICCIDs, or how it failed.
func spellDetails(got lookup) string {
	switch {
	case got.Err != nil:
		return "cut"
	case got.ErrorCode != "" || got.Status != 200:
		return strings.TrimSpace(fmt.Sprint(got.Status, " ", got.ErrorCode))
	}
	word := ""
	for _, record := range got.Content {
		var key detailKey
		if record.Kind() != '{' {
			word += "?"
			continue
		}
		if err := json.Unmarshal(record, &key, lenient, json.MatchCaseInsensitiveNames(true)); err != nil {
			return err.Error()
		}
		word += key.Identifiers.ICCID + ";"
	}
	return word
}

// TestFaultsOfDetails asks for subscribers 1, 2 and 1 again.
func TestFaultsOfDetails(t *testing.T) {
	type fault = simulator.Fault
	const on = simulator.Detail
	for _, tt := range []struct {
		fault fault
		want  string
	}{
		{fault{Kind: simulator.Subscriber1006}, "200 SUBSCRIBER_1006|2;|1;"},
		{fault{Kind: simulator.Subscriber1006, Value: "1", Count: simulator.Forever, Status: 500}, "500 SUBSCRIBER_1006|2;|500 SUBSCRIBER_1006"},
		{fault{Kind: simulator.Forbidden, On: on, Count: simulator.Forever}, "403|403|403"},
		{fault{Kind: simulator.Unauthorized, On: on, From: 2}, "1;|401|1;"},
		{fault{Kind: simulator.TooManyRequests, On: on}, "429|2;|1;"},
		{fault{Kind: simulator.ServerError, On: on, Value: "2"}, "1;|500|1;"},
		{fault{Kind: simulator.Global1001, On: on}, "200 GLOBAL_1001|2;|1;"},
		{fault{Kind: simulator.LostAnswer, On: on}, "cut|2;|1;"},
		{fault{Kind: simulator.NullContent, On: on}, "|2;|1;"},
		{fault{Kind: simulator.EmptyChunk, On: on, From: 1}, "|2;|1;"},
		{fault{Kind: simulator.BadRecord, On: on}, ";|2;|1;"},
		{fault{Kind: simulator.Forbidden}, "1;|2;|1;"}, // the requests of a walk
		{fault{Kind: simulator.Forbidden, On: simulator.Profiles}, "1;|2;|1;"},
	} {
		t.Run(fmt.Sprintf("%+v", tt.fault), func(t *testing.T) {
			s := three(simulator.Options{})
			s.Inject(tt.fault)
			c := newClient(t, s)
			c.transport.DisableKeepAlives = true // or net/http repeats a lost GET by itself
			var words []string
			for _, iccid := range []string{"1", "2", "1"} {
				words = append(words, spellDetails(c.details(iccid)))
			}
			if got := strings.Join(words, "|"); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if struck := s.Stats().Struck[tt.fault.Kind]; (struck > 0) != (tt.want != "1;|2;|1;") {
				t.Errorf("counted as striking %d times", struck)
			}
		})
	}
}

func TestFaultsOfProfiles(t *testing.T) {
	s := simulator.New(simulator.Options{})
	s.SetProfiles([]simulator.FloLIVEProfile{{EID: "1", ID: "a"}, {EID: "1", ID: "b"}})
	s.Inject(simulator.Fault{Kind: simulator.Subscriber1006, On: simulator.Profiles})
	s.Inject(simulator.Fault{Kind: simulator.BadRecord, On: simulator.Profiles, From: 2})
	s.Inject(simulator.Fault{Kind: simulator.DuplicateRecord, On: simulator.Profiles, From: 3})
	c := newClient(t, s)
	for i, want := range []string{"SUBSCRIBER_1006", `"content":["record 0 is lost",{"id":"b"`, `{"id":"a"`} {
		got := c.lookup("/api/v2/subscriber/eid/1/profiles")
		if !strings.Contains(got.Body, want) || i == 2 && strings.Contains(got.Body, `"id":"b"`) {
			t.Errorf("request %d: got %s, want %s in it", i+1, got.Body, want)
		}
	}
}

// TestFaultsOfMoves asks to move subscribers 1 and 2, settles, and looks where they are.
func TestFaultsOfMoves(t *testing.T) {
	type fault = simulator.Fault
	const (
		on    = simulator.Move
		both  = "1:B/B/Big B 2:B/B/Big B 3:A/a/Small a 9:B/B/Big B"
		other = "1:A/A/Big A 2:B/B/Big B 3:A/a/Small a 9:B/B/Big B"
	)
	for _, tt := range []struct {
		fault       fault
		want, homes string
	}{
		{fault{Kind: simulator.LostAnswer, On: on}, "0", both},
		{fault{Kind: simulator.GatewayTimeout, On: on}, "504", both},
		{fault{Kind: simulator.Unavailable, On: on}, "503", homesBefore},
		{fault{Kind: simulator.Global1001, On: on}, "200 GLOBAL_1001", homesBefore},
		{fault{Kind: simulator.RefuseNode}, "200 1:SUBSCRIBER_1009", homesBefore},
		{fault{Kind: simulator.RefuseNode, By: 2}, "200 1:SUBSCRIBER_1009 2:SUBSCRIBER_1009", homesBefore},
		{fault{Kind: simulator.SettleFailure}, "202 1:accepted 2:accepted", homesBefore},
		{fault{Kind: simulator.SettleFailure, By: 1}, "202 1:accepted 2:accepted", other},
		{fault{Kind: simulator.SettleError, By: 1}, "202 1:accepted 2:accepted", other},
		{fault{Kind: simulator.StayOpen}, "202 1:accepted 2:accepted", both},
		{fault{Kind: simulator.Forbidden}, "202 1:accepted 2:accepted", both},
	} {
		t.Run(fmt.Sprintf("%+v", tt.fault), func(t *testing.T) {
			s := three(simulator.Options{})
			s.Inject(tt.fault)
			c := newClient(t, s)
			if got := c.move("ICCID 1 B", "ICCID 2 B").outcomes(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			s.SettleMoves()
			if got := homes(s); got != tt.homes {
				t.Errorf("\n got %s\nwant %s", got, tt.homes)
			}
		})
	}
}

func TestStayOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := three(simulator.Options{})
		s.Inject(simulator.Fault{Kind: simulator.StayOpen, By: 2})
		s.Inject(simulator.Fault{Kind: simulator.StayOpen, From: 2})
		s.Inject(simulator.Fault{Kind: simulator.SettleFailure, From: 2})
		c := newClient(t, s)
		twice, long := c.move("ICCID 1 B").Nodes[0].RequestID, c.move("ICCID 2 B").Nodes[0].RequestID
		time.Sleep(time.Hour)
		s.NextNight()
		for i, want := range []string{"OPEN OPEN", "OPEN OPEN", "SUCCESS OPEN", "SUCCESS OPEN"} {
			if got := c.statuses(twice) + " " + c.statuses(long); got != want {
				t.Errorf("question %d: %s, want %s", i+1, got, want)
			}
		}
		if s.SettleMoves(); c.statuses(long) != "FAILURE" {
			t.Errorf("settled as %s", c.statuses(long))
		}
	})
}

func TestFaultsOfNicknames(t *testing.T) {
	s := letters(2)
	c := newClient(t, s)
	nickname := func() string {
		for r := range s.IoTXTruth() {
			return r.Nickname
		}
		return ""
	}
	for i, tt := range []struct {
		kind   simulator.FaultKind
		status int
		set    bool
	}{{simulator.LostAnswer, 0, true}, {simulator.BadGateway, 502, true}, {simulator.Unavailable, 503, false}, {simulator.Forbidden, 403, false}} {
		s.Inject(simulator.Fault{Kind: tt.kind, On: simulator.Nickname, PhysicalID: "a"})
		name := fmt.Sprint("name ", i)
		status, _ := c.rename("a", `{"nickname":"`+name+`"}`)
		if status != tt.status || (nickname() == name) != tt.set {
			t.Errorf("%s: got %d and the nickname is %q, want %d and set %v", tt.kind, status, nickname(), tt.status, tt.set)
		}
	}
}
