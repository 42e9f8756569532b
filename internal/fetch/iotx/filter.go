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
		terms = append(terms, `connectionDate ge "`+since.UTC().Format(time.RFC3339Nano)+`"`)
	}
	if !until.IsZero() {
		terms = append(terms, `connectionDate lt "`+until.UTC().Format(time.RFC3339Nano)+`"`)
	}
	return strings.Join(terms, " and ")
}

// listing names what a walk under a filter reads.
func listing(filter string) string {
	if filter == "" {
		return "subscribers"
	}
	return "subscribers where " + filter
}
