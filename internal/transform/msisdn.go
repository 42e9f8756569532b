package transform

import "strings"

// MSISDN is a phone number in international form (ITU-T E.164) without its prefix:
// 5 to 15 digits, the first not 0. Empty means null.
type MSISDN string

// ParseMSISDN reads a phone number as people and providers write it: with a + or 00
// before it, and spaces.
func ParseMSISDN(s string) (MSISDN, error) {
	if !digits(s, 5, 15) || s[0] == '0' {
		s = unspaced(s, false)
		if plain, found := strings.CutPrefix(s, "+"); found {
			s = plain
		} else {
			s = strings.TrimPrefix(s, "00")
		}
		if !digits(s, 5, 15) || s[0] == '0' {
			return "", errMSISDNForm
		}
	}
	return MSISDN(s), nil
}

// Masked is the MSISDN as a log may hold it.
func (m MSISDN) Masked() string { return Mask(string(m)) }
