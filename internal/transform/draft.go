package transform

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// draft is a row in the making, and the record that it is made of.
type draft struct {
	Row
	batch *Batch
	raw   jsontext.Value
	// path is what stands before a member's name in Reject.Field: empty at the top of
	// a record, "related.profiles[2]." in a nested one.
	path string
	// subject is Reject.Subject.
	subject string
	// parts counts the members refused.
	parts int
	// ordinals finds the pairs by their IMSI and MSISDN, once they are many.
	ordinals map[Pair]int
}

func (d *draft) flag(f Flag) { d.Flags = append(d.Flags, f) }

// reject gives up the record for the reason why. member is the one at fault, or empty
// for the record as such.
func (d *draft) reject(member string, why error) {
	d.batch.Rejects = append(d.batch.Rejects, Reject{
		Whole:        true,
		Subject:      subjectOf(d.subject),
		Field:        strings.TrimSuffix(d.path+member, "."),
		Reason:       why.Error(),
		Record:       d.raw,
		SubscriberID: d.SubscriberID,
		ICCID:        d.ICCID,
	})
}

// refuse gives up a member alone. An empty flag leaves the row as it is: that is for
// what is no part of a version.
func (d *draft) refuse(member string, why error, f Flag) {
	if f != "" {
		d.flag(f)
	}
	d.parts++
	if d.parts > maxParts {
		return
	}
	field := d.path + member
	if d.parts == maxParts {
		field, why = strings.TrimSuffix(d.path, "."), errManyParts
	}
	d.batch.Rejects = append(d.batch.Rejects, Reject{
		Subject: subjectOf(d.subject),
		Field:   field,
		Reason:  why.Error(),
		Record:  d.raw,
	})
}

// name reads an identifier.
func (d *draft) name(v jsontext.Value) (string, error) {
	s, nul, err := readName(v)
	if nul {
		d.flag(FlagNULRemoved)
	}
	return s, err
}

// text reads free text, which is kept as it is.
func (d *draft) text(v jsontext.Value) (string, error) {
	s, nul, err := readText(v)
	if nul {
		d.flag(FlagNULRemoved)
	}
	return s, err
}

// word reads text without the white space around it.
func (d *draft) word(v jsontext.Value) (string, error) {
	s, err := d.text(v)
	return strings.TrimSpace(s), err
}

// textMember is the text that read finds in a member; empty where it is refused.
func (d *draft) textMember(member string, v jsontext.Value, refused Flag, read func(*draft, jsontext.Value) (string, error)) string {
	s, err := read(d, v)
	if err != nil {
		d.refuse(member, err, refused)
		return ""
	}
	return s
}

// nameMember is an optional identifier; empty where it is not given or refused.
func nameMember[T ~string](d *draft, member string, v jsontext.Value, refused Flag, parse func(string) (T, error)) T {
	s, err := d.name(v)
	if err == nil && s == "" {
		return ""
	}
	var name T
	if err == nil {
		name, err = parse(s)
	}
	if err != nil {
		d.refuse(member, err, refused)
	}
	return name
}

// valueMember is an optional value; nil where it is not given or refused.
func valueMember[T any](d *draft, member string, v jsontext.Value, refused Flag, parse func(string) (T, error)) *T {
	s, err := d.word(v)
	if err == nil && s == "" {
		return nil
	}
	var value T
	if err == nil {
		value, err = parse(s)
	}
	if err != nil {
		d.refuse(member, err, refused)
		return nil
	}
	return &value
}
