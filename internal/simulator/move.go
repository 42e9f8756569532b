package simulator

import (
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// maxBulk is how many nodes a bulk call may have: a published limit.
const maxBulk = 200

// bulkMoveRequest is the body of a move (floLIVE API v2, Bulk Move Subscriber).
type bulkMoveRequest struct {
	Bulk []moveNode `json:"bulk"`
}

// moveNode asks to move one subscriber.
type moveNode struct {
	SubscriberIdentifiers struct {
		Type  string `json:"type"` // upper case, unlike in paths
		Value string `json:"value"`
	} `json:"subscriberIdentifiers"`
	Content struct {
		TargetCustomerID string `json:"targetCustomerId"`
	} `json:"content"`
}

func (n moveNode) kind() idKind { return idKind(strings.ToLower(n.SubscriberIdentifiers.Type)) }

// valid says whether a type is one of the published words.
func (n moveNode) valid() bool {
	word := n.SubscriberIdentifiers.Type
	return word == strings.ToUpper(word) && slices.Contains(idKinds, n.kind())
}

// nodeOutcome is a node of the answer: refused with a code, or accepted with a request id.
type nodeOutcome struct {
	moveNode

	code, message, requestID string
}

// bulkMove accepts a call whole or not at all: one node that fails is enough, and only the failed come back.
func (s *Simulator) bulkMove(body []byte, hit strikes) reply {
	var asked bulkMoveRequest
	if json.Unmarshal(body, &asked) != nil || len(asked.Bulk) == 0 {
		return failure(http.StatusBadRequest, codeBadParameter, "Malformed request")
	}
	if len(asked.Bulk) > maxBulk {
		return failure(http.StatusBadRequest, codeBadParameter, "Too many elements in bulk")
	}
	if slices.ContainsFunc(asked.Bulk, func(n moveNode) bool { return !n.valid() }) {
		return failure(http.StatusBadRequest, codeBadParameter, "Invalid type")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	refused, moves := s.checkMoves(asked.Bulk, hit)
	if len(refused) > 0 {
		return jsonReply(http.StatusOK, appendBulk(nil, refused))
	}
	callID := s.accept(moves, hit)
	accepted := make([]nodeOutcome, 0, len(moves))
	for i, m := range moves {
		accepted = append(accepted, nodeOutcome{moveNode: asked.Bulk[i], requestID: m.RequestID})
	}
	r := jsonReply(http.StatusAccepted, appendBulk(nil, accepted))
	r.requestID = callID
	return r
}

// checkMoves looks every node up. The moves are only good where none is refused.
func (s *Simulator) checkMoves(nodes []moveNode, hit strikes) (refused []nodeOutcome, moves []*acceptedMove) {
	f, refuses := hit.get(RefuseNode)
	for i, n := range nodes {
		found := s.flolive.find(n.kind(), n.SubscriberIdentifiers.Value, s.night)
		code, message := s.checkMove(n, found)
		if refuses && i < f.by(1) {
			code, message = codeBadState, "Operation is not allowed in the subscriber's present state"
		}
		if code != "" {
			refused = append(refused, nodeOutcome{moveNode: n, code: code, message: message})
			continue
		}
		m := &acceptedMove{FloLIVEMove: FloLIVEMove{
			Type: n.SubscriberIdentifiers.Type, Value: n.SubscriberIdentifiers.Value, TargetCustomerID: n.Content.TargetCustomerID,
		}}
		for _, r := range found {
			m.numbers = append(m.numbers, r.number)
		}
		moves = append(moves, m)
	}
	return refused, moves
}

// checkMove says what is wrong with a node. Who is attached to the target already is not eligible; which code that has is not
// public, and the one for a target that is not found is the least helpful.
func (s *Simulator) checkMove(n moveNode, found []foundFloLIVE) (code, message string) {
	target := n.Content.TargetCustomerID
	elsewhere := func(r foundFloLIVE) bool { return r.customer.id != target }
	switch {
	case len(found) == 0:
		return codeNoSubscriber, "Subscriber does not exist"
	case !s.flolive.knows(target), !slices.ContainsFunc(found, elsewhere):
		return codeNoTarget, "Failed to find target customer"
	}
	return "", ""
}

// appendBulk renders the answer. The pageable object is the one of the page's examples: it means nothing here.
func appendBulk(dst []byte, nodes []nodeOutcome) []byte {
	dst = append(dst, `{"bulk":[`...)
	for i, n := range nodes {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendMember(dst, `{"errorCode":`, n.code)
		dst = appendMember(dst, `,"errorMessage":`, n.message)
		dst = appendMember(dst, `,"requestId":`, n.requestID)
		dst = appendMember(dst, `,"subscriberIdentifiers":{"type":`, n.SubscriberIdentifiers.Type)
		dst = appendMember(dst, `,"value":`, n.SubscriberIdentifiers.Value)
		dst = append(appendMember(dst, `},"content":{"targetCustomerId":`, n.Content.TargetCustomerID), "}}"...)
	}
	return append(dst, `],"pageable":{"page":0,"size":10,"totalPages":1,"totalElements":1}}`...)
}
