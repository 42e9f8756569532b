package transform

// EID is an eUICC's identity (GSMA SGP.29): 32 digits. Empty means null.
type EID string

// ParseEID reads an EID. Failed check digits do not refuse it, nor does a first
// digit group other than 89: SGP.29 allows others.
func ParseEID(s string) (EID, error) {
	if !digits(s, 32, 32) {
		return "", errEIDForm
	}
	return EID(s), nil
}

// Masked is the EID as a log may hold it.
func (e EID) Masked() string { return Mask(string(e)) }

// flags appends what is odd about the EID: the whole number leaves 1 when divided
// by 97 (SGP.29, annex on check digits; ISO/IEC 7064 MOD 97-10).
func (e EID) flags(to []Flag) []Flag {
	if e == "" {
		return to
	}
	rest := 0
	for i := range len(e) {
		rest = (rest*10 + int(e[i]-'0')) % 97
	}
	if rest != 1 {
		to = append(to, FlagEIDCheck)
	}
	return to
}
