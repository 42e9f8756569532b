package iotx

import (
	"context"
	"time"

	"simsync/internal/fetch"
)

// MaxNickname is how many characters a nickname may have (IoT-X, 4.0 Subscribers,
// PatchBody).
const MaxNickname = 256

// SetNickname gives a subscriber a nickname.
func (c *Client) SetNickname(ctx context.Context, physicalID, nickname string) (fetch.Record[Subscriber], time.Time, error) {
	panic("under way")
}
