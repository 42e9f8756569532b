package flolive

import (
	"errors"
	"fmt"
	"strconv"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json/jsontext"
)

// reply is a successful answer of subscriber-all.
type reply struct {
	content []jsontext.Value
	// pit names the session in the next call; opaque, of any length.
	pit string
	// recordAmount is the length of content as the provider counts it, total the
	// number of records in the whole session.
	recordAmount, total int64
}

// readReply reads an answer with a 2xx status. Success takes an errorCode that is
// empty, too. An answer without its numbers is no answer: nothing could be proved
// with it.
func readReply(body []byte) (reply, error) {
	envelope, err := fetch.ReadEnvelope(body)
	if err != nil {
		return reply{}, err
	}
	if err := success(envelope); err != nil {
		return reply{}, err
	}
	var r reply
	if r.content, err = content(envelope); err != nil {
		return reply{}, err
	}
	if r.recordAmount, err = amount(envelope, "recordAmount"); err != nil {
		return reply{}, err
	}
	if r.total, err = amount(envelope, "totalRecordAmount"); err != nil {
		return reply{}, err
	}
	r.pit, _ = text(envelope.Members["pitId"])
	return r, nil
}

// content gives the records. The provider writes none as [], "", null or {}, and
// may leave the member out; one object that is not empty is one record.
func content(e fetch.Envelope) ([]jsontext.Value, error) {
	if e.Content != nil {
		return e.Content, nil
	}
	raw := e.Members["content"]
	if raw == nil || raw.Kind() == 'n' || string(raw) == `""` {
		return nil, nil
	}
	if raw.Kind() != '{' {
		return nil, errors.New("content is neither an array nor empty")
	}
	if object, err := fetch.ReadEnvelope(raw); err == nil && len(object.Members) == 0 && object.Content == nil {
		return nil, nil
	}
	return []jsontext.Value{raw}, nil
}

// amount reads a number of records, which may come as a string.
func amount(e fetch.Envelope, name string) (int64, error) {
	raw := e.Members[name]
	digits := string(raw)
	if s, ok := text(raw); ok {
		digits = s
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%s is missing or is not a number of records", name)
	}
	return n, nil
}
