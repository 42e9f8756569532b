package transform

// IMSI is an international mobile subscriber identity (ITU-T E.212): 6 to 15
// digits. Where its network code ends cannot be told without a table, so it is
// never split. Empty means null.
type IMSI string

// ParseIMSI reads an IMSI.
func ParseIMSI(s string) (IMSI, error) {
	if !digits(s, 6, 15) {
		return "", errIMSIForm
	}
	return IMSI(s), nil
}

// Masked is the IMSI as a log may hold it.
func (i IMSI) Masked() string { return Mask(string(i)) }

// flags appends what is odd about the IMSI.
func (i IMSI) flags(to []Flag) []Flag {
	if i != "" && len(i) != 15 && len(i) != 14 {
		to = append(to, FlagIMSILength)
	}
	return to
}
