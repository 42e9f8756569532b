package simulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/simulator"
)

// numbered is a floLIVE listing of records "0", "1", "2" and so on, under the customer "c".
func numbered(count int) *simulator.Simulator {
	s := simulator.New(simulator.Options{})
	var records []simulator.FloLIVESubscriber
	for i := range count {
		records = append(records, simulator.FloLIVESubscriber{Listing: "c", Raw: fmt.Append(nil, i)})
	}
	s.SetFloLIVE(records)
	return s
}

// tell writes a chunk down in a few words: its records, and what is declared where it does not fit.
func tell(got chunk, total int) string {
	switch {
	case got.Err != nil && got.Status == 0:
		return "cut"
	case got.Err != nil:
		return fmt.Sprint(got.Status, " broken")
	case got.ErrorCode != "":
		return fmt.Sprint(got.Status, " ", got.ErrorCode)
	case got.Status != http.StatusOK:
		return fmt.Sprint(got.Status)
	}
	var words []string
	for _, r := range got.Content {
		words = append(words, string(r))
	}
	if got.Amount != len(got.Content) {
		words = append(words, fmt.Sprint("amount=", got.Amount))
	}
	if got.Total != total {
		words = append(words, fmt.Sprint("total=", got.Total))
	}
	return strings.Join(words, " ")
}

// TestFaultsOfSessions walks ten records by four, through each fault, and then on with the latest pitId known.
func TestFaultsOfSessions(t *testing.T) {
	const always = simulator.Forever
	type fault = simulator.Fault
	for _, tt := range []struct {
		fault fault
		want  string // the answers to five requests
	}{
		{fault{Kind: simulator.LostAnswer, From: 2}, "0 1 2 3|cut|8 9||"},
		{fault{Kind: simulator.TruncatedBody, From: 2}, "0 1 2 3|200 broken|8 9||"},
		{fault{Kind: simulator.GarbageBody, From: 2}, "0 1 2 3|200 broken|8 9||"},
		{fault{Kind: simulator.SlowBody, From: 2}, "0 1 2 3|4 5 6 7|8 9||"},
		{fault{Kind: simulator.TooManyRequests, From: 2}, "0 1 2 3|429|4 5 6 7|8 9|"},
		{fault{Kind: simulator.Unavailable, From: 2, Count: 2}, "0 1 2 3|503|503|4 5 6 7|8 9"},
		{fault{Kind: simulator.BadGateway, From: 2}, "0 1 2 3|502|8 9||"},
		{fault{Kind: simulator.GatewayTimeout, From: 2}, "0 1 2 3|504|8 9||"},
		{fault{Kind: simulator.ServerError, From: 2}, "0 1 2 3|500|4 5 6 7|8 9|"},
		{fault{Kind: simulator.HTMLError, From: 2, Status: 500}, "0 1 2 3|500|4 5 6 7|8 9|"},
		{fault{Kind: simulator.Unauthorized, From: 2}, "0 1 2 3|401|4 5 6 7|8 9|"},
		{fault{Kind: simulator.Forbidden, From: 2}, "0 1 2 3|403|4 5 6 7|8 9|"},
		{fault{Kind: simulator.Global1001, From: 2}, "0 1 2 3|200 GLOBAL_1001|4 5 6 7|8 9|"},
		{fault{Kind: simulator.Global1001, From: 2, Status: 503}, "0 1 2 3|503|4 5 6 7|8 9|"},
		{fault{Kind: simulator.Global1018, From: 2}, "0 1 2 3|200 GLOBAL_1018|4 5 6 7|8 9|"},
		{fault{Kind: simulator.Expiry}, "0 1 2 3|200 GLOBAL_1018|200 GLOBAL_1018|200 GLOBAL_1018|200 GLOBAL_1018"},
		{fault{Kind: simulator.Expiry, From: 1}, "0 1 2 3|200 GLOBAL_1018|200 GLOBAL_1018|200 GLOBAL_1018|200 GLOBAL_1018"},
		{fault{Kind: simulator.WrongRecordAmount, From: 2}, "0 1 2 3|4 5 6 7 amount=5|8 9||"},
		{fault{Kind: simulator.WrongRecordAmount, By: -2}, "0 1 2 3 amount=2|4 5 6 7|8 9||"},
		{fault{Kind: simulator.ShortTotal}, "0 1 2 3 total=9|4 5 6 7 total=9|8 9 total=9|total=9|total=9"},
		{fault{Kind: simulator.ShortTotal, By: -5}, "0 1 2 3 total=15|4 5 6 7 total=15|8 9 total=15|total=15|total=15"},
		{fault{Kind: simulator.ChangingTotal}, "0 1 2 3|4 5 6 7 total=11|8 9||"},
		{fault{Kind: simulator.RepeatedChunk}, "0 1 2 3|0 1 2 3|4 5 6 7|8 9|"},
		{fault{Kind: simulator.StuckCursor}, "0 1 2 3|0 1 2 3|0 1 2 3|0 1 2 3|0 1 2 3"},
		{fault{Kind: simulator.EmptyChunk}, "0 1 2 3||4 5 6 7|8 9|"},
		{fault{Kind: simulator.WrapAround}, "0 1 2 3|4 5 6 7|8 0|0 1 2 3|4 5 6 7"},
		{fault{Kind: simulator.Endless}, "0 1 2 3 total=10000|4 5 6 7 total=10000|8 9 0 1 total=10000|2 3 4 5 total=10000|6 7 8 9 total=10000"},
		{fault{Kind: simulator.Skip}, "0 1 2 3|5 6 7 8|9||"},
		{fault{Kind: simulator.Skip, By: 20}, "0 1 2 3||||"},
		{fault{Kind: simulator.DuplicateRecord, By: 2}, "0 1 0 0|4 5 6 7|8 9||"},
		{fault{Kind: simulator.BadRecord, From: 2}, "0 1 2 3|4 5 6 7|8 9||"}, // a raw record has nothing left to spoil
		{fault{Kind: simulator.OversizedBody, From: 2, By: 1}, "0 1 2 3|4 5 6 7|8 9||"},
		{fault{Kind: simulator.NullContent, From: 2}, "0 1 2 3|amount=4|8 9||"},
		{fault{Kind: simulator.LostAnswer, From: 2, Count: always}, "0 1 2 3|cut|cut|cut|cut"},
		{fault{Kind: simulator.LostAnswer, From: 2, Provider: simulator.IoTX}, "0 1 2 3|4 5 6 7|8 9||"},
		{fault{Kind: simulator.LostAnswer, Customer: "d"}, "0 1 2 3|4 5 6 7|8 9||"},
		{fault{Kind: simulator.LostAnswer, On: simulator.Login}, "0 1 2 3|4 5 6 7|8 9||"},
		{fault{Kind: simulator.Forbidden, On: simulator.Any}, "403|0 1 2 3|4 5 6 7|8 9|"},
		{fault{Kind: simulator.ShiftLeft}, "0 1 2 3|4 5 6 7|8 9||"}, // IoT-X only
	} {
		t.Run(fmt.Sprintf("%+v", tt.fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := numbered(10)
				s.Inject(tt.fault)
				if got := walkFive(newClient(t, s)); got != tt.want {
					t.Errorf("\n got %s\nwant %s", got, tt.want)
				}
			})
		})
	}
}

