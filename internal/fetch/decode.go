package fetch

import (
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Why an element of a page is not a record.
var (
	ErrNotObject     = errors.New("not an object")
	ErrDuplicateName = errors.New("a name is given twice")
	ErrInvalidUTF8   = errors.New("invalid UTF-8")
	ErrUnreadable    = errors.New("not the JSON of a record")
)

// Envelope is the object around a provider's answer, its members told apart but
// not yet understood. All of it shares the body's memory.
type Envelope struct {
	// Content holds the elements of the member "content" where that is an array;
	// it is nil where the member is anything else.
	Content []jsontext.Value
	// Members are the envelope's members by name, except a content that is an array.
	Members map[string]jsontext.Value
}

// ReadEnvelope takes an answer's body apart. The members may come in any order.
// Invalid UTF-8 and names given twice within an element are let through, so that
// one bad record never costs the page; a name that the envelope itself gives twice,
// and anything after it, make the answer unreadable. No error quotes the body.
func ReadEnvelope(body []byte) (Envelope, error) {
	r := reader{body: body, dec: jsontext.NewDecoder(bytes.NewBuffer(body), lenient)}
	e := Envelope{Members: make(map[string]jsontext.Value)}
	if r.dec.PeekKind() != '{' {
		return Envelope{}, errors.New("the answer is not a JSON object")
	}
	if err := r.members(&e); err != nil {
		return Envelope{}, err
	}
	if _, err := r.dec.ReadToken(); !errors.Is(err, io.EOF) {
		return Envelope{}, errors.New("the answer goes on after its end")
	}
	return e, nil
}

var (
	lenient   = json.JoinOptions(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	errSyntax = errors.New("the answer is not valid JSON")
)

// reader cuts values out of body by the offsets of a decoder that reads it.
type reader struct {
	body []byte
	dec  *jsontext.Decoder
}

// value reads the next value. Its capacity ends with it, so that an append to it
// cannot write into its neighbour.
func (r *reader) value() (jsontext.Value, error) {
	v, err := r.dec.ReadValue()
	if err != nil {
		return nil, errSyntax
	}
	end := int(r.dec.InputOffset())
	return r.body[end-len(v) : end : end], nil
}

func (r *reader) members(e *Envelope) error {
	if _, err := r.dec.ReadToken(); err != nil {
		return errSyntax
	}
	seen := make(map[string]bool)
	for r.dec.PeekKind() != '}' {
		token, err := r.dec.ReadToken()
		if err != nil {
			return errSyntax
		}
		name := token.String()
		if seen[name] {
			return errors.New("the answer gives one of its members twice")
		}
		seen[name] = true
		if name == "content" && r.dec.PeekKind() == '[' {
			e.Content, err = r.elements()
		} else {
			e.Members[name], err = r.value()
		}
		if err != nil {
			return err
		}
	}
	_, err := r.dec.ReadToken()
	return err
}

// elements reads an array. An empty one is not nil.
func (r *reader) elements() ([]jsontext.Value, error) {
	if _, err := r.dec.ReadToken(); err != nil {
		return nil, errSyntax
	}
	list := []jsontext.Value{}
	for r.dec.PeekKind() != ']' {
		v, err := r.value()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	if _, err := r.dec.ReadToken(); err != nil {
		return nil, errSyntax
	}
	return list, nil
}

// Members is a record type that takes its members one by one. It spares reflection
// and copies where records come by the million.
type Members interface {
	// SetMember takes the member of a name, which is quoted as in JSON, and reports
	// whether it has a place for it. The value shares the page's memory.
	SetMember(quotedName []byte, value jsontext.Value) bool
}

// recordReader reads a page's elements, one after another.
type recordReader[R any] struct {
	dec    jsontext.Decoder
	buffer bytes.Buffer
}

// read is ReadRecord with the room of the reads before.
func (r *recordReader[R]) read(raw jsontext.Value) Record[R] {
	rec := Record[R]{Raw: raw}
	if raw.Kind() != '{' {
		rec.Err = ErrNotObject
		return rec
	}
	if r.members(raw, &rec.Value) {
		return rec
	}
	var none R
	rec.Value = none
	if err := json.Unmarshal(raw, &rec.Value); err != nil {
		rec.Value, rec.Err = none, reasonOf(err, raw)
	}
	return rec
}

// members hands raw's members to record. It gives up on anything that it does not
// expect: a member without a place, a name with escapes, what is not valid.
func (r *recordReader[R]) members(raw jsontext.Value, record *R) bool {
	m, ok := any(record).(Members)
	if !ok {
		return false
	}
	r.buffer = *bytes.NewBuffer(raw) // read in place, for nothing is ever written to it
	r.dec.Reset(&r.buffer)
	if _, err := r.dec.ReadToken(); err != nil {
		return false
	}
	for r.dec.PeekKind() == '"' {
		name, err := r.value(raw)
		if err != nil {
			return false
		}
		value, err := r.value(raw)
		if err != nil || !m.SetMember(name, value) {
			return false
		}
	}
	_, err := r.dec.ReadToken()
	return err == nil && r.dec.InputOffset() == int64(len(raw))
}

// value cuts the next value out of raw.
func (r *recordReader[R]) value(raw jsontext.Value) (jsontext.Value, error) {
	v, err := r.dec.ReadValue()
	end := r.dec.InputOffset()
	return raw[end-int64(len(v)) : end : end], err
}

// ReadRecord reads one element strictly: an object, valid UTF-8, no name twice at
// any depth. What is wrong with it is in the record's Err.
func ReadRecord[R any](raw jsontext.Value) Record[R] {
	var r recordReader[R]
	return r.read(raw)
}

// ReadRecords reads every element of a page.
func ReadRecords[R any](raws []jsontext.Value) []Record[R] {
	var r recordReader[R]
	records := make([]Record[R], len(raws))
	for i, raw := range raws {
		records[i] = r.read(raw)
	}
	return records
}

// reasonOf puts a constant in the place of a decoder's error, which quotes names
// and characters of the record.
func reasonOf(err error, raw jsontext.Value) error {
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return ErrDuplicateName
	case !utf8.Valid(raw), !raw.IsValid():
		return ErrInvalidUTF8
	}
	return ErrUnreadable
}
