package transform

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// withheld stands where personal data stood: in a record that is kept with a reject,
// or in its place.
var withheld = jsontext.Value(`"not kept: personal data"`)

// withoutContacts copies a record of details, the values of its contacts replaced by
// [withheld], whatever the case and the number that their name is written in. Of what
// is no record it cannot be told where a contact stands, so nothing of it is kept.
func withoutContacts(raw jsontext.Value) jsontext.Value {
	from := jsontext.NewDecoder(bytes.NewBuffer(raw), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if token, err := from.ReadToken(); err != nil || token.Kind() != '{' {
		return withheld
	}
	var kept objectText
	for from.PeekKind() != '}' {
		name, value, err := readMember(from)
		if err != nil {
			return withheld
		}
		kept.comma()
		kept = append(append(append(kept, name...), ':'), value...)
	}
	if _, err := from.ReadToken(); err != nil {
		return withheld
	}
	if _, err := from.ReadToken(); !errors.Is(err, io.EOF) {
		return withheld
	}
	return append(append([]byte{'{'}, kept...), '}')
}

// readMember reads a member as it is written, but for the value of a contact.
func readMember(from *jsontext.Decoder) (name, value jsontext.Value, err error) {
	if name, err = from.ReadValue(); err != nil {
		return nil, nil, err
	}
	name = bytes.Clone(name) // until the next read it would be the decoder's
	if isContact(name) {
		return name, withheld, from.SkipValue()
	}
	value, err = from.ReadValue()
	return name, value, err
}

// isContact tells whether a member's name is that of contacts.
func isContact(name jsontext.Value) bool {
	text, _ := jsontext.AppendUnquote(nil, name) // of invalid UTF-8 the rest is judged
	plain := strings.ReplaceAll(string(text), "\x00", "")
	return strings.EqualFold(plain, "contact") || strings.EqualFold(plain, "contacts")
}
