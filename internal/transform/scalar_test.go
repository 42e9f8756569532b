package transform

import (
	"errors"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

func TestReadScalars(t *testing.T) {
	tests := []struct {
		raw        string
		text       string
		textErr    error
		identifier string
		nameErr    error
		nul        bool
	}{
		{raw: ``},
		{raw: `null`},
		{raw: `""`},
		{raw: `"a b"`, text: "a b", identifier: "a b"},
		{raw: `" a b\n"`, text: " a b\n", identifier: "a b"},
		{raw: `"\u00a0a\u00a0"`, text: "\u00a0a\u00a0", identifier: "a"},
		{raw: `"  "`, text: "  "},
		{raw: `"\u0041\/\ud83d\ude00\""`, text: `A/😀"`, identifier: `A/😀"`},
		{raw: `"a\u0000b\u0000"`, text: "ab", identifier: "ab", nul: true},
		{raw: `"\u0000"`, nul: true},
		{raw: `"\u0000 a"`, text: " a", identifier: "a", nul: true},
		{raw: `"\\u0000"`, text: `\u0000`, identifier: `\u0000`},
		{raw: `8944000000000000001`, text: "8944000000000000001", identifier: "8944000000000000001"},
		{raw: `0`, text: "0", identifier: "0"},
		{raw: `8.9e18`, text: "8.9e18", nameErr: errNotDigits},
		{raw: `89.0`, text: "89.0", nameErr: errNotDigits},
		{raw: `-89`, text: "-89", nameErr: errNotDigits},
		{raw: `true`, text: "true", nameErr: errNotName},
		{raw: `false`, text: "false", nameErr: errNotName},
		{raw: `{}`, textErr: errNotScalar, nameErr: errNotName},
		{raw: `["a"]`, textErr: errNotScalar, nameErr: errNotName},
		{raw: `"\ud800"`, textErr: errNotUnicode, nameErr: errNotUnicode},
		{raw: `"`, textErr: errNotScalar, nameErr: errNotScalar},
	}
	for _, tt := range tests {
		t.Run(tt.raw, func(t *testing.T) {
			text, nul, err := readText(jsontext.Value(tt.raw))
			if text != tt.text || nul != tt.nul || !errors.Is(err, tt.textErr) {
				t.Errorf("text %q, NUL %v, %v; want %q, %v, %v", text, nul, err, tt.text, tt.nul, tt.textErr)
			}
			name, nul, err := readName(jsontext.Value(tt.raw))
			if name != tt.identifier || nul != tt.nul || !errors.Is(err, tt.nameErr) {
				t.Errorf("identifier %q, NUL %v, %v; want %q, %v, %v", name, nul, err, tt.identifier, tt.nul, tt.nameErr)
			}
		})
	}
}

func TestParseUUID(t *testing.T) {
	const want = "e7fcef24-5c03-41dd-9e33-995b7d6f47a7"
	for _, text := range []string{
		want, "E7FCEF24-5C03-41DD-9E33-995B7D6F47A7", "e7fcef245c0341dd9e33995b7d6f47a7",
		"{e7fcef24-5c03-41dd-9e33-995b7d6f47a7}", "urn:uuid:e7fcef24-5c03-41dd-9e33-995b7d6f47a7",
	} {
		if got, err := parseUUID(text); err != nil || got.String() != want {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "x", "(e7fcef24-5c03-41dd-9e33-995b7d6f47a7}", "{e7fcef24-5c03-41dd-9e33-995b7d6f47a7)", "e7fcef24-5c03-41dd-9e33-995b7d6f47ag", want + "0"} {
		if _, err := parseUUID(text); !errors.Is(err, errNotUUID) {
			t.Errorf("%q: %v; want %v", text, err, errNotUUID)
		}
	}
}
