package transform

import "strings"

// ICCID is a SIM card's serial number (ITU-T E.118): 18 to 22 digits. Empty means
// null.
type ICCID string

// ParseICCID reads an ICCID as people and providers write it: with spaces, dashes,
// or the F that fills the last half octet on the card (TS 102 221, 13.2). A failed
// check digit does not refuse it.
func ParseICCID(s string) (ICCID, error) {
	if digits(s, 18, 22) {
		return ICCID(s), nil
	}
	s = unspaced(s, true)
	if n := len(s); n > 0 && (s[n-1] == 'F' || s[n-1] == 'f') {
		s = s[:n-1]
	}
	if !digits(s, 18, 22) {
		return "", errICCIDForm
	}
	return ICCID(s), nil
}

// Masked is the ICCID as a log may hold it.
func (i ICCID) Masked() string { return Mask(string(i)) }

// flags appends what is odd about the ICCID.
func (i ICCID) flags(to []Flag) []Flag {
	if i == "" {
		return to
	}
	if !luhn(string(i)) {
		to = append(to, FlagICCIDLuhn)
	}
	if !strings.HasPrefix(string(i), "89") {
		to = append(to, FlagICCIDPrefix)
	}
	if len(i) != 19 && len(i) != 20 {
		to = append(to, FlagICCIDLength)
	}
	return to
}
