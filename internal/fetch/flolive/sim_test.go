package flolive_test

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/simulator"
)

// connect makes a client of the simulated provider, on a network in memory. It is
// called inside a synctest bubble: one that anything is left running in fails.
func connect(t testing.TB, s *simulator.Simulator, change ...func(*flolive.Options)) *flolive.Client {
	t.Helper()
	network := s.Network()
	o := flolive.Options{
		Client: fetch.Options{
			BaseURL:   "http://floportal.flolive.test",
			Transport: &http.Transport{DialContext: network.DialContext},
		},
		Username: simulator.DefaultUsername, Password: simulator.DefaultPassword,
		ChunkSize: 100,
	}
	for _, f := range change {
		f(&o)
	}
	c, err := flolive.New(o)
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
	records map[int][]string // by session, in order
	facts   fetch.Facts
	err     error
}

// walk reads a walk to its end.
func walk(ctx context.Context, c *flolive.Client, customer string) walked {
	got := walked{records: map[int][]string{}}
	w := c.Walk(customer)
	for page, err := range w.Pages(ctx) {
		if err != nil {
			got.err = err
			continue
		}
		for _, rec := range page.Records {
			got.records[page.Session] = append(got.records[page.Session], nameOf(rec))
		}
	}
	got.facts = w.Facts()
	return got
}

// nameOf names a record by its identity, or by all of it where there is none.
func nameOf(rec fetch.Record[flolive.Subscriber]) string {
	if rec.Err != nil {
		return string(rec.Raw)
	}
	return string(rec.Value.SubscriberID) + string(rec.Value.ICCID)
}

// distinct are the names of the walk's last session, sorted, each once.
func (w walked) distinct() []string {
	names := slices.Clone(w.records[w.facts.Sessions])
	slices.Sort(names)
	return slices.Compact(names)
}

// truth are the names of a customer's listing, sorted.
func truth(s *simulator.Simulator, customer string) []string {
	var names []string
	for r := range s.FloLIVETruth() {
		switch {
		case r.Listing != customer:
		case r.Raw != nil:
			names = append(names, string(r.Raw))
		default:
			names = append(names, `"`+r.SubscriberID+`""`+r.ICCID+`"`)
		}
	}
	slices.Sort(names)
	return names
}
