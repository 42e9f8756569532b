package config

import (
	"fmt"
	"strconv"
	"strings"
)

// Error is everything that is wrong with the settings. Nothing but the operator can mend it, so a retry does not help.
type Error struct {
	// Problems has one line for each: where it stands, what is there, what is allowed. No line holds a secret.
	Problems []string
}

// Error is the problems, a line each.
func (e *Error) Error() string { return strings.Join(e.Problems, "\n") }

// problem is an Error with one line.
func problem(format string, args ...any) *Error {
	return &Error{Problems: []string{fmt.Sprintf(format, args...)}}
}

// longestShown is how much of a wrong value an error repeats, in bytes.
const longestShown = 60

// show words a value for an error: as it is where it reads as one word, else quoted, never longer than a line bears.
func show(value string) string {
	short := value
	if len(short) > longestShown {
		short = strings.ToValidUTF8(short[:longestShown], "") + "..."
	}
	if quoted := strconv.Quote(short); short == "" || strings.Contains(short, " ") || quoted != `"`+short+`"` {
		return quoted
	}
	return short
}
