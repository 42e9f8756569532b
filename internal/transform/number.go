package transform

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// Why a text is not the number or boolean that it should be.
var (
	errNotNumber   = errors.New("not a number")
	errFraction    = errors.New("not a whole number")
	errNumberRange = errors.New("a number beyond its column's range")
	errNegative    = errors.New("below zero")
	errNotBoolean  = errors.New("neither true nor false")
)

// exponentCeiling bounds an exponent either way, far past every column.
const exponentCeiling = 1 << 30

// decimal is a number as JSON writes it (RFC 8259, 6), taken apart: nothing is
// rounded by passing through a float.
type decimal struct {
	negative        bool
	whole, fraction string
	exponent        int // within exponentCeiling
}

// parseDecimal reads JSON's notation, and leading zeros besides, for a number may
// arrive as text.
func parseDecimal(s string) (decimal, error) {
	var d decimal
	s, d.negative = strings.CutPrefix(s, "-")
	mantissa := s
	if at := strings.IndexAny(s, "eE"); at >= 0 {
		mantissa = s[:at]
		exponent, err := parseExponent(s[at+1:])
		if err != nil {
			return d, err
		}
		d.exponent = exponent
	}
	var point bool
	d.whole, d.fraction, point = strings.Cut(mantissa, ".")
	if !digits(d.whole, 1, len(s)) || point && !digits(d.fraction, 1, len(s)) {
		return d, errNotNumber
	}
	return d, nil
}

func parseExponent(s string) (int, error) {
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	if !digits(s, 1, len(s)) {
		return 0, errNotNumber
	}
	n, err := strconv.Atoi(s)
	if err != nil || n > exponentCeiling {
		n = exponentCeiling
	}
	if negative {
		n = -n
	}
	return n, nil
}

// parseInteger reads a whole number in any notation: 20480, 20480.0 and 2.048e4 are
// the same.
func parseInteger(s string) (int64, error) {
	d, err := parseDecimal(s)
	if err != nil {
		return 0, err
	}
	mantissa := strings.TrimLeft(d.whole+d.fraction, "0")
	if mantissa == "" {
		return 0, nil
	}
	// The value is significant, then zeros times 0.
	significant := strings.TrimRight(mantissa, "0")
	zeros := len(mantissa) - len(significant) + d.exponent - len(d.fraction)
	if zeros < 0 {
		return 0, errFraction
	}
	const longest = len("9223372036854775808")
	if len(significant)+zeros > longest {
		return 0, errNumberRange
	}
	text := significant + strings.Repeat("0", zeros)
	if d.negative {
		text = "-" + text
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, errNumberRange
	}
	return n, nil
}

// parseInteger32 reads a whole number for a column of 32 bits.
func parseInteger32(s string) (int32, error) {
	n, err := parseInteger(s)
	if err != nil {
		return 0, err
	}
	if n < math.MinInt32 || n > math.MaxInt32 {
		return 0, errNumberRange
	}
	return int32(n), nil
}

// parseBytes reads an amount of data.
func parseBytes(s string) (int64, error) {
	n, err := parseInteger(s)
	if err == nil && n < 0 {
		return 0, errNegative
	}
	return n, err
}

// parseBoolean reads true and false in any case, and 1 and 0.
func parseBoolean(s string) (bool, error) {
	switch {
	case s == "1", strings.EqualFold(s, "true"):
		return true, nil
	case s == "0", strings.EqualFold(s, "false"):
		return false, nil
	}
	return false, errNotBoolean
}

// What PostgreSQL's numeric, and so jsonb, can hold (manual, 8.1.2).
const (
	numericBeforePoint = 131072
	numericAfterPoint  = 16383
)

// fitsNumeric tells whether jsonb can hold a JSON number.
func fitsNumeric(number string) bool {
	d, err := parseDecimal(number)
	return err == nil &&
		len(d.whole)+d.exponent <= numericBeforePoint &&
		len(d.fraction)-d.exponent <= numericAfterPoint
}
