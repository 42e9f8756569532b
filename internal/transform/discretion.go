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

// WithoutContacts copies a record of details, the values of its contacts replaced by
// [withheld], whatever the case and the number that their name is written in. Of what
// is no record it cannot be told where a contact stands, so nothing of it is kept.
func WithoutContacts(raw jsontext.Value) jsontext.Value {
	return rewritten(raw, func(_, value jsontext.Value) jsontext.Value { return value })
}

// rewritten copies an object, its members' values as edit has them and those of contacts
// withheld. Of what is no object nothing is kept.
func rewritten(raw jsontext.Value, edit func(name, value jsontext.Value) jsontext.Value) jsontext.Value {
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
		kept = append(append(append(kept, name...), ':'), edit(name, value)...)
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

// AnswerWithoutContacts copies the body of an answer with details, each record in it as
// [WithoutContacts] leaves it. What is no envelope may hold contacts anywhere, so nothing
// of it is kept.
func AnswerWithoutContacts(body []byte) []byte {
	return rewritten(body, func(name, value jsontext.Value) jsontext.Value {
		if text, _ := jsontext.AppendUnquote(nil, name); string(text) == "content" {
			return contentWithoutContacts(value)
		}
		return value
	})
}

// contentWithoutContacts does so for a list of records, and for one by itself. The
// provider writes none as "" or null.
func contentWithoutContacts(content jsontext.Value) jsontext.Value {
	switch {
	case content.Kind() == 'n', string(content) == `""`:
		return content
	case content.Kind() != '[':
		return WithoutContacts(content)
	}
	from := jsontext.NewDecoder(bytes.NewBuffer(content), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if _, err := from.ReadToken(); err != nil {
		return withheld
	}
	var kept objectText
	for from.PeekKind() != ']' {
		record, err := from.ReadValue()
		if err != nil {
			return withheld
		}
		kept.comma()
		kept = append(kept, WithoutContacts(record)...)
	}
	return append(append([]byte{'['}, kept...), ']')
}
