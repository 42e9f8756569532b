package simulator

import (
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
)

// Provider is one of the two.
type Provider string

// The providers.
const (
	FloLIVE Provider = "flolive"
	IoTX    Provider = "iotx"
)

// RequestKind is what a request asks for.
type RequestKind string

// The kinds of request. Other is a path that the provider does not know.
const (
	Login          RequestKind = "login"
	SubscriberAll  RequestKind = "subscriber-all"
	ChildCustomers RequestKind = "child-customers"
	Detail         RequestKind = "detail"
	Profiles       RequestKind = "profiles"
	Move           RequestKind = "move"
	CallStatus     RequestKind = "call-status"
	List           RequestKind = "list"
	One            RequestKind = "one"
	Nickname       RequestKind = "nickname"
	Other          RequestKind = "other"
)

// requestKinds is all of them.
var requestKinds = []RequestKind{
	Login, SubscriberAll, ChildCustomers, Detail, Profiles, Move, CallStatus, List, One, Nickname, Other,
}

// request is a request as understood before anything is answered.
type request struct {
	provider   Provider
	kind       RequestKind
	path       string
	bearer     string
	customer   string // subscriber-all and child-customers
	physicalID string // one and nickname
	idType     string // detail and profiles: what value is
	value      string // detail, profiles and call-status
	query      url.Values
	body       []byte
	pit        subscriberAllRequest
	malformed  bool   // the body of a subscriber-all request is not one
	session    uint64 // the floLIVE session that it continues; 0: none
}

// maxRequestBody is more than any of the providers' requests needs.
const maxRequestBody = 1 << 20

// understand reads a request whole. The body must be read before a connection's end can be noticed.
func understand(provider Provider, d dice, r *http.Request) (*request, error) {
	q := &request{provider: provider, kind: Other, path: r.URL.Path, query: r.URL.Query()}
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		q.bearer = token
	}
	var err error
	if q.body, err = io.ReadAll(io.LimitReader(r.Body, maxRequestBody)); err != nil {
		return nil, err
	}
	if provider == IoTX {
		q.routeIoTX(r)
	} else {
		q.routeFloLIVE(r)
	}
	if q.kind == SubscriberAll {
		q.malformed = json.Unmarshal(q.body, &q.pit) != nil
		if !q.pit.opening() {
			q.session, _, _ = readPITName(d, *q.pit.PITID)
		}
	}
	return q, nil
}

func (q *request) routeFloLIVE(r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/api/v2/"), "/")
	switch {
	case r.Method == http.MethodPost && r.URL.Path == "/api/v2/auth/token":
		q.kind = Login
	case len(parts) != 3 || parts[0] != "customer":
		q.routeSubscribers(r)
	case r.Method == http.MethodPost && parts[2] == "subscriber-all":
		q.kind, q.customer = SubscriberAll, parts[1]
	case r.Method == http.MethodGet && parts[2] == "child-customers":
		q.kind, q.customer = ChildCustomers, parts[1]
	}
}

// routeSubscribers knows the paths that are about single subscribers.
func (q *request) routeSubscribers(r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/api/"), "/")
	get, count := r.Method == http.MethodGet, len(parts)
	switch {
	case r.Method == http.MethodPut && r.URL.Path == "/api/v2/bulk/subscriber/move":
		q.kind = Move
	case get && count == 4 && parts[0] == "v2" && parts[1] == "subscriber":
		q.kind, q.idType, q.value = Detail, parts[2], parts[3]
	case get && count == 5 && parts[0] == "v2" && parts[1] == "subscriber" && parts[4] == "profiles":
		q.kind, q.idType, q.value = Profiles, parts[2], parts[3]
	case get && count == 4 && parts[0] == "v3" && parts[1] == "global" && parts[2] == "call":
		q.kind, q.value = CallStatus, parts[3]
	}
}

func (q *request) routeIoTX(r *http.Request) {
	patch := r.Method == http.MethodPatch
	if r.Method != http.MethodGet && !patch {
		return
	}
	id, one := strings.CutPrefix(r.URL.EscapedPath(), "/subscribers/")
	switch {
	case r.URL.Path == "/subscribers" && !patch:
		q.kind = List
	case one && id != "" && !strings.Contains(id, "/"):
		if plain, err := url.PathUnescape(id); err == nil {
			q.kind, q.physicalID = One, plain
			if patch {
				q.kind = Nickname
			}
		}
	}
}
