package writeback

import (
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"simsync/internal/fetch/iotx"
	"simsync/internal/transform"
)

// ReadMoves reads a CSV file with the header type,value,target_customer_id. The whole
// file is checked: the error is a *FileError with all that is wrong with it, or one
// of reading.
func ReadMoves(name string, from io.Reader) ([]Change, error) {
	t := table{columns: []string{"type", "value", "target_customer_id"}}
	all := changes{}
	err := t.read(name, from, func(r tableRow) {
		if change, ok := readMove(r); ok {
			all.add(r, change, "another target_customer_id")
		}
	})
	return all.list, err
}

func readMove(r tableRow) (Change, bool) {
	c := Change{Line: r.line}
	ok := true
	kind, known := parseType(strings.TrimSpace(r.fields[0]))
	if !known {
		r.wrong(0, "is %s; allowed: IMSI, ICCID, MSISDN, IMEI", quoted(r.fields[0]))
		ok = false
	} else if subject, err := parseSubject(kind, strings.TrimSpace(r.fields[1])); err != nil {
		r.wrong(1, "is %s, no %s; allowed: %s", masked(r.fields[1]), kind, allowed[kind])
		ok = false
	} else {
		c.Subject = subject
	}
	target, err := parseUUID(strings.TrimSpace(r.fields[2]))
	if err != nil {
		r.wrong(2, "is %s; allowed: a customer's UUID", quoted(r.fields[2]))
		ok = false
	}
	c.Target = target
	return c, ok
}

var errUUID = errors.New("no UUID of a customer")

// parseUUID reads a UUID in its common form, in either case, and not the one of
// zeros, which names nobody.
func parseUUID(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil || len(text) != len(uuid.Nil.String()) || id == uuid.Nil { // Parse takes other forms too
		return uuid.Nil, errUUID
	}
	return id, nil
}

// ReadNicknames reads a CSV file with the header physical_id,nickname. A nickname is
// taken as it stands, with spaces and in whatever form its accents have. The errors
// are as of [ReadMoves].
func ReadNicknames(name string, from io.Reader) ([]Change, error) {
	t := table{columns: []string{"physical_id", "nickname"}}
	all := changes{}
	err := t.read(name, from, func(r tableRow) {
		subject, err := parsePhysicalID(r.fields[0])
		if err != nil {
			r.wrong(0, "is %s; allowed: %s", masked(r.fields[0]), physicalIDAllowed)
		}
		wrong := nicknameFault(r.fields[1])
		if wrong != "" {
			r.wrong(1, "%s; allowed: %s", wrong, nicknameAllowed)
		}
		if err == nil && wrong == "" {
			all.add(r, Change{Line: r.line, Subject: subject, Nickname: r.fields[1]}, "another nickname")
		}
	})
	return all.list, err
}

const (
	physicalIDAllowed = "a physicalId as the provider spells it, 1 to 255 bytes"
	nicknameAllowed   = "0 to 256 characters, none of them a control character"
)

// NewNickname is a nickname change of the command line. Its errors say what is
// allowed.
func NewNickname(physicalID, nickname string) (Change, error) {
	subject, err := parsePhysicalID(physicalID)
	if err != nil {
		return Change{}, errors.New("the physical ID is " + masked(physicalID) + "; allowed: " + physicalIDAllowed)
	}
	if wrong := nicknameFault(nickname); wrong != "" {
		return Change{}, errors.New("the nickname " + wrong + "; allowed: " + nicknameAllowed)
	}
	return Change{Subject: subject, Nickname: nickname}, nil
}

// nicknameFault says what is wrong with a nickname; empty: nothing. Characters are
// Unicode code points, as JSON Schema's maxLength counts them.
func nicknameFault(nickname string) string {
	switch {
	case !utf8.ValidString(nickname):
		return "is not UTF-8"
	case hasControl(nickname):
		return "holds a control character"
	case utf8.RuneCountInString(nickname) > iotx.MaxNickname:
		return "is longer"
	}
	return ""
}

// masked shows a field that should be an identifier.
func masked(text string) string {
	if text == "" {
		return "empty"
	}
	return `"` + transform.Mask(strings.ToValidUTF8(text, "\uFFFD")) + `"`
}

// changes gathers what a file asks. Two lines that name one subscriber alike and want
// different things cannot both be meant.
type changes struct {
	list  []Change
	first map[Subject]int // place in list
}

func (c *changes) add(r tableRow, change Change, other string) {
	at, again := c.first[change.Subject]
	switch {
	case !again:
		if c.first == nil {
			c.first = make(map[Subject]int)
		}
		c.first[change.Subject] = len(c.list)
	case !c.list[at].asksAlike(change):
		r.table.add(change.Line, 0, "names the subscriber of line %d and asks for %s", c.list[at].Line, other)
		return
	}
	c.list = append(c.list, change)
}
