package transform

import (
	"errors"

	"github.com/google/uuid"
)

var errNotUUID = errors.New("not a UUID")

// parseUUID reads a UUID of any version in the forms of RFC 9562, 4: with hyphens or
// without, in either case, in braces, or as a URN.
func parseUUID(s string) (uuid.UUID, error) {
	// uuid.Parse takes any two characters for braces.
	if len(s) == len("{}")+36 && (s[0] != '{' || s[len(s)-1] != '}') {
		return uuid.UUID{}, errNotUUID
	}
	u, err := uuid.Parse(s)
	if err != nil {
		return uuid.UUID{}, errNotUUID
	}
	return u, nil
}
