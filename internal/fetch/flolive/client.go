package flolive

import (
	"context"
	"errors"
	"fmt"
	"time"

	"simsync/internal/fetch"
)

// The bounds and defaults of floLIVE API v2, "Get All Customer Subscribers"; the
// number of sessions is ours.
const (
	MaxChunkSize           = 10_000
	MinKeepAlive           = time.Minute
	MaxKeepAlive           = 30 * time.Minute
	DefaultSessionAttempts = 3
)

// Options are the settings of a floLIVE source.
type Options struct {
	// Client is the address, the rate and the rest that is not floLIVE's own. Its
	// Token, where given, is used as it is; its Login and Refusal are set here.
	Client fetch.Options
	// Username and Password are logged in with where there is no Token.
	Username, Password string
	// ChunkSize is the records asked for in one call, 1 to 10,000; 0: 10,000.
	ChunkSize int
	// KeepAlive is how long a PIT session may last, 1 to 30 whole minutes; 0: 30
	// minutes.
	KeepAlive time.Duration
	// SessionAttempts is the number of PIT sessions tried before a walk is
	// incomplete; 0: 3.
	SessionAttempts int
}

// Client reads one floLIVE account. It is safe for concurrent use.
type Client struct {
	http      *fetch.Client
	chunkSize int
	keepAlive time.Duration
	attempts  int
}

// New checks the options and makes a client. Nothing is sent yet.
func New(o Options) (*Client, error) {
	c := &Client{chunkSize: o.ChunkSize, keepAlive: o.KeepAlive, attempts: o.SessionAttempts}
	if c.chunkSize == 0 {
		c.chunkSize = MaxChunkSize
	}
	if c.keepAlive == 0 {
		c.keepAlive = MaxKeepAlive
	}
	if c.attempts == 0 {
		c.attempts = DefaultSessionAttempts
	}
	switch {
	case c.chunkSize < 1 || c.chunkSize > MaxChunkSize:
		return nil, fmt.Errorf("chunk size is %d, must be 1 to %d", c.chunkSize, MaxChunkSize)
	case c.keepAlive < MinKeepAlive || c.keepAlive > MaxKeepAlive || c.keepAlive%time.Minute != 0:
		return nil, fmt.Errorf("PIT keep-alive is %s, must be 1m to 30m in whole minutes", c.keepAlive)
	case c.attempts < 1:
		return nil, fmt.Errorf("session attempts is %d, must be at least 1", c.attempts)
	case o.Client.Token == "" && (o.Username == "" || o.Password == ""):
		return nil, errors.New("neither a token nor a user name with a password is given")
	}
	o.Client.Refusal = refusal
	o.Client.Login = login(o.Username, o.Password)
	var err error
	c.http, err = fetch.New(o.Client)
	return c, err
}

// Walk prepares to read all subscribers of a customer, by its UUID: its own and
// those of one level of sub-customers.
func (c *Client) Walk(customerID string) *Walk {
	return &Walk{client: c, customer: customerID}
}

// Check makes one small read: a session of one record on the customer.
func (c *Client) Check(ctx context.Context, customerID string) error {
	small := &Client{http: c.http, chunkSize: 1, keepAlive: MinKeepAlive}
	s := session{client: small, customer: customerID}
	_, err := s.ask(ctx)
	return err
}

// Counters tells what the client has sent so far, logins included.
func (c *Client) Counters() fetch.Counters { return c.http.Counters() }

// Close lets idle connections go. The client stays usable.
func (c *Client) Close() { c.http.Close() }
