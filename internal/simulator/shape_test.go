package simulator_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"simsync/internal/simulator"
)

// shape collects the members of JSON values with the kinds of their values, such as "content.[].iccid string".
type shape map[string]bool

func (s shape) add(t *testing.T, text string) {
	t.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	s.walk("", v)
}

func (s shape) walk(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		s[path+" object"] = true
		for name, member := range v {
			s.walk(strings.TrimPrefix(path+"."+name, "."), member)
		}
	case []any:
		s[path+" array"] = true
		for _, element := range v {
			s.walk(path+".[]", element)
		}
	case nil:
		s[path+" null"] = true
	default:
		s[path+" "+map[jsontext.Kind]string{'"': "string", '0': "number", 't': "bool", 'f': "bool"}[kindOf(v)]] = true
	}
}

func kindOf(v any) jsontext.Kind {
	text, _ := json.Marshal(v) // it was just unmarshalled
	return jsontext.Value(text).Kind()
}

// without is what s has and other has not, sorted.
func (s shape) without(other shape) []string {
	var list []string
	for path := range s {
		if !other[path] {
			list = append(list, path)
		}
	}
	slices.Sort(list)
	return list
}

func fixture(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestDetailsLookLikeTheExample holds what is served against the page's example: all that is in it is served, and what is served
// besides is in the page's table, or is a way of having no value.
func TestDetailsLookLikeTheExample(t *testing.T) {
	example, served := shape{}, shape{}
	example.add(t, fixture(t, "flolive-details.json"))
	s := simulator.New(simulator.Options{Seed: 2, FloLIVE: 600})
	c := newClient(t, s)
	for r := range s.FloLIVETruth() {
		served.add(t, c.send("GET", "/api/v2/subscriber/iccid/"+r.ICCID, "").Body)
	}
	if missing := example.without(served); missing != nil {
		t.Errorf("never served: %q", missing)
	}
	besides := slices.DeleteFunc(served.without(example), func(path string) bool { return strings.HasSuffix(path, " null") })
	want := []string{
		"content.[].contact array", "content.[].lastRatType number", "content.[].systemLabels string", "content.[].tags string", "content.[].userLabels string",
	}
	for _, path := range want {
		if !slices.Contains(besides, path) {
			t.Errorf("never served, though the page's table has it: %s", path)
		}
	}
	var unknown []string
	for _, path := range besides {
		inArray := strings.HasPrefix(path, "content.[].contact.[]")
		if !slices.Contains(want, path) && !inArray {
			unknown = append(unknown, path)
		}
	}
	if diff := cmp.Diff([]string{
		"content.[].simFormFactor object", "content.[].simFormFactor.name string", "content.[].simFormFactor.removable bool",
	}, unknown); diff != "" {
		t.Errorf("served beyond the page (-want +got):\n%s", diff)
	}
}

func TestProfilesLookLikeTheExample(t *testing.T) {
	example, served := shape{}, shape{}
	example.add(t, fixture(t, "flolive-profiles.json"))
	s := simulator.New(simulator.Options{Seed: 2, FloLIVE: 600})
	c := newClient(t, s)
	for _, eid := range s.EIDs() {
		served.add(t, c.send("GET", "/api/v2/subscriber/eid/"+eid+"/profiles", "").Body)
	}
	if missing := example.without(served); missing != nil {
		t.Errorf("never served: %q", missing)
	}
	for path := range maps.Keys(served) {
		if !example[path] && !strings.HasSuffix(path, " null") {
			t.Errorf("served beyond the page: %s", path)
		}
	}
}

func TestMovesLookLikeTheExamples(t *testing.T) {
	s := simulator.New(simulator.Options{})
	s.SetFloLIVE([]simulator.FloLIVESubscriber{
		{Listing: "4543dedb-cce7-4bee-89f3-7af1447927e6", ICCID: "8935711001000034535", Pairs: []simulator.Pair{{IMSI: "1"}}},
		{Listing: "e7fcef24-5c03-41dd-9e33-995b7d6f47e2", ICCID: "2", Pairs: []simulator.Pair{{IMSI: "222013090961859"}}},
	})
	c, request := newClient(t, s), fixture(t, "flolive-move-request.json")
	for _, tt := range []struct {
		name, file string
		status     int
	}{{"accepted", "flolive-move-ack.json", 202}, {"refused", "flolive-move-nak.json", 200}} {
		want, served := shape{}, shape{}
		want.add(t, fixture(t, tt.file))
		got := c.send("PUT", "/api/v2/bulk/subscriber/move", request)
		served.add(t, got.Body)
		if diff := cmp.Diff(want, served); diff != "" || got.Status != tt.status {
			t.Errorf("%s: status %d, want %d (-want +got):\n%s", tt.name, got.Status, tt.status, diff)
		}
		request = strings.ReplaceAll(request, "4543dedb", "00000000")
	}
}
