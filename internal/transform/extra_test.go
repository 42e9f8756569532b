package transform

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestExtra(t *testing.T) {
	nested := func(levels int, inner string) string {
		return strings.Repeat(`[`, levels) + inner + strings.Repeat(`]`, levels)
	}
	tests := []struct {
		name, member, want string
		flags              []Flag
	}{
		{name: "scalars", member: `"a":null,"b":true,"c":"x","d":-1.500E+2`, want: `{"a":null,"b":true,"c":"x","d":-1.500E+2}`},
		{name: "sorted at every level", member: `"b":{"z":1,"y":{"q":[],"p":{}}},"a":[{"d":1,"c":2}]`, want: `{"a":[{"c":2,"d":1}],"b":{"y":{"p":{},"q":[]},"z":1}}`},
		{name: "white space", member: ` "a" : [ 1 , 2 ] , "b" : { } `, want: `{"a":[1,2],"b":{}}`},
		{name: "escapes", member: `"\u0061":"\u00e9\/\n\u2028\ud83d\ude00"`, want: `{"a":"é/\n` + "\u2028" + `😀"}`},
		{name: "empty name", member: `"":1`, want: `{"":1}`},
		{name: "many digits", member: `"a":123456789012345678901234567890.10`, want: `{"a":123456789012345678901234567890.10}`},
		{name: "NUL", member: `"a\u0000":["b\u0000c"]`, want: `{"a":["bc"]}`, flags: []Flag{FlagNULRemoved}},
		{name: "NUL escaped is none", member: `"a":"\\u0000"`, want: `{"a":"\\u0000"}`},
		{name: "names alike without NUL", member: `"a\u0000":1,"b":2,"a":3`, want: `{"a":3,"b":2}`, flags: []Flag{FlagNULRemoved}},
		{name: "numeric holds", member: `"a":1e131071,"b":1e-16383`, want: `{"a":1e131071,"b":1e-16383}`},
		{name: "numeric overflows", member: `"a":1e131072,"b":[1e-16384]`, want: `{"a":"1e131072","b":["1e-16384"]}`},
		{name: "deepest", member: `"a":` + nested(63, `1`), want: `{"a":` + nested(63, `1`) + `}`},
		{name: "too deep", member: `"a":` + nested(63, `[ 1 ]`), want: `{"a":` + nested(63, `"[ 1 ]"`) + `}`},
		{name: "object too deep", member: `"a":` + nested(63, `{"b\u0000":"c"}`), want: `{"a":` + nested(63, `"{\"b\\u0000\":\"c\"}"`) + `}`},
		{name: "scalar at the bottom", member: `"a":` + nested(63, `"b"`), want: `{"a":` + nested(63, `"b"`) + `}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := floLIVEBatch(floLIVEWith(tt.member))
			row := onlyRow(t, b)
			equal(t, "extra", string(row.Extra), tt.want)
			equal(t, "flags", row.Flags, tt.flags)
			if !row.Extra.IsValid() {
				t.Error("extra is not valid JSON")
			}
		})
	}
}

// TestExtraOrder: the order in which a provider sends its members makes no version.
func TestExtraOrder(t *testing.T) {
	a := onlyRow(t, floLIVEBatch(floLIVEWith(`"x":{"a":1,"b":[2]},"y":"z"`)))
	b := onlyRow(t, floLIVEBatch(floLIVEWith(`"y": "z", "x": {"b": [2], "a": 1}`)))
	if a.Content != b.Content {
		t.Error("the order of members changes the content hash")
	}
}

// level is how many objects and lists v has within each other.
func level(t *testing.T, v jsontext.Value) int {
	t.Helper()
	deepest, now := 0, 0
	dec := jsontext.NewDecoder(strings.NewReader(string(v)))
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return deepest
		}
		switch token.Kind() {
		case '{', '[':
			now++
			deepest = max(deepest, now)
		case '}', ']':
			now--
		}
	}
}
