package flolive_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/simulator"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// The nodes of the example of "Bulk Move Subscriber".
var (
	moveIMSI  = flolive.MoveNode{Type: "IMSI", Value: "222013090961859", TargetCustomerID: "4543dedb-cce7-4bee-89f3-7af1447927e6"}
	moveICCID = flolive.MoveNode{Type: "ICCID", Value: iccid, TargetCustomerID: "e7fcef24-5c03-41dd-9e33-995b7d6f47e2"}
	both      = []flolive.MoveNode{moveIMSI, moveICCID}
)

const firstRequest, secondRequest = "ff74dca6-8e7f-4b85-a42b-13860913b370", "7e74dce6-8eef-4c86-a4bb-1a860913c271"

// The examples of the provider's page: what is sent, what it means that all nodes come
// back with a requestId, and that one comes back with an errorCode.
func TestMoveExamples(t *testing.T) {
	body := jsontext.Value(page(t, "move"))
	if err := body.Compact(); err != nil {
		t.Fatal(err)
	}
	c, p := scripted(t, given{202, page(t, "move_accepted")}, given{200, page(t, "move_refused")})
	accepted, err := c.Move(t.Context(), both)
	if err != nil {
		t.Fatal(err)
	}
	want := flolive.MoveAnswer{Accepted: true, Nodes: []flolive.MoveResult{
		{MoveNode: moveIMSI, RequestID: firstRequest}, {MoveNode: moveICCID, RequestID: secondRequest},
	}}
	if diff := cmp.Diff(want, accepted); diff != "" {
		t.Errorf("accepted (-want +got):\n%s", diff)
	}
	refused, err := c.Move(t.Context(), both)
	if err != nil {
		t.Fatal(err)
	}
	want = flolive.MoveAnswer{Nodes: []flolive.MoveResult{{MoveNode: moveIMSI, Code: "CUSTOMER_1008", Message: "Failed to find target customer"}}}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	asked := "PUT /api/v2/bulk/subscriber/move " + string(body)
	if diff := cmp.Diff([]string{asked, asked}, p.asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// node is a node of an answer; an empty requestId or errorCode is sent as such.
func node(n flolive.MoveNode, requestID, errorCode, errorMessage string) string {
	return fmt.Sprintf(`{"errorCode":%q,"errorMessage":%q,"requestId":%q,"subscriberIdentifiers":{"type":%q,"value":%q},"content":{"targetCustomerId":%q}}`,
		errorCode, errorMessage, requestID, n.Type, n.Value, n.TargetCustomerID)
}

func bulk(nodes ...string) string { return `{"bulk":[` + strings.Join(nodes, ",") + `]}` }

// What an answer means for the nodes sent, and how often they are sent.
func TestMoveAnswers(t *testing.T) {
	const ack, again = "id-1", "GLOBAL_1001"
	first, second := node(moveIMSI, ack, "", ""), node(moveICCID, "id-2", "", "")
	failed := node(moveICCID, "", "SUBSCRIBER_1002", "Subscriber does not exist")
	accepted := []flolive.MoveResult{{MoveNode: moveIMSI, RequestID: ack}, {MoveNode: moveICCID, RequestID: "id-2"}}
	refused := []flolive.MoveResult{{MoveNode: moveICCID, Code: "SUBSCRIBER_1002", Message: "Subscriber does not exist"}}
	ok, all := given{200, bulk(first, second)}, flolive.MoveAnswer{Accepted: true, Nodes: accepted}
	stranger := node(flolive.MoveNode{Type: "IMEI", Value: "1"}, "id-3", "", "")
	spelled := strings.ReplaceAll(node(flolive.MoveNode{
		Type: "imsi ", Value: moveIMSI.Value, TargetCustomerID: strings.ToUpper(moveIMSI.TargetCustomerID),
	}, ack, "", ""), `"`+moveIMSI.Value+`"`, moveIMSI.Value)
	elsewhere := node(flolive.MoveNode{Type: moveIMSI.Type, Value: moveIMSI.Value, TargetCustomerID: firstRequest}, ack, "", "")
	tests := []struct {
		name     string
		answers  []given
		want     flolive.MoveAnswer
		kind     error
		requests int
	}{
		{"accepted, in another order", []given{{202, bulk(second, first)}}, all, nil, 1},
		{"accepted, spelled otherwise", []given{{200, bulk(spelled, second)}}, all, nil, 1},
		{"refused", []given{{200, bulk(failed)}}, flolive.MoveAnswer{Nodes: refused}, nil, 1},
		{"refused, with a status", []given{{400, bulk(failed)}}, flolive.MoveAnswer{Nodes: refused}, nil, 1},
		{"refused, with an error's status", []given{{500, bulk(failed)}}, flolive.MoveAnswer{Nodes: refused}, nil, 1},
		{
			"refused by a code that is none",
			[]given{{200, bulk(node(moveICCID, "", "no "+iccid, "see "+iccid))}},
			flolive.MoveAnswer{Nodes: []flolive.MoveResult{{MoveNode: moveICCID}}},
			nil, 1,
		},
		{"the whole call refused", []given{{400, `{"errorCode":"CUSTOMER_1002","content":""}`}}, flolive.MoveAnswer{}, fetch.KindRefused, 1},
		{"the whole call refused, in a 200", []given{{200, `{"errorCode":"SUBSCRIBER_1002","content":""}`}}, flolive.MoveAnswer{}, fetch.KindRefused, 1},
		{"forbidden", []given{{403, ``}}, flolive.MoveAnswer{}, fetch.KindRefused, 1},
		{"no such path", []given{{500, `{"message":"No static resource"}`}}, flolive.MoveAnswer{}, fetch.KindNotFound, 1},
		{"credentials", []given{{401, bulk(failed)}}, flolive.MoveAnswer{}, fetch.KindCredentials, 1},
		// Surely not carried out: sent again.
		{"too many requests", []given{{429, bulk(failed)}, ok}, all, nil, 2},
		{"unavailable", []given{{503, ``}, ok}, all, nil, 2},
		{"try again, in a 200", []given{{200, `{"errorCode":"GLOBAL_1001","content":""}`}, ok}, all, nil, 2},
		{"try again, in a 500", []given{{500, `{"errorCode":"GLOBAL_1001","content":""}`}, ok}, all, nil, 2},
		{"try again, node by node", []given{{200, bulk(node(moveIMSI, "", again, ""), node(moveICCID, "", again, ""))}, ok}, all, nil, 2},
		{"try again, for ever", []given{{200, bulk(node(moveIMSI, "", again, ""))}}, flolive.MoveAnswer{}, fetch.KindErrorAnswer, 6},
		// Nobody knows: never sent again.
		{"no answer", []given{{0, ``}, ok}, flolive.MoveAnswer{}, fetch.KindLostAnswer, 1},
		{"no answer, later", []given{{503, ``}, {0, ``}, ok}, flolive.MoveAnswer{}, fetch.KindLostAnswer, 2},
		{"gateway", []given{{504, ``}, ok}, flolive.MoveAnswer{}, fetch.KindLostAnswer, 1},
		{"an error of any cause", []given{{500, ``}, ok}, flolive.MoveAnswer{}, fetch.KindLostAnswer, 1},
		{"another error of the provider's", []given{{500, `{"errorCode":"GLOBAL_1000"}`}, ok}, flolive.MoveAnswer{}, fetch.KindLostAnswer, 1},
		{"another error of the provider's, in a 200", []given{{200, `{"errorCode":"GLOBAL_1000"}`}, ok}, flolive.MoveAnswer{}, fetch.KindLostAnswer, 1},
		{"cut short", []given{{200, bulk(first, second)[:200]}, ok}, flolive.MoveAnswer{}, fetch.KindLostAnswer, 1},
		{"a page", []given{{200, `<html>`}, ok}, flolive.MoveAnswer{}, fetch.KindLostAnswer, 1},
		{"no list", []given{{200, `{"errorCode":"","content":[]}`}}, flolive.MoveAnswer{}, fetch.KindLostAnswer, 1},
		{"an empty list", []given{{200, `{"bulk":[]}`}}, flolive.MoveAnswer{}, fetch.KindLostAnswer, 1},
		{"a node missing", []given{{200, bulk(second)}}, flolive.MoveAnswer{Nodes: accepted[1:]}, fetch.KindLostAnswer, 1},
		{"a requestId missing", []given{{200, bulk(first, node(moveICCID, "", "", ""))}}, flolive.MoveAnswer{Nodes: accepted[:1]}, fetch.KindLostAnswer, 1},
		{
			"a requestId that is none",
			[]given{{200, bulk(first, node(moveICCID, "two words", "", ""))}},
			flolive.MoveAnswer{Nodes: accepted[:1]},
			fetch.KindLostAnswer, 1,
		},
		{"a stranger", []given{{200, bulk(first, second, stranger)}}, flolive.MoveAnswer{Nodes: accepted}, fetch.KindLostAnswer, 1},
		{"a node twice", []given{{200, bulk(first, second, second)}}, flolive.MoveAnswer{Nodes: accepted}, fetch.KindLostAnswer, 1},
		{"to another target", []given{{200, bulk(elsewhere, second)}}, flolive.MoveAnswer{Nodes: accepted[1:]}, fetch.KindLostAnswer, 1},
		{
			"some accepted, some refused",
			[]given{{200, bulk(first, failed)}},
			flolive.MoveAnswer{Nodes: []flolive.MoveResult{accepted[0], refused[0]}},
			fetch.KindLostAnswer, 1,
		},
		{"accepted, by an error", []given{{500, bulk(first, second)}}, flolive.MoveAnswer{Nodes: accepted}, fetch.KindLostAnswer, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := scripted(t, tt.answers...)
				got, err := c.Move(t.Context(), both)
				if !errors.Is(err, tt.kind) || len(p.asked) != tt.requests {
					t.Errorf("%v after %d requests, want %v after %d", err, len(p.asked), tt.kind, tt.requests)
				}
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("answer (-want +got):\n%s", diff)
				}
				if err != nil && strings.Contains(err.Error(), iccid) {
					t.Errorf("the error names a subscriber: %v", err)
				}
			})
		})
	}
}

