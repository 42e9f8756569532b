package transform

import "strings"

// EUI is a non-IP device's EUI-64: 16 hexadecimal digits in lower case. Empty means
// null.
type EUI string

// ParseEUI reads an EUI in either case.
func ParseEUI(s string) (EUI, error) {
	if len(s) != 16 {
		return "", errEUIForm
	}
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f', 'A' <= c && c <= 'F':
		default:
			return "", errEUIForm
		}
	}
	return EUI(strings.ToLower(s)), nil
}

// Masked is the EUI as a log may hold it.
func (e EUI) Masked() string { return Mask(string(e)) }
