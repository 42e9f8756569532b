package flolive

import (
	"context"
)

// MaxMoveNodes is how many subscribers one call can move (floLIVE API v2; the limit
// is published for bulk calls).
const MaxMoveNodes = 200

// MoveNode is one subscriber to be moved, and where to.
type MoveNode struct {
	// Type says what Value is: IMSI, ICCID, MSISDN or IMEI.
	Type, Value string
	// TargetCustomerID is the UUID of the new parent customer.
	TargetCustomerID string
}

// MoveResult is what the provider said of one node.
type MoveResult struct {
	MoveNode
	// RequestID names the move that was begun, for [Client.Call]; empty where the node
	// was refused.
	RequestID string
	// Code is the provider's errorCode, Message its words; either is empty where it
	// looks as though it held an identifier.
	Code, Message string
}

// MoveAnswer is what the provider said of all nodes of a call.
type MoveAnswer struct {
	// Accepted: every node has a RequestID, and its move is under way.
	Accepted bool
	// Nodes are in the order in which they were sent: all of them where Accepted, else
	// those that were refused.
	Nodes []MoveResult
}

// Move asks for nodes to be moved.
func (c *Client) Move(ctx context.Context, nodes []MoveNode) (MoveAnswer, error) {
	panic("under way")
}