// Prose is kept only where nobody could be named by it.
func TestMoveMessages(t *testing.T) {
	for text, kept := range map[string]bool{
		"Failed to find target customer": true, "Error 1008 of 2023": true, "12345 is too short": true, "": true,
		"Subscriber 8935711001000034535 is busy": false, "IMSI 222 013 090 961 859": false, "12-34-56": false,
		"a\x07bell": false, strings.Repeat("long ", 41): false, "٠١٢٣٤٥": false,
	} {
		c, _ := scripted(t, given{200, bulk(strings.ReplaceAll(node(moveIMSI, "", "X_1", text), `\a`, `\u0007`))})
		got, err := c.Move(t.Context(), both)
		if err != nil || len(got.Nodes) != 1 || (got.Nodes[0].Message == text) != kept || !kept && got.Nodes[0].Message != "" {
			t.Errorf("%q became %+v, %v", text, got.Nodes, err)
		}
	}
}

// What cannot be a call is not sent.
func TestMovesThatAreNone(t *testing.T) {
	c, p := scripted(t, given{200, ``})
	many := make([]flolive.MoveNode, flolive.MaxMoveNodes+1)
	for i := range many {
		many[i] = flolive.MoveNode{Type: "IMEI", Value: fmt.Sprint(i), TargetCustomerID: firstRequest}
	}
	for want, nodes := range map[string][]flolive.MoveNode{
		"0 subscribers in one call":                          nil,
		"201 subscribers in one call":                        many,
		`subscriber 2 of the call is named by "iccid"`:       {moveIMSI, {Type: "iccid", Value: iccid, TargetCustomerID: firstRequest}},
		"subscriber 1 of the call has no value":              {{Type: "IMSI", TargetCustomerID: firstRequest}},
		"subscriber 1 of the call has no value or no target": {{Type: "IMSI", Value: "222013090961859"}},
		"subscriber 3 of the call is named twice":            {moveIMSI, moveICCID, {Type: "IMSI", Value: moveIMSI.Value, TargetCustomerID: firstRequest}},
		"not valid UTF-8":                                    {{Type: "IMSI", Value: "\xff", TargetCustomerID: firstRequest}},
	} {
		_, err := c.Move(t.Context(), nodes)
		if !errors.Is(err, fetch.KindRefused) || !strings.Contains(err.Error(), want) || p.asked != nil {
			t.Errorf("error %v after %d requests, want one with %q", err, len(p.asked), want)
		}
	}
}

