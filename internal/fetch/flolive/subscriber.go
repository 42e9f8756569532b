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
// (SUBSCRIBER_1002, or no record) is fetch.KindNotFound. A lost answer is asked for
// again. Beside [ErrPartial] there are records.
func (c *Client) Details(ctx context.Context, iccid string) ([]fetch.Record[Detail], time.Time, error) {
	const op = "read a subscriber's details"
	records, receivedAt, err := ask[Detail](ctx, c, op, "iccid/", iccid, "", content)
	if err == nil && len(records) == 0 {
		err = &fetch.Error{Kind: fetch.KindNotFound, Op: op, Err: errNoRecord}
	}
	return records, receivedAt, err
}

// Profiles reads the profiles on an eUICC, by its EID. None is an answer too: all of
// them have left. An EID that the provider does not know (SUBSCRIBER_1002) is
// fetch.KindNotFound; the rest is as of [Client.Details].
func (c *Client) Profiles(ctx context.Context, eid string) ([]fetch.Record[Profile], time.Time, error) {
	return ask[Profile](ctx, c, "read the profiles of an EID", "eid/", eid, "/profiles", listed)
}

// listed gives the records of a content that is a list, or of one record by itself.
// What is no list does not prove that there is nothing.
func listed(e fetch.Envelope) ([]jsontext.Value, error) {
	raws, err := content(e)
	if err == nil && raws == nil {
		return nil, errNoRecord
	}
	return raws, err
}

// ask reads what read finds in the answer to GET /api/v2/subscriber/, kind, value
// and rest.
func ask[R any](
	ctx context.Context, c *Client, op, kind, value, rest string, read func(fetch.Envelope) ([]jsontext.Value, error),
) (records []fetch.Record[R], receivedAt time.Time, err error) {
	if value == "" || value == "." || value == ".." { // the path would name something else
		return nil, time.Time{}, &fetch.Error{Kind: fetch.KindRefused, Op: op, Err: errNoValue}
	}
	var isPart bool
	err = c.http.Do(ctx, fetch.Request{
		Op: op, Method: http.MethodGet, Repeatable: true,
		Path:  "/api/v2/subscriber/" + kind + url.PathEscape(value) + rest,
		Shown: "/api/v2/subscriber/" + kind + "{value}" + rest,
	}, func(a fetch.Answer) error {
		envelope, err := fetch.ReadEnvelope(a.Body)
		if err != nil {
			return err
		}
		if err := success(envelope); err != nil {
			return err
		}
		raws, err := read(envelope)
		records, receivedAt = fetch.ReadRecords[R](raws), a.ReceivedAt
		isPart = more(envelope.Members["pageable"], len(raws))
		return err
	})
	switch {
	case err != nil:
		return nil, time.Time{}, ofSubscriber(err)
	case isPart:
		err = &fetch.Error{Kind: fetch.KindRefused, Op: op, Err: ErrPartial}
	}
	return records, receivedAt, err
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
	if !errors.As(err, &failed) || failed.Kind != fetch.KindNotFound || failed.Code != "" {
		return err
	}
	changed := *failed
	changed.Kind, changed.Err = fetch.KindRefused, errNoPath
	return &changed
}