func walkFive(c *client) string {
	var told []string
	var latest chunk
	for range 5 {
		got := c.next("c", latest, "4")
		if got.PITID != "" {
			latest = got
		}
		told = append(told, tell(got, 10))
	}
	return strings.Join(told, "|")
}

func TestFaultOfTheFirstSessions(t *testing.T) {
	s := numbered(10)
	c := newClient(t, s)
	c.subscriberAll("c", "{}") // opened before the injection: counts for nothing
	s.Inject(simulator.Fault{Kind: simulator.ShortTotal, Sessions: 1})
	first := c.subscriberAll("c", `{"size":4}`)
	second := c.subscriberAll("c", `{"size":4}`)
	again := c.next("c", first, "4")
	if first.Total != 9 || second.Total != 10 || again.Total != 9 {
		t.Errorf("totals %d, %d and %d, want 9 in the first session and 10 in the second", first.Total, second.Total, again.Total)
	}
}

func TestWrapInASingleChunk(t *testing.T) {
	s := numbered(4)
	s.Inject(simulator.Fault{Kind: simulator.WrapAround})
	if got := tell(newClient(t, s).subscriberAll("c", "{}"), 4); got != "0 1 0 1" {
		t.Errorf("got %q", got)
	}
}

func TestBadRecordsAreSpoilt(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 8, IoTX: 8, Customers: 1})
	s.Inject(simulator.Fault{Kind: simulator.BadRecord, By: 5})
	c, customer := newClient(t, s), s.CustomerIDs()[0]
	for i, want := range []string{`"iccid":""`, `"iccid":"89357X1"`, `"subscriberId":""`, `"record 3 is lost"`, "\xff"} {
		got := c.subscriberAll(customer, "{}")
		if i == 0 && !strings.Contains(string(got.Content[i]), want) {
			t.Errorf("record %d is %s, want %s in it", i, got.Content[i], want)
		}
		s.ClearFaults()
		s.Inject(simulator.Fault{Kind: simulator.BadRecord, By: 5})
		if got = c.subscriberAll(customer, "{}"); !strings.Contains(string(got.Content[i]), want) {
			t.Errorf("record %d is %s, want %s in it", i, got.Content[i], want)
		}
	}
}

func TestSlowBodyTakesItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := numbered(10)
		s.Inject(simulator.Fault{Kind: simulator.SlowBody, Delay: time.Minute})
		start := time.Now()
		newClient(t, s).subscriberAll("c", "{}")
		if took := time.Since(start); took != time.Minute {
			t.Errorf("took %v, want a minute", took)
		}
	})
}

func TestHangLastsUntilTheClientLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := numbered(10)
		c := newClient(t, s)
		open := c.subscriberAll("c", `{"size":4}`)
		s.Inject(simulator.Fault{Kind: simulator.Hang})
		c.transport.ResponseHeaderTimeout = 30 * time.Second
		start := time.Now()
		if got := c.next("c", open, "4"); got.Err == nil || time.Since(start) != 30*time.Second {
			t.Errorf("got %+v after %v, want to wait 30 seconds in vain", got, time.Since(start))
		}
		synctest.Wait()
		if got := tell(c.next("c", open, "4"), 10); got != "8 9" {
			t.Errorf("then got %q, want the chunk after the one that was lost", got)
		}
		if got := s.Stats(); got.Statuses[0] != 1 || got.MaxConcurrentInSession != 1 {
			t.Errorf("counted %+v", got)
		}
	})
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct {
			fault simulator.Fault
			want  string
		}{
			{simulator.Fault{Kind: simulator.TooManyRequests}, "1"},
			{simulator.Fault{Kind: simulator.TooManyRequests, RetryAfter: 90 * time.Second}, "90"},
			{simulator.Fault{Kind: simulator.Unavailable}, ""},
			{simulator.Fault{Kind: simulator.Unavailable, RetryAfter: time.Minute, RetryAfterDate: true}, "Sat, 01 Jan 2000 00:01:00 GMT"},
		} {
			s := numbered(1)
			s.Inject(tt.fault)
			if got := newClient(t, s).subscriberAll("c", "{}").Header.Get("Retry-After"); got != tt.want {
				t.Errorf("%+v: got Retry-After %q, want %q", tt.fault, got, tt.want)
			}
		}
	})
}

func TestShapesOfBodies(t *testing.T) {
	for _, tt := range []struct {
		fault       simulator.Fault
		contentType string
		has         string
		size        int
	}{
		{simulator.Fault{Kind: simulator.HTMLError}, "text/html; charset=utf-8", "<!DOCTYPE html>", 0},
		{simulator.Fault{Kind: simulator.BadGateway}, "text/html; charset=utf-8", "Bad Gateway", 0},
		{simulator.Fault{Kind: simulator.ServerError}, "application/json", `"error":"Internal Server Error"`, 0},
		{simulator.Fault{Kind: simulator.WrongContentType}, "text/plain", `"recordAmount":10`, 0},
		{simulator.Fault{Kind: simulator.OversizedBody}, "application/json", `"recordAmount":10`, 64 << 20},
	} {
		s := numbered(10)
		s.Inject(tt.fault)
		got := newClient(t, s).send(http.MethodPost, "/api/v2/customer/c/subscriber-all", "{}")
		if got.Header.Get("Content-Type") != tt.contentType || !strings.Contains(got.Body, tt.has) || len(got.Body) < tt.size {
			t.Errorf("%s: got %d bytes of %s", tt.fault.Kind, len(got.Body), got.Header.Get("Content-Type"))
		}
	}
}

func TestEveryFaultIsInTheCatalogueOnce(t *testing.T) {
	var names []string
	for _, info := range simulator.FaultKinds() {
		names = append(names, string(info.Kind))
		if info.Summary == "" || len(info.Providers) == 0 {
			t.Errorf("%s says nothing of itself", info.Kind)
		}
	}
	if slices.Sort(names); len(slices.Compact(names)) != len(simulator.FaultKinds()) {
		t.Error("a fault is there twice")
	}
	if _, err := simulator.ParseFaultKind("shift-happens"); err == nil {
		t.Error("a fault that does not exist was found")
	}
}

func TestGzip(t *testing.T) {
	s := simulator.New(simulator.Options{FloLIVE: 1000, Customers: 1, Gzip: true})
	c, customer := newClient(t, s), s.CustomerIDs()[0]
	got := c.subscriberAll(customer, "{}") // the transport asks for gzip and unpacks
	if len(got.Content) != 1000 || s.Stats().Bytes*3 > int64(len(got.Body)) {
		t.Errorf("%d records, %d bytes on the wire for %d", len(got.Content), s.Stats().Bytes, len(got.Body))
	}
	s.Inject(simulator.Fault{Kind: simulator.TruncatedBody})
	if got := c.subscriberAll(customer, "{}"); got.Err == nil {
		t.Error("half a gzip stream was read to its end")
	}
	if got := c.send(http.MethodGet, "/subscribers", "", "Accept-Encoding", "identity"); !jsontext.Value(got.Body).IsValid() {
		t.Error("compressed for a client that did not ask")
	}
}
