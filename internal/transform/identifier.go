package transform

import (
	"errors"
	"strings"
	"unicode"
)

// Why a text is not the identifier that it should be. These are reasons of
// rejects, so they never hold the text itself.
var (
	errICCIDForm  = errors.New("not 18 to 22 digits")
	errIMSIForm   = errors.New("not 6 to 15 digits")
	errMSISDNForm = errors.New("not 5 to 15 digits without a leading 0")
	errIMEIForm   = errors.New("not 14 or 15 digits")
	errIMEISVForm = errors.New("not 16 digits")
	errEIDForm    = errors.New("not 32 digits")
	errEUIForm    = errors.New("not 16 hexadecimal digits")
)

// digits tells whether s holds decimal digits alone, least to most of them.
func digits(s string, least, most int) bool {
	if len(s) < least || len(s) > most {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// luhn tells whether the last of decimal digits is the check digit of those before
// it (ISO/IEC 7812-1 annex B).
func luhn(decimals string) bool {
	sum := 0
	for i := range len(decimals) {
		n := int(decimals[len(decimals)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// unspaced removes white space of any kind from s, and dashes where they are
// printed between groups of digits.
func unspaced(s string, dashes bool) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || dashes && unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, s)
}

// shortest is the length below which an identifier is masked wholly.
const shortest = 8

// Mask hides the middle of an identifier for a log: at most four characters stay at
// either end, never more than half of all, and nothing of a short one. It is for
// the identifiers that are plain text here (a subscriberId, a physicalId).
func Mask(s string) string {
	runes := []rune(s)
	shown := min(4, len(runes)/4)
	if len(runes) < shortest {
		shown = 0
	}
	for i := shown; i < len(runes)-shown; i++ {
		runes[i] = '*'
	}
	return string(runes)
}
