package simulator

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// What the page sets for a fetching process (floLIVE API v2, Get All Customer Subscribers).
const (
	defaultKeepAlive = 1  // minutes
	maxKeepAlive     = 30 // minutes
	defaultChunk     = 1000
	maxChunk         = 10_000
)

// floLIVE codes. Of the last three the pages are silent: credentials, parameters and a subscriber's state have codes, but which
// is not public.
const (
	codeNoCustomer   = "CUSTOMER_1002"
	codeTryAgain     = "GLOBAL_1001"
	codeInvalidPIT   = "GLOBAL_1018"
	codeNoRequest    = "GLOBAL_1003"
	codeNoSubscriber = "SUBSCRIBER_1002"
	codeNoDetails    = "SUBSCRIBER_1006"
	codeNoTarget     = "CUSTOMER_1008"
	codeUnauthorised = "AUTH_1001"
	codeBadParameter = "GLOBAL_1002"
	codeBadState     = "SUBSCRIBER_1009"
)

// subscriberAllRequest is the body of a subscriber-all request. What the page calls empty may be missing, null or "".
type subscriberAllRequest struct {
	PITID     *string `json:"pitId"`
	KeepAlive *int    `json:"pitKeepAlive"`
	Size      *int    `json:"size"`
}

func (q subscriberAllRequest) opening() bool { return q.PITID == nil || *q.PITID == "" }

// serveFloLIVE answers a floLIVE request that no fault has turned away.
func (s *Simulator) serveFloLIVE(q *request, hit strikes) reply {
	if q.kind == Login {
		return s.login(q.body)
	}
	if !s.floLIVEAuthorised(q.bearer) {
		return failure(http.StatusUnauthorized, codeUnauthorised, "Unauthorized")
	}
	switch q.kind {
	case SubscriberAll:
		return s.subscriberAll(q, hit)
	case ChildCustomers:
		return s.childCustomers(q.customer)
	case Detail:
		return s.details(q, hit)
	case Profiles:
		return s.profilesOf(q, hit)
	case Move:
		return s.bulkMove(q.body, hit)
	case CallStatus:
		return s.callStatus(q)
	default:
		return noStaticResource(q.path)
	}
}

// login exchanges a username and password for a token.
func (s *Simulator) login(body []byte) reply {
	var credentials struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}
	if err := json.Unmarshal(body, &credentials); err != nil {
		return failure(http.StatusBadRequest, codeBadParameter, "Malformed request")
	}
	if credentials.Username != s.options.Username || credentials.Password != s.options.Password {
		return failure(http.StatusUnauthorized, codeUnauthorised, "Invalid credentials")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	token := "login-" + strconv.FormatUint(mix(uint64(s.dice)+uint64(len(s.tokens))), 36)
	s.tokens[token] = 0
	return jsonReply(http.StatusOK, append(appendMember(nil, `{"content":[{"token":`, token), "}]}"...))
}