// A move through the simulated provider, to its end, and one whose answer is lost after
// it was carried out: it is not asked for twice.
func TestMovesOfAFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 100, Customers: 2, MoveDelay: time.Minute})
		c := connect(t, s)
		target := s.CustomerIDs()[1]
		var nodes []flolive.MoveNode
		for r := range s.FloLIVETruth() {
			n := flolive.MoveNode{Type: "ICCID", Value: r.ICCID, TargetCustomerID: target}
			if r.Listing != target && !slices.Contains(nodes, n) && len(nodes) < 3 {
				nodes = append(nodes, n)
			}
		}
		got, err := c.Move(t.Context(), nodes)
		if err != nil || !got.Accepted || len(got.Nodes) != len(nodes) || len(nodes) != 3 {
			t.Fatalf("%+v, %v", got, err)
		}
		status(t, c, got.Nodes[0].RequestID, flolive.CallOpen)
		s.SettleMoves()
		status(t, c, got.Nodes[0].RequestID, flolive.CallSuccess)

		s.Inject(simulator.Fault{Kind: simulator.LostAnswer, On: simulator.Move, From: 1, Count: 1})
		for i := range nodes {
			nodes[i].TargetCustomerID = s.CustomerIDs()[0]
		}
		if _, err := c.Move(t.Context(), nodes); !errors.Is(err, fetch.KindLostAnswer) || len(s.Moves()) != 2*len(nodes) {
			t.Errorf("%v, and %d moves begun; want a lost answer and %d", err, len(s.Moves()), 2*len(nodes))
		}
		s.ClearFaults()
		s.Inject(simulator.Fault{Kind: simulator.RefuseNode, By: 2, Count: simulator.Forever})
		got, err = c.Move(t.Context(), nodes)
		if err != nil || got.Accepted || len(got.Nodes) != 2 || got.Nodes[0].Code == "" || got.Nodes[0].RequestID != "" {
			t.Errorf("a call that is refused: %+v, %v", got, err)
		}
	})
}

