package transform

import (
	"errors"
	"strings"
	"time"
)

// Why a text is not the time that it should be.
var (
	errDateForm   = errors.New("not a date, nor a date and time of RFC 3339")
	errNoSuchDate = errors.New("no such date or time")
	errDateYear   = errors.New("a year outside 0001 to 9999")
)

// parseTime reads a date and time as RFC 3339 writes it, also with a space for its T
// and without a zone, or a date alone, which is its midnight. Without a zone it is
// UTC. The result is in UTC and cut to microseconds, which is what a column holds.
func parseTime(s string) (time.Time, error) {
	p := clockReader{rest: s}
	year, month, day := p.number(4), p.after('-'), p.after('-')
	var hour, minute, second, nanosecond, east int
	if len(p.rest) > 0 {
		p.oneOf("Tt ")
		hour, minute, second = p.number(2), p.after(':'), p.after(':')
		nanosecond = p.fraction()
		east = p.zone()
	}
	switch {
	case p.bad && yearForm(s):
		return time.Time{}, errDateYear
	case p.bad || p.rest != "":
		return time.Time{}, errDateForm
	case hour > 23 || minute > 59 || second > 59:
		return time.Time{}, errNoSuchDate
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanosecond, time.UTC)
	if t.Month() != time.Month(month) { // two digits of days never come round to it again
		return time.Time{}, errNoSuchDate
	}
	t = t.Add(-time.Duration(east) * time.Minute).Truncate(time.Microsecond)
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, errDateYear
	}
	return t, nil
}

// yearForm tells whether s begins with a year that the provider's pattern allows and
// a column here does not: one before year 0, or of five digits and more.
func yearForm(s string) bool {
	s, before := strings.CutPrefix(s, "-")
	year, _, found := strings.Cut(s, "-")
	return found && digits(year, 4, len(s)) && (before || len(year) > 4)
}

// clockReader takes a time's text apart from its left. After the first thing that is
// not as expected it is bad for good.
type clockReader struct {
	rest string
	bad  bool
}

// number takes exactly n digits.
func (p *clockReader) number(n int) int {
	if len(p.rest) < n || !digits(p.rest[:n], n, n) {
		p.bad = true
		return 0
	}
	value := 0
	for i := range n {
		value = value*10 + int(p.rest[i]-'0')
	}
	p.rest = p.rest[n:]
	return value
}

// oneOf takes one character of set and returns it.
func (p *clockReader) oneOf(set string) byte {
	for i := range len(set) {
		if len(p.rest) > 0 && p.rest[0] == set[i] {
			p.rest = p.rest[1:]
			return set[i]
		}
	}
	p.bad = true
	return 0
}

// after takes the character sep and two digits.
func (p *clockReader) after(sep byte) int {
	p.oneOf(string(sep))
	return p.number(2)
}

// fraction takes a fraction of a second where there is one: nanoseconds, what is
// finer cut off.
func (p *clockReader) fraction() int {
	if len(p.rest) == 0 || p.rest[0] != '.' {
		return 0
	}
	p.rest = p.rest[1:]
	value, unit := p.number(1), 100_000_000
	value *= unit
	for len(p.rest) > 0 && p.rest[0] >= '0' && p.rest[0] <= '9' {
		unit /= 10
		value += unit * int(p.rest[0]-'0')
		p.rest = p.rest[1:]
	}
	return value
}

// zone takes a zone where there is one: minutes east of UTC.
func (p *clockReader) zone() int {
	if p.rest == "" {
		return 0
	}
	sign := p.oneOf("Zz+-")
	if sign == 'Z' || sign == 'z' || p.bad {
		return 0
	}
	hours, minutes := p.number(2), p.after(':')
	if hours > 23 || minutes > 59 {
		p.bad = true
	}
	if sign == '-' {
		return -(hours*60 + minutes)
	}
	return hours*60 + minutes
}
