package iotx_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"simsync/internal/fetch"
	"simsync/internal/fetch/iotx"
	"simsync/internal/simulator"

	"github.com/go-json-experiment/json/jsontext"
)

// connect makes a client of the simulated provider, on a network in memory. It is
// called inside a synctest bubble: one that anything is left running in fails.
func connect(t testing.TB, s *simulator.Simulator, change ...func(*iotx.Options)) *iotx.Client {
	t.Helper()
	network := s.Network()
	o := iotx.Options{Client: fetch.Options{
		BaseURL:   "http://api.iot-x.test",
		Token:     simulator.DefaultIoTXToken,
		Transport: &http.Transport{DialContext: network.DialContext},
	}}
	for _, f := range change {
		f(&o)
	}
	c, err := iotx.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		if err := network.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// walked is all that a walk gave.
type walked struct {
	ids   []string // of the records, in order
	pages int
	facts fetch.Facts
	err   error
}

// walk reads a walk to its end.
func walk(ctx context.Context, c *iotx.Client) walked {
	var got walked
	w := c.Walk()
	for page, err := range w.Pages(ctx) {
		if err != nil {
			got.err = err
			continue
		}
		got.pages++
		for _, rec := range page.Records {
			got.ids = append(got.ids, idOf(rec))
		}
	}
	got.facts = w.Facts()
	return got
}

// idOf names a record: by its physicalId, or by all of it where that cannot be
// read.
func idOf(rec fetch.Record[iotx.Subscriber]) string {
	id, err := jsontext.AppendUnquote(nil, rec.Value.PhysicalID)
	if rec.Err != nil || err != nil || len(id) == 0 {
		return string(rec.Raw)
	}
	return string(id)
}

// distinct are the ids of a walk, sorted, each once.
func (w walked) distinct() []string {
	ids := slices.Clone(w.ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// truth are the ids of the list, sorted.
func truth(s *simulator.Simulator) []string {
	var ids []string
	for r := range s.IoTXTruth() {
		switch {
		case r.Place == simulator.Nested:
		case r.Raw != nil:
			ids = append(ids, string(r.Raw))
		default:
			ids = append(ids, r.PhysicalID)
		}
	}
	slices.Sort(ids)
	return ids
}
