package flolive

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ErrPartial is the cause of an error that comes with records: by its own count the
// provider has more of them, and how to ask for those is not documented. What was
// read is true, and absence proves nothing.
var ErrPartial = errors.New("the answer holds a part of the records only")

var (
	errNoRecord = errors.New("the answer holds no record")
	errNoPath   = errors.New("the provider knows no such path: is the base URL right?")
	errNoValue  = errors.New("the value asked for cannot stand in a path")
)

// Details reads the details of the subscribers that have an ICCID, and tells when the
// answer had come. There may be several records: those of a parent's and of a child
// customer's subscriber, in any order. An ICCID that the provider does not know
// (SUBSCRIBER_1002, or no record) is fetch.KindNotFound. A lost answer is asked
// for again. Records may come with an error, [ErrPartial].
func (c *Client) Details(ctx context.Context, iccid string) ([]fetch.Record[Detail], time.Time, error) {
	return ask[Detail](ctx, c, "read a subscriber's details", "iccid", iccid, "")
}

// Profiles reads the profiles on an eUICC, by its EID; the rest is as of
// [Client.Details].
func (c *Client) Profiles(ctx context.Context, eid string) ([]fetch.Record[Profile], time.Time, error) {
	return ask[Profile](ctx, c, "read the profiles of an EID", "eid", eid, "/profiles")
}

// ask reads all records of GET /api/v2/subscriber/{kind}/{value} and what follows.
func ask[R any](ctx context.Context, c *Client, op, kind, value, rest string) ([]fetch.Record[R], time.Time, error) {
	if value == "" || value == "." || value == ".." { // the path would name something else
		return nil, time.Time{}, &fetch.Error{Kind: fetch.KindRefused, Op: op, Err: errNoValue}
	}
	var raws []jsontext.Value
	var whole bool
	var receivedAt time.Time
	err := c.http.Do(ctx, fetch.Request{
		Op: op, Method: http.MethodGet, Repeatable: true,
		Path:  "/api/v2/subscriber/" + kind + "/" + url.PathEscape(value) + rest,
		Shown: "/api/v2/subscriber/" + kind + "/{value}" + rest,
	}, func(a fetch.Answer) (err error) {
		raws, whole, err = readRecords(a.Body)
		receivedAt = a.ReceivedAt
		return err
	})
	if err != nil {
		return nil, time.Time{}, ofSubscriber(err)
	}
	records := fetch.ReadRecords[R](raws)
	if !whole {
		return records, receivedAt, &fetch.Error{Kind: fetch.KindRefused, Op: op, Err: ErrPartial}
	}
	return records, receivedAt, nil
}

// readRecords reads the content of an answer with a 2xx status. whole is false where
// pageable tells of more.
func readRecords(body []byte) (raws []jsontext.Value, whole bool, err error) {
	envelope, err := fetch.ReadEnvelope(body)
	if err != nil {
		return nil, false, err
	}
	if err := success(envelope); err != nil {
		return nil, false, err
	}
	if raws, err = content(envelope); err != nil {
		return nil, false, err
	}
	if len(raws) == 0 {
		return nil, false, &fetch.Error{Kind: fetch.KindNotFound, Err: errNoRecord}
	}
	return raws, !more(envelope.Members["pageable"], len(raws)), nil
}

// more tells whether pageable says that there is more than the records read. It may
// be an object, "" or null, and its numbers are not to be relied on: the page on bulk
// moves counts two nodes as one. So only a number too large tells anything.
func more(pageable jsontext.Value, read int) bool {
	var p struct {
		TotalPages    jsontext.Value `json:"totalPages"`
		TotalElements jsontext.Value `json:"totalElements"`
	}
	if pageable.Kind() != '{' || json.Unmarshal(pageable, &p) != nil {
		return false
	}
	return count(p.TotalPages) > 1 || count(p.TotalElements) > int64(read)
}

// count reads a number that may come as a string; 0 where there is none.
func count(raw jsontext.Value) int64 {
	digits := string(raw)
	if s, ok := text(raw); ok {
		digits = s
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// ofSubscriber tells what there is no subscriber of from a path that is not there,
// which says nothing of the subscriber: with a wrong base URL all would seem gone.
func ofSubscriber(err error) error {
	var failed *fetch.Error
	if !errors.As(err, &failed) || failed.Kind != fetch.KindNotFound || failed.Code != "" || failed.Err != nil {
		return err
	}
	changed := *failed
	changed.Kind, changed.Err = fetch.KindRefused, errNoPath
	return &changed
}
