package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"syscall"
	"time"
)

// kindOfStatus classifies an answer by its HTTP status alone. Neither provider
// publishes a table. 500 counts as an error answer because floLIVE gives it when
// calls come too fast; what else comes from a gateway (502, 504, 52x) tells
// nothing of the server behind it.
func kindOfStatus(status int) Kind {
	switch status {
	case http.StatusUnauthorized:
		return KindCredentials
	case http.StatusNotFound:
		return KindNotFound
	case http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable:
		return KindErrorAnswer
	case http.StatusRequestTimeout:
		return KindLostAnswer
	}
	if status >= 500 {
		return KindLostAnswer
	}
	return KindRefused
}

// refused turns an answer to r whose status is not 2xx into its error. The provider's
// own code, where there is one, knows better than the status; only 401 and 429 are
// beyond doubt.
func (c *Client) refused(r Request, a Answer) *Error {
	e := &Error{Kind: kindOfStatus(a.Status), Status: a.Status, RetryAfter: a.RetryAfter}
	code, kind := c.reading(r)(a)
	e.Code = Code(code)
	if kind != "" && a.Status != http.StatusUnauthorized && a.Status != http.StatusTooManyRequests {
		e.Kind = kind
	}
	return e
}

// reading is how the provider's own error is read out of an answer to r.
func (c *Client) reading(r Request) func(Answer) (string, Kind) {
	switch {
	case r.Refusal != nil:
		return r.Refusal
	case c.refusal != nil:
		return func(a Answer) (string, Kind) { return c.refusal(a.Body) }
	}
	return func(Answer) (string, Kind) { return "", "" }
}

// retryAfter reads the header of that name (RFC 9110, 10.2.3): seconds, or a date,
// which is measured against the answer's own Date, for the provider's clock and
// ours may differ. 0 means that nothing readable was asked for.
func retryAfter(header http.Header, now time.Time) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	until, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(header.Get("Date")); err == nil {
		now = date
	}
	return max(0, until.Sub(now))
}

// broken turns an exchange that ended below HTTP into its error. sent tells
// whether a connection had been given to the request.
func broken(err error, sent bool) *Error {
	if own, ok := errors.AsType[*Error](err); ok {
		return &Error{Kind: own.Kind, Status: own.Status, Err: own.Err}
	}
	if address, ok := errors.AsType[*url.Error](err); ok {
		err = address.Err // without the request's address, which may hold an identifier
	}
	kind := KindLostAnswer
	if !sent {
		kind = KindNeverSent
	}
	return &Error{Kind: kind, Err: speakable(err)}
}

// dialled tells whether err came up before there was a connection. It is asked
// where the transport reports nothing of its connections.
func dialled(err error) bool {
	var dns *net.DNSError
	var op *net.OpError
	return errors.As(err, &dns) || errors.As(err, &op) && op.Op == "dial" || untrusted(err)
}

// untrusted tells whether the server's certificate was refused, which no repeat
// mends.
func untrusted(err error) bool {
	var verification *tls.CertificateVerificationError
	return errors.As(err, &verification)
}

// speakable returns err, or a word in its place where its text might quote what
// the server sent: net/http quotes malformed answers.
func speakable(err error) error {
	var (
		op           *net.OpError
		dns          *net.DNSError
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		errno        syscall.Errno
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded):
		return errTimeout
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errCutShort
	case errors.Is(err, io.EOF):
		return errClosed
	case errors.As(err, &verification):
		return verification
	case errors.As(err, &authority):
		return authority
	case errors.As(err, &dns):
		return dns
	case errors.As(err, &op):
		return op
	case errors.As(err, &errno):
		return errno
	case errors.Is(err, errTooLarge), errors.Is(err, http.ErrSchemeMismatch):
		return err
	}
	return fmt.Errorf("the connection broke (%T)", err)
}

var (
	errTimeout  = errors.New("no whole answer within the request timeout")
	errCutShort = errors.New("the answer was cut short")
	errClosed   = errors.New("the connection was closed before an answer came")
	errTooLarge = errors.New("the answer is larger")
)
