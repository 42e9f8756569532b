package fetch

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/time/rate"
)

// DefaultRequestTimeout is used where Options name none.
const DefaultRequestTimeout = time.Minute

// Options describe a provider's address and how it may be used.
type Options struct {
	// BaseURL is http or https, a host, and the path that every request's path is
	// appended to. Credentials in it are refused: they would end up in logs.
	BaseURL string
	// Token is a ready bearer token. It is never renewed.
	Token string
	// Login gets a token where Token is empty. It runs before the first request
	// and once more when the token is refused; its own requests set
	// [Request.Anonymous].
	Login func(ctx context.Context, c *Client) (token string, err error)
	// RequestsPerSecond bounds the rate of all requests together; 0: no limit.
	RequestsPerSecond float64
	// RequestTimeout bounds one exchange from the dial to the last byte of the
	// body; 0: DefaultRequestTimeout.
	RequestTimeout time.Duration
	// MaxBody bounds the bytes of an answer after decompression, whole MiB; 0:
	// DefaultMaxBody.
	MaxBody int64
	// Refusal reads a provider's own error out of the body of an answer that is not
	// 2xx: the code, and the kind that the code means. An empty kind leaves it to
	// the HTTP status. It is called with any bytes whatever.
	Refusal func(body []byte) (code string, kind Kind)
	// Transport carries the requests; nil: one of the client's own, which verifies
	// TLS and reuses connections.
	Transport http.RoundTripper
	// UserAgent names the program to the provider; empty: "simsync".
	UserAgent string
	// Log receives every repeat. The zero value discards.
	Log zerolog.Logger
}

// Client speaks to one provider. It is safe for concurrent use.
type Client struct {
	base      string // without a slash at its end
	http      *http.Client
	limiter   *rate.Limiter
	timeout   time.Duration
	maxBody   int64
	userAgent string
	refusal   func(body []byte) (string, Kind)
	tokens    *tokens
	counters  counters
	log       zerolog.Logger
}

// New checks the options and makes a client. Nothing is sent yet.
func New(o Options) (*Client, error) {
	base, err := parseBase(o.BaseURL)
	if err != nil {
		return nil, err
	}
	switch {
	case o.Token == "" && o.Login == nil:
		return nil, errors.New("neither a token nor a login is given")
	case o.Token != "" && !validToken(o.Token):
		return nil, errors.New("the token holds a space, a line break or another character that a header cannot carry")
	case !(o.RequestsPerSecond >= 0): // NaN too
		return nil, fmt.Errorf("requests per second is %v, must be 0 (no limit) or more", o.RequestsPerSecond)
	case o.RequestTimeout < 0:
		return nil, fmt.Errorf("request timeout is %s, must be positive", o.RequestTimeout)
	case o.MaxBody < 0 || o.MaxBody%(1<<20) != 0:
		return nil, fmt.Errorf("most bytes of a body are %d, must be whole MiB", o.MaxBody)
	}
	c := &Client{
		base: base, limiter: rate.NewLimiter(rate.Inf, 1), timeout: o.RequestTimeout, maxBody: o.MaxBody,
		userAgent: o.UserAgent, refusal: o.Refusal, log: o.Log,
	}
	if o.RequestsPerSecond > 0 {
		c.limiter.SetLimit(rate.Limit(o.RequestsPerSecond))
	}
	if c.timeout == 0 {
		c.timeout = DefaultRequestTimeout
	}
	if c.maxBody == 0 {
		c.maxBody = DefaultMaxBody
	}
	if c.userAgent == "" {
		c.userAgent = "simsync"
	}
	transport := o.Transport
	if transport == nil {
		transport = newTransport()
	}
	c.http = &http.Client{Transport: transport, CheckRedirect: sameHost}
	c.tokens = newTokens(o.Token, o.Login, c)
	return c, nil
}

// Counters tells what the client has done so far.
func (c *Client) Counters() Counters { return c.counters.read() }

// Close lets idle connections go. The client stays usable.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// parseBase reads a base URL and takes the slash off its end.
func parseBase(s string) (string, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return "", errors.New("the base URL cannot be read") // its text may hold a password
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "":
		return "", errors.New("the base URL must be http:// or https:// and a host")
	case u.User != nil:
		return "", errors.New("the base URL holds credentials: give them as a token or a login instead")
	case u.RawQuery != "", u.Fragment != "":
		return "", errors.New("the base URL must end before any ? or #")
	}
	return strings.TrimRight(u.String(), "/"), nil
}
