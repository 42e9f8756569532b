package flolive

import (
	"bytes"
	"strings"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json/jsontext"
)

// kindOfCode classifies an errorCode. Those on the provider's pages are GLOBAL_1001
// (try again), GLOBAL_1018 (invalid PIT), CUSTOMER_1002, 1006 and 1008, and
// SUBSCRIBER_1002 and 1006; the general list is not public, so that any other is
// told by its class: credentials, the provider as such, or else the thing asked
// for.
func kindOfCode(code string) fetch.Kind {
	switch {
	case code == "GLOBAL_1018":
		return fetch.KindInvalidPIT
	case code == "SUBSCRIBER_1002":
		return fetch.KindNotFound
	case strings.HasPrefix(code, "AUTH_"):
		return fetch.KindCredentials
	case strings.HasPrefix(code, "GLOBAL_"):
		return fetch.KindErrorAnswer
	}
	return fetch.KindRefused
}

// refusal reads the code of an answer that is not 2xx. Spring answers a path that
// does not exist with a status of 500, which would be asked again in vain.
func refusal(body []byte) (code string, kind fetch.Kind) {
	envelope, err := fetch.ReadEnvelope(body)
	if err == nil {
		code = errorCode(envelope)
	}
	if code != "" {
		return code, kindOfCode(code)
	}
	if bytes.Contains(body, []byte("No static resource")) {
		return "", fetch.KindNotFound
	}
	return "", ""
}

// success tells whether an answer with a 2xx status is one: its errorCode must be
// empty, null or absent.
func success(e fetch.Envelope) error {
	code := errorCode(e)
	if code == "" {
		return nil
	}
	return &fetch.Error{Kind: kindOfCode(code), Code: fetch.Code(code)}
}

// errorCode reads the member of that name. One that is neither a string nor null
// is still no success: its JSON stands for it.
func errorCode(e fetch.Envelope) string {
	raw := e.Members["errorCode"]
	if raw == nil || raw.Kind() == 'n' {
		return ""
	}
	if code, ok := text(raw); ok {
		return code
	}
	return string(raw)
}

// text reads a JSON string.
func text(raw jsontext.Value) (string, bool) {
	if raw.Kind() != '"' {
		return "", false
	}
	s, err := jsontext.AppendUnquote(nil, raw)
	return string(s), err == nil
}
