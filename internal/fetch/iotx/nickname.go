package iotx

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json"
)

// MaxNickname is how many characters a nickname may have (IoT-X, 4.0 Subscribers,
// PatchBody). Who wants to know beforehand compares; SetNickname leaves it to the
// provider.
const MaxNickname = 256

// SetNickname gives a subscriber a nickname, which may be empty, and returns the
// subscriber as the provider then describes it, and when the answer had come.
//
// A name that the provider will not have (400) is fetch.KindRefused, a subscriber
// that it does not have fetch.KindNotFound. After fetch.KindLostAnswer it is not known
// whether the name was set. To set it twice would do no harm, but somebody may have
// set another one in between: so it is repeated only where it surely was not done.
func (c *Client) SetNickname(ctx context.Context, physicalID, nickname string) (fetch.Record[Subscriber], time.Time, error) {
	const op = "set a subscriber's nickname"
	var record fetch.Record[Subscriber]
	var receivedAt time.Time
	if !fitsPath(physicalID) {
		return record, receivedAt, &fetch.Error{Kind: fetch.KindRefused, Op: op, Err: errNoName}
	}
	body, err := json.Marshal(map[string]string{"nickname": nickname})
	if err != nil {
		return record, receivedAt, &fetch.Error{Kind: fetch.KindRefused, Op: op, Err: errNotUTF8}
	}
	err = c.http.Write(ctx, fetch.Request{
		Op: op, Method: http.MethodPatch, Body: body,
		Path:  "/subscribers/" + url.PathEscape(physicalID),
		Shown: "/subscribers/" + masked(physicalID),
	}, takeOne(&record, &receivedAt))
	return record, receivedAt, err
}

var errNotUTF8 = errors.New("the nickname is not valid UTF-8")
