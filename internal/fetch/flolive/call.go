package flolive

import "context"

// CallStatus is how far a request is that the provider carries out by and by.
type CallStatus string

// The statuses of a call.
const (
	CallOpen          CallStatus = "OPEN"
	CallSuccess       CallStatus = "SUCCESS"
	CallFailure       CallStatus = "FAILURE"
	CallInternalError CallStatus = "INTERNAL_ERROR"
	// CallUnknown: the provider's word is none of these.
	CallUnknown CallStatus = "UNKNOWN"
)

// Call asks how far a request is.
func (c *Client) Call(ctx context.Context, requestID string) (CallStatus, error) {
	panic("under way")
}
