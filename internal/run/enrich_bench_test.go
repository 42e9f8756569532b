package run_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// BenchmarkDetails asks for the details of 10,000 subscribers, eight at once, of a
// provider 50 ms away: 160 requests a second is all that it can answer. It reports the
// rate, and the live heap after a tenth and after nine tenths of them, the simulator's
// included.
func BenchmarkDetails(b *testing.B) {
	const subscribers = 10_000
	sim := simulator.New(simulator.Options{FloLIVE: subscribers, Customers: 1, Latency: 50 * time.Millisecond})
	server := httptest.NewServer(sim.Handler())
	defer server.Close()
	for b.Loop() {
		db, err := load.Open(b.Context(), localpg.NewDatabase(b, migrate))
		if err != nil {
			b.Fatal(err)
		}
		source := floLIVESource("flolive", sim)
		source.BaseURL, source.ChunkSize = server.URL, 10_000
		options := run.Options{DB: db, Command: "run", Version: "test", MaxRejects: 1}
		benchSync(b, source, options)

		source.Details = config.Details{RefreshAfter: 168 * time.Hour, Concurrency: 8, MaxRequests: 2 * subscribers}
		heap := &heapAt{}
		began := time.Now()
		summary := benchSync(b, source, options.WithClient(func(o *fetch.Options) { o.Transport = heap.watch() }))
		rate := float64(heap.requests.Load()) / time.Since(began).Seconds()
		b.ReportMetric(rate, "requests/s")
		b.ReportMetric(float64(heap.early)/1e6, "early-MB")
		b.ReportMetric(float64(heap.late)/1e6, "late-MB")
		b.ReportMetric(float64(summary.Sources[0].Enriched.DetailsFound), "details")
		db.Close()
	}
}

func benchSync(b *testing.B, source config.Source, o run.Options) run.Summary {
	b.Helper()
	summary, err := run.Sync(b.Context(), []config.Source{source}, o)
	if err != nil || summary.Sources[0].Err != nil {
		b.Fatal(err, summary.Sources[0].Err)
	}
	return summary
}

// heapAt weighs the live heap in the midst of an enrichment.
type heapAt struct {
	requests    atomic.Int64
	early, late uint64
}

func (h *heapAt) watch() http.RoundTripper {
	transport := &http.Transport{MaxIdleConnsPerHost: 32}
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if strings.HasPrefix(r.URL.Path, "/api/v2/subscriber/") {
			switch h.requests.Add(1) {
			case 1000:
				h.early = liveHeap()
			case 9000:
				h.late = liveHeap()
			}
		}
		return transport.RoundTrip(r)
	})
}

func liveHeap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
