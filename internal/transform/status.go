package transform

import (
	"strings"
	"time"
	"unicode"
)

// Status is the one vocabulary for both providers' states.
type Status string

// The statuses.
const (
	StatusActive     Status = "active"
	StatusSuspended  Status = "suspended"
	StatusInactive   Status = "inactive"
	StatusTerminated Status = "terminated"
	StatusUnknown    Status = "unknown"
)

// floLIVEStatus translates floLIVE's word; case, white space, hyphens and
// underscores do not matter. known is false for any word that its page does not
// name, and for none.
func floLIVEStatus(word string) (s Status, known bool) {
	switch folded(word) {
	case "ACTIVE":
		return StatusActive, true
	case "SUSPEND", "SUSPENDED":
		return StatusSuspended, true
	case "INACTIVE":
		return StatusInactive, true
	case "TERMINATED":
		return StatusTerminated, true
	}
	return StatusUnknown, false
}

// folded is word in upper case without white space, hyphens and underscores.
func folded(word string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' || unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, word)
}

// iotxStatus derives the status that IoT-X does not name: the first that holds. now
// is when the provider said it. What is not told does not hold.
func iotxStatus(c *Contract, now time.Time) Status {
	switch {
	case c.TerminatedAt != nil && c.TerminatedAt.Before(now):
		return StatusTerminated
	case c.IsBarred != nil && *c.IsBarred:
		return StatusSuspended
	case c.IsActive != nil && *c.IsActive:
		return StatusActive
	}
	return StatusInactive
}
