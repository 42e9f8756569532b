package flolive

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json"
)

// MaxMoveNodes is how many subscribers one call moves at most: floLIVE's published
// limit for bulk calls.
const MaxMoveNodes = 200

// MoveNode is one subscriber to be moved, and where to.
type MoveNode struct {
	// Type says what Value is: IMSI, ICCID, MSISDN or IMEI.
	Type, Value string
	// TargetCustomerID is the UUID of the new parent customer.
	TargetCustomerID string
}

// MoveResult is what the provider said of one node, as it was sent.
type MoveResult struct {
	MoveNode
	// RequestID names the move that was begun, for [Client.Call]; empty where the node
	// was refused.
	RequestID string
	// Code is the errorCode of a node that was refused, Message its prose. Either is
	// empty where it might hold an identifier.
	Code, Message string
}

// MoveAnswer is what the provider said of the nodes of one call.
type MoveAnswer struct {
	// Accepted: every node has a RequestID, and its move is under way. Where it is
	// false and there is no error, the provider carried out nothing.
	Accepted bool
	// Nodes are those that the provider spoke of, in the order in which they were sent:
	// all of them where Accepted, else the refused ones, or, beside an error, whatever
	// could be read.
	Nodes []MoveResult
}

const moveOp = "move subscribers"

// Move asks for 1 to 200 subscribers to be moved to other customers (floLIVE API v2,
// "Bulk Move Subscriber"). Either all of the moves begin, or none.
//
// A move is not idempotent: it is asked for again only where it surely was not
// carried out (see [fetch.Client.Write]). After fetch.KindLostAnswer the outcome is
// unknown. An answer that does not account for the nodes sent is one too; what it
// does tell is in the MoveAnswer beside the error, and of all other nodes nothing is
// known. After any other error nothing was carried out.
func (c *Client) Move(ctx context.Context, nodes []MoveNode) (MoveAnswer, error) {
	body, err := moveBody(nodes)
	if err != nil {
		return MoveAnswer{}, &fetch.Error{Kind: fetch.KindRefused, Op: moveOp, Err: err}
	}
	call := moveCall{nodes: nodes}
	err = c.http.Write(ctx, fetch.Request{
		Op: moveOp, Method: http.MethodPut, Path: "/api/v2/bulk/subscriber/move",
		Body: body, Refusal: call.refusal,
	}, func(a fetch.Answer) (err error) {
		call.answer, err = readMove(a.Body, nodes)
		return err
	})
	if call.declined { // the list of refused nodes says more than the error
		return call.answer, nil
	}
	return call.answer, err
}

// moveCall is one call, and the answer to it. What an attempt that is made again was
// answered leaves no trace: it tells of no node, or only that all should try again.
type moveCall struct {
	nodes  []MoveNode
	answer MoveAnswer
	// declined: the answer was not 2xx, and it was a list of refused nodes.
	declined bool
}

// refusal reads an answer that is not 2xx. It may list the refused nodes as well as
// one with a status of 200, but where the status alone decides.
func (m *moveCall) refusal(a fetch.Answer) (code string, kind fetch.Kind) {
	if a.Status == http.StatusUnauthorized || a.Status == http.StatusTooManyRequests {
		return refusal(a.Body)
	}
	var err error
	m.answer, err = readMove(a.Body, m.nodes)
	var failed *fetch.Error
	switch {
	case err == nil && !m.answer.Accepted:
		m.declined = true
		return m.answer.Nodes[0].Code, fetch.KindRefused
	case errors.As(err, &failed):
		return failed.Code, failed.Kind
	case len(m.answer.Nodes) > 0: // accepted at least in part, by an answer that says it failed
		m.answer.Accepted = false
		return "", fetch.KindLostAnswer
	}
	return refusal(a.Body)
}

// moveBody words a call. A subscriber named twice is refused, for it can go to one
// customer only, and the answer could not be told apart.
func moveBody(nodes []MoveNode) ([]byte, error) {
	if len(nodes) < 1 || len(nodes) > MaxMoveNodes {
		return nil, fmt.Errorf("%d subscribers in one call, must be 1 to %d", len(nodes), MaxMoveNodes)
	}
	bulk := make([]moveWire, len(nodes))
	seen := make(map[nodeKey]bool, len(nodes))
	for i, n := range nodes {
		key := keyOf(n.Type, n.Value)
		switch {
		case !slices.Contains([]string{"IMSI", "ICCID", "MSISDN", "IMEI"}, n.Type):
			return nil, fmt.Errorf("subscriber %d of the call is named by %q, must be IMSI, ICCID, MSISDN or IMEI", i+1, n.Type)
		case n.Value == "", n.TargetCustomerID == "":
			return nil, fmt.Errorf("subscriber %d of the call has no value or no target", i+1)
		case seen[key]:
			return nil, fmt.Errorf("subscriber %d of the call is named twice", i+1)
		}
		seen[key] = true
		bulk[i].Identifiers.Type, bulk[i].Identifiers.Value = n.Type, n.Value
		bulk[i].Content.TargetCustomerID = n.TargetCustomerID
	}
	body, err := json.Marshal(map[string][]moveWire{"bulk": bulk})
	if err != nil {
		return nil, errors.New("a subscriber of the call is not valid UTF-8")
	}
	return body, nil
}

// moveWire is a node on its way to the provider.
type moveWire struct {
	Identifiers struct {
		Type  string `json:"type"`
		Value string `json:"value"`
	} `json:"subscriberIdentifiers"`
	Content struct {
		TargetCustomerID string `json:"targetCustomerId"`
	} `json:"content"`
}

// nodeKey finds a node by what it is named by.
type nodeKey struct{ kind, value string }

func keyOf(kind, value string) nodeKey {
	return nodeKey{strings.ToUpper(strings.TrimSpace(kind)), strings.TrimSpace(value)}
}
