package transform

import (
	"bytes"
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

var errExtra = errors.New("members without a column cannot be read")

// deepest is how many levels of objects and lists Row.Extra has, itself included.
// jsonb takes more, and so would every reader of it have to.
const deepest = 64

// objectText is a JSON object being put together of members that are JSON already.
type objectText []byte

// add adds a member.
func (o *objectText) add(name string, value []byte) {
	o.comma()
	quoted, _ := jsontext.AppendQuote(*o, name) // an error would mean invalid UTF-8; the names are ours
	*o = append(append(quoted, ':'), value...)
}

// addObject adds a member that is an object, unless it is empty.
func (o *objectText) addObject(name string, members objectText) {
	if len(members) > 0 {
		o.add(name, append(append([]byte{'{'}, members...), '}'))
	}
}

// addAll adds the members of another object; nil has none.
func (o *objectText) addAll(object jsontext.Value) {
	members := bytes.TrimSpace(object)
	if len(members) < len(`{}`) || members[0] != '{' {
		return
	}
	if members = bytes.TrimSpace(members[1 : len(members)-1]); len(members) > 0 {
		o.comma()
		*o = append(*o, members...)
	}
}

func (o *objectText) comma() {
	if len(*o) > 0 {
		*o = append(*o, ',')
	}
}

// setExtra keeps the members that have no column.
func (d *draft) setExtra(members objectText) {
	if len(members) == 0 {
		return
	}
	extra, err := d.canonical(append(append([]byte{'{'}, members...), '}'))
	if err != nil {
		d.refuse("", err, "")
		return
	}
	d.Extra = extra
}

// canonical is JSON as a column of jsonb can hold it, in one form.
func (d *draft) canonical(v []byte) (jsontext.Value, error) {
	c := canonicaliser{from: jsontext.NewDecoder(bytes.NewReader(v))}
	canonical, err := c.value(nil, 1)
	if err != nil {
		return nil, errExtra
	}
	if c.nul {
		d.flag(FlagNULRemoved)
	}
	return canonical, nil
}

// canonicaliser writes JSON in one form that jsonb can hold: names sorted, no white
// space, the least escapes, no NUL, numbers as they were written unless numeric
// cannot hold them, nothing nested too deep. What does not fit becomes its own text.
type canonicaliser struct {
	from *jsontext.Decoder
	nul  bool
}

// value writes the next value; level is its own, should it be an object or a list.
func (c *canonicaliser) value(to []byte, level int) ([]byte, error) {
	kind := c.from.PeekKind()
	if (kind == '{' || kind == '[') && level <= deepest {
		if kind == '{' {
			return c.object(to, level)
		}
		return c.list(to, level)
	}
	v, err := c.from.ReadValue()
	if err != nil {
		return nil, err
	}
	switch {
	case kind == '"':
		return c.text(to, v)
	case kind == '{', kind == '[', kind == '0' && !fitsNumeric(string(v)):
		return jsontext.AppendQuote(to, v)
	}
	return append(to, v...), nil
}

// text writes a string without its NUL.
func (c *canonicaliser) text(to []byte, v jsontext.Value) ([]byte, error) {
	s, nul, err := unquoted(v)
	if err != nil {
		return nil, err
	}
	c.nul = c.nul || nul
	return jsontext.AppendQuote(to, s)
}

func (c *canonicaliser) list(to []byte, level int) ([]byte, error) {
	if _, err := c.from.ReadToken(); err != nil {
		return nil, err
	}
	to = append(to, '[')
	for n := 0; c.from.PeekKind() != ']'; n++ {
		if n > 0 {
			to = append(to, ',')
		}
		var err error
		if to, err = c.value(to, level+1); err != nil {
			return nil, err
		}
	}
	_, err := c.from.ReadToken()
	return append(to, ']'), err
}

// object writes an object's members by their names' bytes. Where two names are the
// same without their NUL, the later member stands, as it would in jsonb.
func (c *canonicaliser) object(to []byte, level int) ([]byte, error) {
	type member struct {
		name  string
		value []byte
	}
	if _, err := c.from.ReadToken(); err != nil {
		return nil, err
	}
	var members []member
	for c.from.PeekKind() != '}' {
		name, err := c.from.ReadToken()
		if err != nil {
			return nil, err
		}
		m := member{name: strings.ReplaceAll(name.String(), "\x00", "")}
		c.nul = c.nul || len(m.name) < len(name.String())
		if m.value, err = c.value(nil, level+1); err != nil {
			return nil, err
		}
		members = append(members, m)
	}
	slices.SortStableFunc(members, func(a, b member) int { return cmp.Compare(a.name, b.name) })
	to = append(to, '{')
	for i, m := range members {
		if i+1 < len(members) && members[i+1].name == m.name {
			continue
		}
		if to[len(to)-1] != '{' {
			to = append(to, ',')
		}
		var err error
		if to, err = jsontext.AppendQuote(to, m.name); err != nil {
			return nil, err
		}
		to = append(append(to, ':'), m.value...)
	}
	_, err := c.from.ReadToken()
	return append(to, '}'), err
}