func status(t *testing.T, c *flolive.Client, requestID string, want flolive.CallStatus) {
	t.Helper()
	if got, err := c.Call(t.Context(), requestID); err != nil || got != want {
		t.Errorf("status %q, %v, want %q", got, err, want)
	}
}

// A stop while a move is on its way leaves its outcome unknown, and says so.
func TestStoppedMove(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 10})
		c := connect(t, s)
		s.Inject(simulator.Fault{Kind: simulator.Hang, On: simulator.Move, Count: simulator.Forever})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		_, err := c.Move(ctx, []flolive.MoveNode{moveIMSI})
		if !errors.Is(err, fetch.KindLostAnswer) || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
	})
}

func TestCalls(t *testing.T) {
	of := func(status string) string { return `{"requestId":"` + firstRequest + `","status":"` + status + `"}` }
	tests := []struct {
		name   string
		answer given
		want   flolive.CallStatus
		kind   error
	}{
		{"open", given{200, of("OPEN")}, flolive.CallOpen, nil},
		{"in an envelope", given{200, `{"errorCode":"","content":[` + of("SUCCESS") + `],"pageable":""}`}, flolive.CallSuccess, nil},
		{"as the content", given{200, `{"errorCode":null,"content":` + of("failure") + `}`}, flolive.CallFailure, nil},
		{"without its requestId", given{200, `{"status":"INTERNAL_ERROR"}`}, flolive.CallInternalError, nil},
		{"another word", given{200, of("PAUSED")}, flolive.CallUnknown, nil},
		{"no word", given{200, of("")}, "", fetch.KindLostAnswer},
		{"another request", given{200, strings.ReplaceAll(of("OPEN"), "ff", "00")}, "", fetch.KindLostAnswer},
		{"a page", given{200, `<html>`}, "", fetch.KindLostAnswer},
		{"refused", given{200, `{"errorCode":"CALL_1002","content":""}`}, "", fetch.KindRefused},
		{"no such path", given{404, ``}, "", fetch.KindNotFound},
		{"no such path, by Spring", given{500, `{"message":"No static resource api/v3."}`}, "", fetch.KindNotFound},
		{"no such method", given{405, `{"message":"Request method 'GET' is not supported"}`}, "", fetch.KindNotFound},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, p := scripted(t, tt.answer)
				got, err := c.Call(t.Context(), firstRequest)
				if got != tt.want || !errors.Is(err, tt.kind) || p.asked[0] != "GET /api/v3/global/call/"+firstRequest {
					t.Errorf("%q, %v, want %q, %v; asked %s", got, err, tt.want, tt.kind, p.asked[0])
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		c := connect(t, simulator.New(simulator.Options{NoCallStatus: true}))
		if _, err := c.Call(t.Context(), firstRequest); !errors.Is(err, fetch.KindNotFound) {
			t.Errorf("a provider that has no such path: %v", err)
		}
	})
}
