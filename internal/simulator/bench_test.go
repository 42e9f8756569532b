package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"simsync/internal/simulator"
)

// BenchmarkChunk renders a chunk of 10,000 floLIVE records: a tenth of the 0.3 s of CPU that 100,000 may cost.
func BenchmarkChunk(b *testing.B) {
	s := simulator.New(simulator.Options{FloLIVE: 10_000, Customers: 1})
	handler, path := s.FloLIVE(), "/api/v2/customer/"+s.CustomerIDs()[0]+"/subscriber-all"
	b.ReportAllocs()
	for b.Loop() {
		w := &discard{header: http.Header{}}
		handler.ServeHTTP(w, authorised(http.MethodPost, path, `{"size":10000}`, simulator.DefaultToken))
		b.SetBytes(w.bytes)
	}
}

// BenchmarkOpenMillion opens a session on a million subscribers and reports what the simulator then holds for each.
func BenchmarkOpenMillion(b *testing.B) {
	const fleet = 1_000_000
	for b.Loop() {
		before := heap()
		s := simulator.New(simulator.Options{FloLIVE: fleet, Customers: 1})
		w := &discard{header: http.Header{}}
		path := "/api/v2/customer/" + s.CustomerIDs()[0] + "/subscriber-all"
		s.FloLIVE().ServeHTTP(w, authorised(http.MethodPost, path, `{"size":1}`, simulator.DefaultToken))
		b.ReportMetric(float64(heap()-before)/fleet, "bytes/subscriber")
		runtime.KeepAlive(s)
	}
}

// TestFleetHoldsNoRecords bounds what a fleet costs: an index of 4 bytes a subscriber and the slack of a grown slice, for
// rendered records would be 100 times that.
func TestFleetHoldsNoRecords(t *testing.T) {
	const fleet, limit = 200_000, 16
	before := heap()
	s := simulator.New(simulator.Options{FloLIVE: fleet, IoTX: fleet, Customers: 1})
	path := "/api/v2/customer/" + s.CustomerIDs()[0] + "/subscriber-all"
	s.FloLIVE().ServeHTTP(&discard{header: http.Header{}}, authorised(http.MethodPost, path, `{"size":1}`, simulator.DefaultToken))
	s.IoTX().ServeHTTP(&discard{header: http.Header{}}, authorised(http.MethodGet, "/subscribers?orderBy=connectionDate%20ASC", "", simulator.DefaultIoTXToken))
	if got := float64(heap()-before) / (2 * fleet); got > limit {
		t.Errorf("the fleets hold %.1f bytes a subscriber, want at most %d", got, limit)
	}
	runtime.KeepAlive(s)
}

// heap is what is live, in bytes.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // the second empties what pools kept over the first
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func authorised(method, path, body, token string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// discard is a response that only counts.
type discard struct {
	header http.Header
	bytes  int64
}

func (d *discard) Header() http.Header { return d.header }
func (d *discard) WriteHeader(int)     {}
func (d *discard) Flush()              {}
func (d *discard) Write(p []byte) (int, error) {
	d.bytes += int64(len(p))
	return len(p), nil
}
