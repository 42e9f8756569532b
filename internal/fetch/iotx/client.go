package iotx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"simsync/internal/fetch"
)

// The bounds and defaults of a walk. MaxPageSize is the provider's (IoT-X, 4.0
// Subscribers), the others are ours.
const (
	MaxPageSize        = 100
	DefaultConcurrency = 4
	DefaultOverlap     = 5
	DefaultMaxRecords  = 10_000_000
	maxMaxRecords      = 1 << 30 // a place is kept in 32 bits
)

// Options are the settings of an IoT-X source.
type Options struct {
	// Client is the address, the token, the rate and the rest that is not IoT-X's
	// own. Its Refusal is set here.
	Client fetch.Options
	// PageSize is the records asked for in one call, 1 to 100; 0: 100. Pages of one
	// record cannot overlap: such a walk is never proved complete.
	PageSize int
	// Concurrency is how many pages are asked for at the same time; 0: 4.
	Concurrency int
	// Overlap is how many records each page repeats of the one before; 0: 5. At
	// most half a page does.
	Overlap int
	// MaxRecords ends a list that never ends: a multiple of what is known of the
	// source; 0: 10 million.
	MaxRecords int64
	// Filter narrows the list, as [ConnectedBetween] words it; empty: all.
	Filter string
}

// Client reads one IoT-X account. It is safe for concurrent use.
type Client struct {
	http        *fetch.Client
	pageSize    int
	concurrency int
	overlap     int
	maxRecords  int64
	filter      string
}

// New checks the options and makes a client. Nothing is sent yet.
func New(o Options) (*Client, error) {
	c := &Client{
		pageSize: orDefault(o.PageSize, MaxPageSize), concurrency: orDefault(o.Concurrency, DefaultConcurrency),
		overlap: orDefault(o.Overlap, DefaultOverlap), maxRecords: orDefault(o.MaxRecords, DefaultMaxRecords), filter: o.Filter,
	}
	switch {
	case c.pageSize < 1 || c.pageSize > MaxPageSize:
		return nil, fmt.Errorf("page size is %d, must be 1 to %d", c.pageSize, MaxPageSize)
	case c.concurrency < 1:
		return nil, fmt.Errorf("concurrency is %d, must be at least 1", c.concurrency)
	case c.overlap < 1:
		return nil, fmt.Errorf("overlap is %d, must be at least 1", c.overlap)
	case c.maxRecords < 1 || c.maxRecords > maxMaxRecords:
		return nil, fmt.Errorf("most records is %d, must be 1 to %d", c.maxRecords, maxMaxRecords)
	case o.Client.Token == "":
		return nil, errors.New("no token is given")
	}
	c.overlap = min(c.overlap, c.pageSize/2)
	o.Client.Refusal = refusal
	var err error
	c.http, err = fetch.New(o.Client)
	return c, err
}

func orDefault[N int | int64](n, otherwise N) N {
	if n == 0 {
		return otherwise
	}
	return n
}

// Walk prepares to read the account's whole list, or what of it the filter lets
// through.
func (c *Client) Walk() *Walk { return &Walk{client: c} }

// Subscriber reads one subscriber by its physicalId, in the provider's own
// spelling, and tells when the answer had come. One that the provider does not
// have is fetch.KindNotFound.
func (c *Client) Subscriber(ctx context.Context, physicalID string) (fetch.Record[Subscriber], time.Time, error) {
	var record fetch.Record[Subscriber]
	var receivedAt time.Time
	if !fitsPath(physicalID) {
		return record, receivedAt, &fetch.Error{Kind: fetch.KindRefused, Op: "read a subscriber", Err: errNoName}
	}
	err := c.http.Do(ctx, fetch.Request{
		Op: "read a subscriber", Method: http.MethodGet, Repeatable: true,
		Path:  "/subscribers/" + url.PathEscape(physicalID),
		Shown: "/subscribers/" + masked(physicalID),
	}, takeOne(&record, &receivedAt))
	return record, receivedAt, err
}

// takeOne reads an answer that holds one subscriber.
func takeOne(record *fetch.Record[Subscriber], receivedAt *time.Time) func(fetch.Answer) error {
	return func(a fetch.Answer) error {
		raw, err := readOne(a.Body)
		if err != nil {
			return err
		}
		*record, *receivedAt = fetch.ReadRecord[Subscriber](raw), a.ReceivedAt
		return nil
	}
}

// fitsPath tells whether a path can name a subscriber by id: it would name the list
// otherwise, or its parent.
func fitsPath(id string) bool { return id != "" && id != "." && id != ".." }

var errNoName = errors.New("its physicalId cannot stand in a path")

// Check makes one small read: a page of one record.
func (c *Client) Check(ctx context.Context) error {
	_, err := c.list(ctx, 0, 1, 0, nil)
	return err
}

// Counters tells what the client has sent so far.
func (c *Client) Counters() fetch.Counters { return c.http.Counters() }

// Close lets idle connections go. The client stays usable.
func (c *Client) Close() { c.http.Close() }

// page is one answer of the list.
type page struct {
	offset  int
	records []fetch.Record[Subscriber]
	answer  fetch.Answer
}

// order makes new subscribers come last. No field that the list can be ordered by
// is unique, so that records of one moment may stand in any order.
const order = "connectionDate ASC"

// list asks for one page. A 404 past the first record is an end like an empty
// page.
func (c *Client) list(ctx context.Context, offset, limit, sizeHint int, tally *fetch.Tally) (page, error) {
	query := url.Values{
		"limit":   {strconv.Itoa(limit)},
		"offset":  {strconv.Itoa(offset)},
		"orderBy": {order},
	}
	if c.filter != "" {
		query.Set("filter", c.filter)
	}
	p := page{offset: offset}
	err := c.http.Do(ctx, fetch.Request{
		Op: "list subscribers", Method: http.MethodGet, Path: "/subscribers", Query: query,
		Repeatable: true, SizeHint: sizeHint, Tally: tally,
	}, func(a fetch.Answer) error {
		raws, err := readList(a.Body)
		if err != nil {
			return err
		}
		p.records, p.answer = fetch.ReadRecords[Subscriber](raws), a
		return nil
	})
	if offset > 0 && errors.Is(err, fetch.KindNotFound) {
		return p, nil
	}
	return p, err
}

// masked shows the ends of an identifier, never more than half of it.
func masked(id string) string {
	shown := min(4, len(id)/4)
	return id[:shown] + "..." + id[len(id)-shown:]
}
