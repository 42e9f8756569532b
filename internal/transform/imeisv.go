package transform

// IMEISV is a device's identity with its software's version (TS 23.003, 6.2.2): the
// first 14 digits of the IMEI and two of the version. Empty means null.
type IMEISV string

// ParseIMEISV reads an IMEISV.
func ParseIMEISV(s string) (IMEISV, error) {
	if !digits(s, 16, 16) {
		return "", errIMEISVForm
	}
	return IMEISV(s), nil
}

// Masked is the IMEISV as a log may hold it.
func (i IMEISV) Masked() string { return Mask(string(i)) }

// flags appends what is odd about the IMEISV beside the IMEI of the same device.
func (i IMEISV) flags(to []Flag, imei IMEI) []Flag {
	if i != "" && imei != "" && i[:14] != IMEISV(imei[:14]) {
		to = append(to, FlagIMEISVIMEI)
	}
	return to
}
