package simulator

import "encoding/binary"

// digits writes a number behind a prefix, with leading zeros up to the width of all of it. The width is at most 32.
func digits(prefix string, number uint64, width int) string {
	var buf [32]byte
	fillDigits(&buf, prefix, number, width)
	return string(buf[:width])
}

// checked is digits with one more digit behind it: the Luhn check digit (ISO/IEC 7812-1) shifted by off, so that 0 is right and
// 1 to 9 are wrong.
func checked(prefix string, number uint64, width int, off uint64) string {
	var buf [32]byte
	fillDigits(&buf, prefix, number, width)
	buf[width] = '0' + byte((luhn(buf[:width])+off)%10)
	return string(buf[:width+1])
}

func fillDigits(buf *[32]byte, prefix string, number uint64, width int) {
	copy(buf[:], prefix)
	for at := width - 1; at >= len(prefix); at-- {
		buf[at] = '0' + byte(number%10)
		number /= 10
	}
}

// luhn is the check digit that belongs behind a body of digits.
func luhn(body []byte) uint64 {
	sum := uint64(0)
	for i := range body {
		digit := uint64(body[len(body)-1-i] - '0')
		if i%2 == 0 {
			digit = digit*2 - digit/5*9 // digits 5 to 9 double to two digits, whose sum is 9 less
		}
		sum += digit
	}
	return (10 - sum%10) % 10
}

// eidText makes an EID: 30 digits and two check digits, so that the whole modulo 97 is 1 (GSMA SGP.29), shifted by off.
func eidText(prefix string, number, off uint64) string {
	body := digits(prefix, number, 30)
	remainder := uint64(0)
	for i := range body {
		remainder = (remainder*10 + uint64(body[i]-'0')) % 97
	}
	return digits(body, (98-remainder*100%97+off)%97, 32)
}

// uuidText writes 128 bits as a UUID of version 4 (RFC 9562).
func uuidText(high, low uint64) string {
	const hex = "0123456789abcdef"
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], high)
	binary.BigEndian.PutUint64(raw[8:], low)
	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	var text [36]byte
	at := 0
	for i, b := range raw {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text[at] = '-'
			at++
		}
		text[at], text[at+1] = hex[b>>4], hex[b&15]
		at += 2
	}
	return string(text[:])
}
