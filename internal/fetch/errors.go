package fetch

import (
	"fmt"
	"strings"
	"time"
)

// Kind is the class of a failed request: what it tells of the provider's state,
// and so what may be done about it. A Kind is an error itself, so that
// errors.Is(err, [KindCredentials]) asks for it.
type Kind string

// The kinds. Only of an error answer and of a request that was never sent is it
// known that nothing was delivered; see [Client.Do] for what is repeated.
const (
	// KindErrorAnswer: the provider said that it did nothing this time (429, 503,
	// 500, GLOBAL_1001). It may be asked again.
	KindErrorAnswer Kind = "error answer"
	// KindNeverSent: no connection was had (DNS, dial, TLS handshake).
	KindNeverSent Kind = "never sent"
	// KindLostAnswer: the request was sent, and whether it was carried out is
	// unknown (timeout, reset, 502, 504, a body cut short, too long or not what
	// was asked for).
	KindLostAnswer Kind = "lost answer"
	// KindCredentials: the token or the login was refused.
	KindCredentials Kind = "credentials refused"
	// KindRefused: the provider will not do this, however often it is asked (403,
	// other 4xx, CUSTOMER_ and SUBSCRIBER_ codes, a redirect to elsewhere).
	KindRefused Kind = "refused"
	// KindNotFound: there is no such thing (404).
	KindNotFound Kind = "not found"
	// KindInvalidPIT: the point-in-time session is over or unknown (GLOBAL_1018).
	KindInvalidPIT Kind = "point in time invalid"
)

// Error makes a Kind the target of errors.Is.
func (k Kind) Error() string { return string(k) }

// Error is a request that did not bring what was asked for. It never holds text
// out of an answer's body, a token or a subscriber's identifier.
type Error struct {
	Kind Kind
	// Op is what was being done, as the caller worded it.
	Op string
	// Status is the HTTP status; 0 where no answer came.
	Status int
	// Code is the provider's errorCode; empty where none was given or none that
	// looks like one.
	Code string
	// RetryAfter is how long the provider asked to wait; 0 where it did not.
	RetryAfter time.Duration
	// Err is the cause below HTTP; nil where the status or the code is the cause.
	Err error

	// final marks an error whose attempts are used up: a request that failed
	// because its login did must not have the login tried over again.
	final bool
}

// Error words what was being done, the kind, and all that is known.
func (e *Error) Error() string {
	var s strings.Builder
	if e.Op != "" {
		s.WriteString(e.Op + ": ")
	}
	s.WriteString(string(e.Kind))
	if e.Status != 0 {
		fmt.Fprintf(&s, ", HTTP status %d", e.Status)
	}
	if e.Code != "" {
		s.WriteString(", code " + e.Code)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&s, ", to be asked again in %s", e.RetryAfter)
	}
	if e.Err != nil {
		s.WriteString(": " + e.Err.Error())
	}
	return s.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is tells whether target is the error's [Kind].
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == e.Kind
}

// maxCode bounds what is taken for a provider's code: the known ones have at most
// 15 characters.
const maxCode = 40

// Code returns s if it looks like an error code (letters, digits, - _ .), else an
// empty string: a provider that puts prose or a subscriber's number where its
// code belongs must not get it into a log. Six digits in a row are no code.
func Code(s string) string {
	if len(s) > maxCode {
		return ""
	}
	digits := 0
	for _, c := range []byte(s) {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '-', c == '_', c == '.':
			digits = 0
		default:
			return ""
		}
		if digits == 6 {
			return ""
		}
	}
	return s
}
