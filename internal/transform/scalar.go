package transform

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Why a raw member is not the scalar that it should be.
var (
	errNotScalar  = errors.New("an object or a list where a text is expected")
	errNotName    = errors.New("neither text nor number")
	errNotDigits  = errors.New("a number with a sign, a fraction or an exponent")
	errNotUnicode = errors.New("not valid Unicode")
	errMissing    = errors.New("missing")
)

// given tells whether a member says anything: absent, null and "" are the same.
func given(v jsontext.Value) bool {
	return len(v) > 0 && v[0] != 'n' && string(v) != `""`
}

// readText reads any scalar as text: a string unescaped, a number or a boolean as it
// is written. null and an absent member are "". Characters NUL are removed, and nul
// tells that there were some.
func readText(v jsontext.Value) (s string, nul bool, err error) {
	if len(v) == 0 {
		return "", false, nil
	}
	switch v[0] {
	case 'n':
		return "", false, nil
	case '"':
		return unquoted(v)
	case '{', '[':
		return "", false, errNotScalar
	default:
		return string(v), false, nil
	}
}

// readName reads an identifier: a string without the white space around it, or a
// number's digits exactly as written, for as a number it would lose some.
func readName(v jsontext.Value) (s string, nul bool, err error) {
	if len(v) > 0 {
		switch c := v[0]; {
		case c == 't', c == 'f', c == '{', c == '[':
			return "", false, errNotName
		case c != '"' && c != 'n' && !digits(string(v), 1, len(v)):
			return "", false, errNotDigits
		}
	}
	s, nul, err = readText(v)
	return strings.TrimSpace(s), nul, err
}

// unquoted is the text of a JSON string, without NUL.
func unquoted(v jsontext.Value) (s string, nul bool, err error) {
	if len(v) < 2 || v[len(v)-1] != '"' {
		return "", false, errNotScalar
	}
	if bytes.IndexByte(v, '\\') < 0 {
		if !utf8.Valid(v) {
			return "", false, errNotUnicode
		}
		return string(v[1 : len(v)-1]), false, nil
	}
	text, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return "", false, errNotUnicode
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return strings.ReplaceAll(string(text), "\x00", ""), true, nil
	}
	return string(text), false, nil
}
