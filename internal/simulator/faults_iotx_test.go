package simulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"simsync/internal/simulator"
)

// letters is an IoT-X fleet of subscribers "a", "b", "c" and so on; by threes they share a connectionDate.
func letters(count int) *simulator.Simulator {
	s := simulator.New(simulator.Options{})
	var records []simulator.IoTXSubscriber
	for i := range count {
		records = append(records, simulator.IoTXSubscriber{
			PhysicalID: string(rune('a' + i)), ConnectionDate: fmt.Sprintf("2024-01-%02dT00:00:00Z", 1+i/3),
		})
	}
	s.SetIoTX(records)
	return s
}

// spell writes a page down: the physicalIds, those that are longer than a letter as +.
func spell(got page) string {
	if got.Err != nil || got.Status != http.StatusOK {
		return fmt.Sprint(got.Status, " broken"[:7*btoi(got.Err != nil)])
	}
	word := ""
	for _, id := range got.ids() {
		if len(id) > 1 {
			id = "+"
		}
		word += id
	}
	return word
}

// TestFaultsOfLists asks for ten subscribers by four, four times.
func TestFaultsOfLists(t *testing.T) {
	type fault = simulator.Fault
	for _, tt := range []struct {
		fault fault
		want  string
	}{
		{fault{Kind: simulator.Global1001}, "abcd efgh ij "}, // floLIVE only
		{fault{Kind: simulator.LostAnswer, From: 2}, "abcd 0 broken ij "},
		{fault{Kind: simulator.GarbageBody, From: 2}, "abcd 200 broken ij "},
		{fault{Kind: simulator.TooManyRequests, From: 2, Count: 2}, "abcd 429 429 "},
		{fault{Kind: simulator.NotFoundEnd}, "abcd efgh ij 404"},
		{fault{Kind: simulator.Endless}, "abcd efgh ij++ ++++"},
		{fault{Kind: simulator.Endless, By: 1}, "abcd efgh ij ghij"},
		{fault{Kind: simulator.ShiftLeft}, "abcd fghi j "},
		{fault{Kind: simulator.ShiftLeft, By: 2}, "abcd ghij  "},
		{fault{Kind: simulator.ShiftRight}, "abcd defg hij "},
		{fault{Kind: simulator.Skip}, "abcd fghi ij "},
		{fault{Kind: simulator.EmptyChunk}, "abcd  ij "},
		{fault{Kind: simulator.RepeatedChunk}, "abcd abcd ij "},
		{fault{Kind: simulator.StuckCursor}, "abcd abcd abcd abcd"},
		{fault{Kind: simulator.DuplicateRecord, From: 2}, "abcd efge ij "},
		{fault{Kind: simulator.NullContent, From: 2}, "abcd  ij "},
		{fault{Kind: simulator.OneUnreachable}, "abcd efgh ij "},
	} {
		t.Run(fmt.Sprintf("%+v", tt.fault), func(t *testing.T) {
			s := letters(10)
			s.Inject(tt.fault)
			c := newClient(t, s)
			c.transport.DisableKeepAlives = true // or net/http repeats a lost GET by itself
			var words []string
			for offset := 0; offset < 16; offset += 4 {
				words = append(words, spell(c.list(fmt.Sprintf("limit=4&offset=%d%s", offset, byConnection))))
			}
			if got := strings.Join(words, " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestShiftsAreTrue(t *testing.T) {
	s := letters(6)
	c := newClient(t, s)
	s.Inject(simulator.Fault{Kind: simulator.ShiftLeft, From: 1})
	s.Inject(simulator.Fault{Kind: simulator.ShiftRight, From: 1})
	c.list("offset=4" + byConnection)
	word, added := "", ""
	for r := range s.IoTXTruth() {
		if len(r.PhysicalID) > 1 {
			added = r.PhysicalID
			r.PhysicalID = "+"
		}
		word += r.PhysicalID
	}
	if want := spell(c.list(byConnection)); word != want || len(word) != 6 || strings.Contains(word, "c") || added == "" {
		t.Errorf("the truth is %q and the list %q, want both without c and with a new one", word, want)
	}
	for id, want := range map[string]int{"c": 404, added: 200, "a": 200} {
		if got := c.send(http.MethodGet, "/subscribers/"+id, ""); got.Status != want {
			t.Errorf("%s: got %d, want %d", id, got.Status, want)
		}
	}
	s.NextNight()
	if got := spell(c.list(byConnection)); got != "abcdef" {
		t.Errorf("the next night has %q", got)
	}
}

func TestShiftsSpareFamilies(t *testing.T) {
	s := simulator.New(simulator.Options{Seed: 1, IoTX: 200})
	s.Inject(simulator.Fault{Kind: simulator.ShiftLeft, From: 1, By: 150})
	newClient(t, s).list("offset=200" + byConnection)
	families := 0
	for r := range s.IoTXTruth() {
		families += btoi(r.EID != "" || r.ParentPhysicalID != "")
	}
	untouched := 0
	for r := range simulator.New(simulator.Options{Seed: 1, IoTX: 200}).IoTXTruth() {
		untouched += btoi(r.EID != "" || r.ParentPhysicalID != "")
	}
	if families != untouched || families == 0 {
		t.Errorf("%d of %d SIMs with profiles, or profiles, are left", families, untouched)
	}
}

func TestShuffleMovesTiesOnly(t *testing.T) {
	s := letters(12)
	c := newClient(t, s)
	s.Inject(simulator.Fault{Kind: simulator.Shuffle})
	orders := map[string]bool{}
	for range 20 {
		got := spell(c.list(byConnection))
		orders[got] = true
		for i := 0; i < len(got); i += 3 {
			group := []byte(got[i : i+3])
			if slices.Sort(group); string(group) != "abcdefghijkl"[i:i+3] {
				t.Fatalf("%s: %s is not a group of one date", got, group)
			}
		}
	}
	if len(orders) < 10 {
		t.Errorf("20 lists came in %d orders", len(orders))
	}
}

func TestOneUnreachable(t *testing.T) {
	c := newClient(t, func() *simulator.Simulator {
		s := letters(3)
		s.Inject(simulator.Fault{Kind: simulator.OneUnreachable, PhysicalID: "b"})
		return s
	}())
	for id, want := range map[string]int{"a": 200, "b": 500, "c": 200} {
		if got := c.send(http.MethodGet, "/subscribers/"+id, ""); got.Status != want {
			t.Errorf("%s: got %d, want %d", id, got.Status, want)
		}
	}
}
