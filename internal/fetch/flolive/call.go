package flolive

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// CallStatus is how far the provider is with a request that it carries out after it
// has accepted it.
type CallStatus string

// The statuses, as the provider words them, but for the last.
const (
	CallOpen          CallStatus = "OPEN"
	CallSuccess       CallStatus = "SUCCESS"
	CallFailure       CallStatus = "FAILURE"
	CallInternalError CallStatus = "INTERNAL_ERROR"
	// CallUnknown is any other word.
	CallUnknown CallStatus = "UNKNOWN"
)

// Call asks how far a request is, by the requestId that it was accepted under. Not
// every provider has this: where there is no such path, or no such request, the error
// is fetch.KindNotFound.
func (c *Client) Call(ctx context.Context, requestID string) (CallStatus, error) {
	const op = "read a request's status"
	if requestID == "" || requestID == "." || requestID == ".." { // the path would name something else
		return "", &fetch.Error{Kind: fetch.KindRefused, Op: op, Err: errNoValue}
	}
	var status CallStatus
	err := c.http.Do(ctx, fetch.Request{
		Op: op, Method: http.MethodGet, Repeatable: true,
		Path: "/api/v3/global/call/" + url.PathEscape(requestID), Refusal: refusalOfCall,
	}, func(a fetch.Answer) (err error) {
		status, err = readCall(a.Body, requestID)
		return err
	})
	return status, err
}

// refusalOfCall reads an answer that is not 2xx: a method that is not allowed is a
// path that is not there.
func refusalOfCall(a fetch.Answer) (code string, kind fetch.Kind) {
	if a.Status == http.StatusMethodNotAllowed {
		return "", fetch.KindNotFound
	}
	return refusal(a.Body)
}

// readCall reads {"requestId","status"}, by itself or as the content of an envelope.
func readCall(body []byte, requestID string) (CallStatus, error) {
	envelope, err := fetch.ReadEnvelope(body)
	if err != nil {
		return "", err
	}
	if err := success(envelope); err != nil {
		return "", err
	}
	raw := jsontext.Value(body)
	if inner, err := content(envelope); err == nil && len(inner) == 1 {
		raw = inner[0]
	}
	var call struct {
		RequestID jsontext.Value `json:"requestId"`
		Status    jsontext.Value `json:"status"`
	}
	if raw.Kind() != '{' || json.Unmarshal(raw, &call) != nil {
		return "", errors.New("the answer is not about a request")
	}
	if echo := plain(call.RequestID); echo != "" && !strings.EqualFold(echo, requestID) {
		return "", errors.New("the answer is about another request")
	}
	switch status := CallStatus(strings.ToUpper(plain(call.Status))); status {
	case "":
		return "", errors.New("the answer holds no status")
	case CallOpen, CallSuccess, CallFailure, CallInternalError:
		return status, nil
	default:
		return CallUnknown, nil
	}
}
