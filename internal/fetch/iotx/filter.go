package iotx

import (
	"strings"
	"time"
)

// ConnectedBetween words a filter for subscribers connected at or after since and
// before until; a zero time leaves its side open, two make an empty filter. Values
// stand in double quotes; how a quote would be escaped is not documented, and a
// time holds none.
func ConnectedBetween(since, until time.Time) string {
	var terms []string
	if !since.IsZero() {
		terms = append(terms, `connectionDate ge "`+since.UTC().Format(time.RFC3339)+`"`)
	}
	if !until.IsZero() {
		terms = append(terms, `connectionDate lt "`+until.UTC().Format(time.RFC3339)+`"`)
	}
	return strings.Join(terms, " and ")
}
