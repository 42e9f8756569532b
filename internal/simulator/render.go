package simulator

import "strconv"

// appendString appends a JSON string (RFC 8259). Bytes that are not UTF-8 go through as they are: that is how a record comes
// to be broken.
func appendString(dst []byte, s string) []byte {
	const hex = "0123456789abcdef"
	dst = append(dst, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		if c < ' ' {
			dst = append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		} else {
			dst = append(dst, '\\', c)
		}
	}
	dst = append(dst, s[from:]...)
	return append(dst, '"')
}

// appendMember appends a member with a string value. The name comes with its quotes, colon and the comma before it.
func appendMember(dst []byte, name, value string) []byte {
	return appendString(append(dst, name...), value)
}

// appendNullable is appendMember where the empty string is null.
func appendNullable(dst []byte, name, value string) []byte {
	if value == "" {
		return append(append(dst, name...), "null"...)
	}
	return appendMember(dst, name, value)
}

// scalars writes numbers and booleans, in quotes where the provider is stringly.
type scalars struct{ quoted bool }

func (s scalars) appendInt(dst []byte, name string, value int64) []byte {
	dst = s.quote(append(dst, name...))
	return s.quote(strconv.AppendInt(dst, value, 10))
}

func (s scalars) appendBool(dst []byte, name string, value bool) []byte {
	dst = s.quote(append(dst, name...))
	return s.quote(strconv.AppendBool(dst, value))
}

func (s scalars) quote(dst []byte) []byte {
	if s.quoted {
		return append(dst, '"')
	}
	return dst
}
