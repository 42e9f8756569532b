package simulator

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// reply is an answer before it goes over the wire.
type reply struct {
	status      int
	contentType string
	retryAfter  string
	requestID   string // of a bulk call
	body        []byte
	records     int
	buffer      *[]byte // the pooled buffer that body lies in, if any
}

func jsonReply(status int, body []byte) reply {
	return reply{status: status, contentType: "application/json", body: body}
}

// buffers holds the bodies of chunks, up to 5 MB each.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

func getBuffer() *[]byte { return buffers.Get().(*[]byte) }

// provider serves one provider: understand, count, wait, strike, answer, send.
func (s *Simulator) provider(p Provider) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q, err := understand(p, s.dice, r)
		if err != nil {
			panic(http.ErrAbortHandler) // the client left in the middle of its request
		}
		hit := s.arrive(q)
		var left sync.Once
		defer left.Do(func() { s.depart(q, reply{}) }) // a connection that is cut
		if wait(r.Context(), s.options.Latency) != nil {
			panic(http.ErrAbortHandler)
		}
		answer := s.answer(q, hit)
		s.send(w, r, answer, hit, func() { left.Do(func() { s.depart(q, answer) }) })
	})
}

// arrive counts a request in and decides which faults strike it.
func (s *Simulator) arrive(q *request) strikes {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.enter(q)
	s.settleDue(time.Now())
	return s.strike(q)
}

func (s *Simulator) depart(q *request, answer reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.leave(q)
	s.stats.Statuses[answer.status]++
	s.stats.Records += answer.records
}

// answer is what the provider has to say, or what stands in front of it and says no.
func (s *Simulator) answer(q *request, hit strikes) reply {
	if r, turned := turnAway(q, hit); turned {
		return r
	}
	var r reply
	if q.provider == IoTX {
		r = s.serveIoTX(q, hit)
	} else {
		r = s.serveFloLIVE(q, hit)
	}
	return replaced(r, hit)
}

// send puts an answer on the wire, or as much of it as the faults let through. A connection that is cut ends the handler with
// [http.ErrAbortHandler], which the server takes as the order to cut it. The request is counted out by leave, before the last
// byte goes: a client that has its answer may ask again, and is not to be counted twice.
func (s *Simulator) send(w http.ResponseWriter, r *http.Request, answer reply, hit strikes, leave func()) {
	if answer.buffer != nil {
		defer buffers.Put(answer.buffer)
	}
	if hit.has(Hang) {
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	}
	if hit.has(LostAnswer) {
		panic(http.ErrAbortHandler)
	}
	header := w.Header()
	header.Set("Content-Type", answer.contentType)
	if answer.retryAfter != "" {
		header.Set("Retry-After", answer.retryAfter)
	}
	if answer.requestID != "" {
		header.Set("Request-Id", answer.requestID)
	}
	if f, ok := hit.get(OversizedBody); ok {
		s.sendOversized(w, answer, f, leave)
		return
	}
	body := answer.body
	if s.options.Gzip && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		body = compress(body)
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(answer.status)
	switch f, slow := hit.get(SlowBody); {
	case hit.has(TruncatedBody):
		s.write(w, body[:len(body)/2])
		panic(http.ErrAbortHandler)
	case slow:
		s.trickle(w, r, body, f, leave)
	default:
		leave()
		s.write(w, body)
	}
}

// write sends bytes at once and counts them. An error means that the client left, which is its right.
func (s *Simulator) write(w http.ResponseWriter, body []byte) {
	n, err := w.Write(body)
	if err == nil {
		_ = http.NewResponseController(w).Flush()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Bytes += int64(n)
}

// trickle sends a body in pieces, evenly over the fault's delay. Nothing but the headers comes at once.
func (s *Simulator) trickle(w http.ResponseWriter, r *http.Request, body []byte, f Fault, leave func()) {
	const pieces = 10
	_ = http.NewResponseController(w).Flush()
	for i := range pieces {
		if wait(r.Context(), f.delay()/pieces) != nil {
			panic(http.ErrAbortHandler)
		}
		if i == pieces-1 {
			leave()
		}
		s.write(w, body[len(body)*i/pieces:len(body)*(i+1)/pieces])
	}
}

// sendOversized sends a body with megabytes of white space in front: valid JSON, and more than anyone should read.
func (s *Simulator) sendOversized(w http.ResponseWriter, answer reply, f Fault, leave func()) {
	w.WriteHeader(answer.status)
	blank := bytes.Repeat([]byte(" "), 1<<20)
	for range f.by(defaultOversize) {
		if _, err := w.Write(blank); err != nil {
			return
		}
	}
	leave()
	s.write(w, answer.body)
}

// compress is gzip at its fastest: this is the provider's time, not the client's.
func compress(body []byte) []byte {
	var buf bytes.Buffer
	z, _ := gzip.NewWriterLevel(&buf, gzip.BestSpeed) // the level is valid
	_, _ = z.Write(body)                              // a bytes.Buffer takes everything
	_ = z.Close()
	return buf.Bytes()
}

// wait sleeps unless the client leaves.
func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
