package fetch

import (
	"maps"
	"sync"
	"sync/atomic"
)

// Outcomes of a request that are not an error's [Kind].
const (
	// OutcomeOK: the answer came and was what had been asked for.
	OutcomeOK = "ok"
	// OutcomeCancelled: the caller gave up before the request had ended.
	OutcomeCancelled = "cancelled"
)

// Counters are what a client has done since it was made.
type Counters struct {
	// Requests counts every request sent, repeats and logins included, by how it
	// ended: [OutcomeOK], [OutcomeCancelled], or the words of a [Kind].
	Requests map[string]int64
	// Retries counts the repeats among the requests.
	Retries int64
	// Bytes counts what was read of answers' bodies, after decompression.
	Bytes int64
}

// Total is the number of all requests.
func (c Counters) Total() int64 {
	var n int64
	for _, requests := range c.Requests {
		n += requests
	}
	return n
}

// Tally counts the requests sent for one purpose, a walk. It is safe for
// concurrent use; its zero value is ready.
type Tally struct{ n atomic.Int64 }

// Requests is the number counted so far.
func (t *Tally) Requests() int64 { return t.n.Load() }

// counters is the client's own, growing copy of Counters.
type counters struct {
	mu sync.Mutex
	c  Counters
}

func (c *counters) request(outcome string, bytes int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.c.Requests == nil {
		c.c.Requests = make(map[string]int64)
	}
	c.c.Requests[outcome]++
	c.c.Bytes += int64(bytes)
}

func (c *counters) retry() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.c.Retries++
}

func (c *counters) read() Counters {
	c.mu.Lock()
	defer c.mu.Unlock()
	snapshot := c.c
	snapshot.Requests = maps.Clone(c.c.Requests)
	return snapshot
}
