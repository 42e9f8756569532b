package transform

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

var (
	errNotObjects   = errors.New("neither an object nor a list")
	errManyElements = errors.New("more elements than an ordinal counts")
)

// words reads a list of words, or a text in which commas stand between them. White
// space around a word is removed, and empty words are left out.
func (d *draft) words(member string, v jsontext.Value, refused Flag) (words []string) {
	d.eachWord(member, v, refused, func(_, word string) { words = append(words, word) })
	return words
}

// eachWord calls take for each of the words, with the path of its place in the list.
func (d *draft) eachWord(member string, v jsontext.Value, refused Flag, take func(path, word string)) {
	if !given(v) {
		return
	}
	takeGiven := func(path, word string) {
		if word = strings.TrimSpace(word); word != "" {
			take(path, word)
		}
	}
	var elements []jsontext.Value
	if v[0] == '[' && json.Unmarshal(v, &elements) == nil {
		for i, element := range elements {
			path := elementPath(member, i)
			takeGiven(path, d.textMember(path, element, refused, (*draft).text))
		}
		return
	}
	text := d.textMember(member, v, refused, (*draft).text)
	for i, word := range strings.Split(text, ",") {
		takeGiven(elementPath(member, i), word)
	}
}

// objects reads a list of objects, which may also be one object without its list; an
// empty one of those is nobody.
func (d *draft) objects(member string, v jsontext.Value, refused Flag) (elements []jsontext.Value) {
	switch {
	case !given(v):
		return nil
	case v[0] == '{' && len(bytes.TrimSpace(v[1:len(v)-1])) == 0:
		return nil
	case v[0] == '{':
		return []jsontext.Value{v}
	case v[0] != '[' || json.Unmarshal(v, &elements) != nil:
		d.refuse(member, errNotObjects, refused)
		return nil
	case len(elements) > maxElements:
		d.refuse(member, errManyElements, refused)
		return elements[:maxElements]
	}
	return elements
}

// maxElements is as many as a 16-bit ordinal from 0 counts.
const maxElements = 1 << 15

func elementPath(member string, i int) string { return member + "[" + strconv.Itoa(i) + "]" }
