package flolive

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

var (
	errNoBulk     = errors.New("the answer holds no list of nodes")
	errStrangers  = errors.New("the answer speaks of nodes that were not sent, or of one twice")
	errContradict = errors.New("the answer accepts some nodes and refuses others")
)

// moveReply is one node of an answer.
type moveReply struct {
	ErrorCode   jsontext.Value `json:"errorCode"`
	Message     jsontext.Value `json:"errorMessage"`
	RequestID   jsontext.Value `json:"requestId"`
	Identifiers struct {
		Type  jsontext.Value `json:"type"`
		Value jsontext.Value `json:"value"`
	} `json:"subscriberIdentifiers"`
	Content jsontext.Value `json:"content"`
}

// readMove reads an answer to a move of nodes: an error by itself, or a list of
// nodes, either all accepted or the refused ones alone. An error without a kind means
// that the answer leaves open what was done; what could be read comes with it.
func readMove(body []byte, nodes []MoveNode) (MoveAnswer, error) {
	envelope, err := fetch.ReadEnvelope(body)
	if err != nil {
		return MoveAnswer{}, err
	}
	if code := errorCode(envelope); code != "" {
		return MoveAnswer{}, &fetch.Error{Kind: kindOfMove(code), Code: fetch.Code(code)}
	}
	var replies []moveReply
	bulk := envelope.Members["bulk"]
	if bulk.Kind() != '[' || json.Unmarshal(bulk, &replies) != nil || len(replies) == 0 {
		return MoveAnswer{}, errNoBulk
	}
	t := newMoveTable(nodes)
	for i := range replies {
		t.enter(&replies[i])
	}
	return t.answer()
}

// kindOfMove classifies the errorCode of a whole call. Of the provider's own errors
// only "try again" says that nothing was done.
func kindOfMove(code string) fetch.Kind {
	switch kind := kindOfCode(code); {
	case kind == fetch.KindNotFound:
		return fetch.KindRefused
	case code != tryAgain && strings.HasPrefix(code, "GLOBAL_"):
		return fetch.KindLostAnswer
	default:
		return kind
	}
}

// tryAgain is the errorCode for "Service unavailable. Please try again".
const tryAgain = "GLOBAL_1001"

// moveTable sets what an answer tells against the nodes sent.
type moveTable struct {
	results []MoveResult
	index   map[nodeKey]int
	told    []bool // by index: the answer spoke of the node
	// accepted and refused count the nodes of the answer, strangers those that
	// cannot be matched.
	accepted, refused, strangers int
	again                        int // of the refused: those of tryAgain
}

func newMoveTable(nodes []MoveNode) *moveTable {
	t := &moveTable{
		results: make([]MoveResult, len(nodes)), index: make(map[nodeKey]int, len(nodes)), told: make([]bool, len(nodes)),
	}
	for i, n := range nodes {
		t.results[i].MoveNode = n
		t.index[keyOf(n.Type, n.Value)] = i
	}
	return t
}

// enter takes in one node of the answer. One that has neither an errorCode nor a
// requestId tells nothing, and counts as not spoken of.
func (t *moveTable) enter(r *moveReply) {
	code := errorCode(fetch.Envelope{Members: map[string]jsontext.Value{"errorCode": r.ErrorCode}})
	requestID := requestIDOf(r.RequestID)
	switch {
	case code != "" && requestID != "":
		t.strangers++ // both at once is neither
		return
	case code == "" && requestID == "":
		return
	}
	i, sent := t.index[keyOf(plain(r.Identifiers.Type), plain(r.Identifiers.Value))]
	if !sent || t.told[i] || !aims(r.Content, t.results[i].TargetCustomerID) {
		t.strangers++
		return
	}
	t.told[i] = true
	if code == "" {
		t.accepted++
		t.results[i].RequestID = requestID
		return
	}
	t.refused++
	if code == tryAgain {
		t.again++
	}
	t.results[i].Code, t.results[i].Message = fetch.Code(code), message(plain(r.Message))
}

// answer sums up. Only an answer that is all of one kind, and for the accepted ones
// whole, leaves nothing open.
func (t *moveTable) answer() (MoveAnswer, error) {
	var a MoveAnswer
	for i, told := range t.told {
		if told {
			a.Nodes = append(a.Nodes, t.results[i])
		}
	}
	switch {
	case t.strangers > 0:
		return a, errStrangers
	case t.accepted > 0 && t.refused > 0:
		return a, errContradict
	case t.refused > 0 && t.refused == t.again:
		return MoveAnswer{}, &fetch.Error{Kind: fetch.KindErrorAnswer, Code: tryAgain}
	case t.refused > 0:
		return a, nil
	case t.accepted < len(t.told):
		return a, fmt.Errorf("the answer does not account for %d of %d nodes", len(t.told)-t.accepted, len(t.told))
	}
	a.Accepted = true
	return a, nil
}

// aims tells whether the content that comes back names the target that was sent.
// It may be left out.
func aims(content jsontext.Value, target string) bool {
	var c struct {
		Target jsontext.Value `json:"targetCustomerId"`
	}
	if content.Kind() != '{' || json.Unmarshal(content, &c) != nil {
		return true
	}
	echo := plain(c.Target)
	return echo == "" || strings.EqualFold(echo, strings.TrimSpace(target))
}

// plain reads a string, or a number as it is written; anything else is empty.
func plain(raw jsontext.Value) string {
	if raw.Kind() == '0' {
		return string(raw)
	}
	s, _ := text(raw)
	return strings.TrimSpace(s)
}

// longestRequestID bounds what is taken for a requestId, which should be a UUID.
const longestRequestID = 64

// requestIDOf reads a requestId; empty where there is none that could be asked for.
func requestIDOf(raw jsontext.Value) string {
	id := plain(raw)
	unfit := func(r rune) bool { return r <= ' ' || r > '~' }
	if len(id) > longestRequestID || strings.ContainsFunc(id, unfit) {
		return ""
	}
	return id
}

const (
	// longestMessage bounds in bytes the prose that is kept of a refusal.
	longestMessage = 200
	// longestNumber is from how many digits on a number may be a subscriber's, the
	// spaces and dashes in it left aside.
	longestNumber = 6
)

// message returns s if a person may read it anywhere: short, printable, and
// without a number that could be an identifier; else it is empty.
func message(s string) string {
	if len(s) > longestMessage || !utf8.ValidString(s) {
		return ""
	}
	digits := 0
	for _, r := range s {
		switch {
		case !unicode.IsPrint(r):
			return ""
		case unicode.IsDigit(r):
			digits++
		case r != ' ' && r != '-':
			digits = 0
		}
		if digits == longestNumber {
			return ""
		}
	}
	return s
}
