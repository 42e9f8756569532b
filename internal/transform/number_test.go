package transform

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParseInteger(t *testing.T) {
	tests := []struct {
		text string
		want int64
		err  error
	}{
		{"20480", 20480, nil},
		{"20480.0", 20480, nil},
		{"2.048e4", 20480, nil},
		{"2048000E-2", 20480, nil},
		{"1e+3", 1000, nil},
		{"-7", -7, nil},
		{"-0", 0, nil},
		{"0e999999999999999999999", 0, nil},
		{"0.000", 0, nil},
		{"007", 7, nil},
		{"9223372036854775807", math.MaxInt64, nil},
		{"-9223372036854775808", math.MinInt64, nil},
		{"9223372036854775808", 0, errNumberRange},
		{"1e19", 0, errNumberRange},
		{"1e999999999999999999999", 0, errNumberRange},
		{"1" + strings.Repeat("0", 100), 0, errNumberRange},
		{"1.5", 0, errFraction},
		{"1e-1", 0, errFraction},
		{"1e-999999999999999999999", 0, errFraction},
		{"", 0, errNotNumber},
		{"-", 0, errNotNumber},
		{"+1", 0, errNotNumber},
		{"1.", 0, errNotNumber},
		{".5", 0, errNotNumber},
		{"1e", 0, errNotNumber},
		{"1e+", 0, errNotNumber},
		{"1e5e5", 0, errNotNumber},
		{"0x10", 0, errNotNumber},
		{"12 MB", 0, errNotNumber},
		{"NaN", 0, errNotNumber},
	}
	for _, tt := range tests {
		if got, err := parseInteger(tt.text); got != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%.30q is %d, %v; want %d, %v", tt.text, got, err, tt.want, tt.err)
		}
	}
}

// TestIntegerNotations: the same number in any of JSON's notations is the same.
func TestIntegerNotations(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Int64().Draw(t, "number")
		zeros := rapid.IntRange(0, 30).Draw(t, "zeros")
		plain := strconv.FormatInt(want, 10)
		for _, text := range []string{
			plain,
			plain + "." + strings.Repeat("0", zeros+1),
			plain + strings.Repeat("0", zeros) + "e-" + strconv.Itoa(zeros),
			plain + "E+0",
		} {
			if got, err := parseInteger(text); err != nil || got != want {
				t.Fatalf("%q is %d, %v; want %d", text, got, err, want)
			}
		}
	})
}

func TestColumnsOfNumbers(t *testing.T) {
	if _, err := parseInteger32("2147483648"); !errors.Is(err, errNumberRange) {
		t.Errorf("months past 32 bits: %v", err)
	}
	if got, err := parseInteger32("24"); got != 24 || err != nil {
		t.Errorf("24 months are %d, %v", got, err)
	}
	if _, err := parseBytes("-1"); !errors.Is(err, errNegative) {
		t.Errorf("bytes below zero: %v", err)
	}
}

func TestParseBoolean(t *testing.T) {
	for text, want := range map[string]bool{"true": true, "TRUE": true, "True": true, "1": true, "false": false, "False": false, "0": false} {
		if got, err := parseBoolean(text); got != want || err != nil {
			t.Errorf("%q is %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "yes", "no", "2", "1.0", "t", "null"} {
		if _, err := parseBoolean(text); !errors.Is(err, errNotBoolean) {
			t.Errorf("%q: %v; want %v", text, err, errNotBoolean)
		}
	}
}

func TestFitsNumeric(t *testing.T) {
	long := strings.Repeat("1", numericBeforePoint)
	fine := strings.Repeat("1", numericAfterPoint)
	for number, want := range map[string]bool{
		"0":                          true,
		"-1.5e10":                    true,
		"1e131071":                   true,
		"1e131072":                   false,
		"-1E+131072":                 false,
		"10e131070":                  true,
		"10e131071":                  false,
		"1e-16383":                   true,
		"1e-16384":                   false,
		"1.0e-16382":                 true,
		"1.0e-16383":                 false,
		long:                         true,
		long + "1":                   false,
		long + ".5":                  true,
		"0." + fine:                  true,
		"0." + fine + "1":            false,
		"0." + fine + "1e1":          true,
		"1e99999999999999999999999":  false,
		"1e-99999999999999999999999": false,
	} {
		if got := fitsNumeric(number); got != want {
			t.Errorf("%.30s (%d characters): %v; want %v", number, len(number), got, want)
		}
	}
}
