package transform

// IMEI is a device's identity (TS 23.003, 6.2.1): 15 digits with its check digit or
// 14 without. Devices are the same where the first 14 are. Empty means null.
type IMEI string

// ParseIMEI reads an IMEI. A failed check digit does not refuse it.
func ParseIMEI(s string) (IMEI, error) {
	if !digits(s, 14, 15) {
		return "", errIMEIForm
	}
	return IMEI(s), nil
}

// Masked is the IMEI as a log may hold it.
func (i IMEI) Masked() string { return Mask(string(i)) }

// flags appends what is odd about the IMEI.
func (i IMEI) flags(to []Flag) []Flag {
	if len(i) == 15 && !luhn(string(i)) {
		to = append(to, FlagIMEILuhn)
	}
	return to
}