// floLIVEAuthorised checks a bearer and counts its use.
func (s *Simulator) floLIVEAuthorised(bearer string) bool {
	if bearer == s.options.Token {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	uses, issued := s.tokens[bearer]
	if !issued || s.options.TokenUses > 0 && uses >= s.options.TokenUses {
		return false
	}
	s.tokens[bearer]++
	return true
}

// subscriberAll opens a session or continues one.
func (s *Simulator) subscriberAll(q *request, hit strikes) reply {
	size, keepAlive := orValue(q.pit.Size, defaultChunk), orValue(q.pit.KeepAlive, defaultKeepAlive)
	if q.malformed {
		return failure(http.StatusBadRequest, codeBadParameter, "Malformed request")
	}
	if size < 1 || size > maxChunk {
		return failure(http.StatusBadRequest, codeBadParameter, "Invalid size")
	}
	if q.pit.opening() && (keepAlive < 1 || keepAlive > maxKeepAlive) {
		return failure(http.StatusBadRequest, codeBadParameter, "Invalid pitKeepAlive")
	}
	chunk, code := s.nextChunk(q, size, time.Duration(keepAlive)*time.Minute, hit)
	switch code {
	case codeNoCustomer:
		return failure(http.StatusOK, code, "Customer does not exist")
	case codeInvalidPIT:
		return invalidPIT()
	}
	return chunk.render()
}

// nextChunk decides what is answered; the code is empty where that is a chunk.
func (s *Simulator) nextChunk(q *request, size int, keepAlive time.Duration, hit strikes) (pitChunk, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var session *pitSession
	var found bool
	if q.pit.opening() {
		if session, found = s.openSession(q.customer, keepAlive); !found {
			return pitChunk{}, codeNoCustomer
		}
		s.stats.Sessions++
	} else if session, found = s.findSession(*q.pit.PITID, q.customer); !found {
		return pitChunk{}, codeInvalidPIT
	}
	if hit.has(Expiry) {
		delete(s.sessions, session.number)
		if !q.pit.opening() {
			return pitChunk{}, codeInvalidPIT
		}
	}
	return session.chunk(s.dice, size, hit), ""
}

// render writes the envelope of a chunk. The pageable object is the one of the page's example: it means nothing here.
func (c pitChunk) render() reply {
	buf := getBuffer()
	dst := append((*buf)[:0], `{"errorCode":"","errorMessage":"","content":`...)
	if c.null {
		dst = append(dst, "null"...)
	} else {
		dst = c.appendContent(dst)
	}
	dst = appendMember(dst, `,"pitId":`, c.pitID)
	dst = scalars{}.appendInt(dst, `,"recordAmount":`, int64(c.amount))
	dst = scalars{}.appendInt(dst, `,"totalRecordAmount":`, int64(c.total))
	dst = append(dst, `,"pageable":{"page":1,"size":10,"totalPages":1,"totalElements":2}}`...)
	*buf = dst
	r := jsonReply(http.StatusOK, dst)
	r.buffer, r.records = buf, len(c.positions)
	return r
}

func (c pitChunk) appendContent(dst []byte) []byte {
	var r FloLIVESubscriber
	dst = append(dst, '[')
	for i, position := range c.positions {
		if i > 0 {
			dst = append(dst, ',')
		}
		c.content.at(position, &r)
		if i < c.spoilt {
			r.Pairs = append([]Pair(nil), r.Pairs...)
			r.spoil(floLIVEBadness[i%(len(floLIVEBadness)-1)], uint64(position))
		}
		dst = appendFloLIVE(dst, &r)
	}
	return append(dst, ']')
}

// childCustomers lists one level of sub-customers. Its fields are not public: the names of subscriber-all are used.
func (s *Simulator) childCustomers(customerID string) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.flolive.listing(customerID, s.night); !known {
		return failure(http.StatusOK, codeNoCustomer, "Customer does not exist")
	}
	dst := []byte(`{"errorCode":"","errorMessage":"","content":[`)
	for i, c := range s.flolive.children(customerID) {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendMember(dst, `{"customerId":`, c.id)
		dst = append(appendMember(dst, `,"customerName":`, c.name), '}')
	}
	return jsonReply(http.StatusOK, append(dst, `],"pageable":""}`...))
}

// failure is a failed answer's envelope, with nothing in content and pageable.
func failure(status int, code, message string) reply {
	dst := appendMember(nil, `{"errorCode":`, code)
	dst = appendMember(dst, `,"errorMessage":`, message)
	return jsonReply(status, append(dst, `,"content":"","pageable":""}`...))
}

// invalidPIT refuses an unknown or expired session. The page gives the code and the envelope; the status is not documented.
func invalidPIT() reply { return failure(http.StatusOK, codeInvalidPIT, "Invalid point in time ID") }

// noStaticResource is how floLIVE's framework answers a path that it does not know.
func noStaticResource(path string) reply {
	dst := appendMember(nil, `{"status":500,"error":"Internal Server Error","message":`, "No static resource "+strings.TrimPrefix(path, "/")+".")
	return jsonReply(http.StatusInternalServerError, append(appendMember(dst, `,"path":`, path), '}'))
}

func orValue(value *int, fallback int) int {
	if value == nil {
		return fallback
	}
	return *value
}
