package transform

import (
	"errors"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Why a record is none at all.
var (
	errNotObject  = errors.New("not an object")
	errNameTwice  = errors.New("a member is given twice")
	errNotRecord  = errors.New("not readable as a JSON object")
	errManyParts  = errors.New("more parts refused than are told apart")
	errNestedDeep = errors.New("nested deeper than 8")
	errNameLong   = errors.New("longer than 255 bytes")
)

const (
	// longestName bounds in bytes the names that the database has an index on.
	longestName = 255
	// maxParts bounds the rejects of parts of one record: each is kept with the whole
	// record, so a huge one with a thousand bad pairs would be kept a thousand times.
	maxParts = 100
)

// whyUnreadable tells what is wrong with a record that is none.
func whyUnreadable(raw jsontext.Value) error {
	twice, bytes := jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)
	switch {
	case raw.Kind() != '{':
		return errNotObject
	case raw.IsValid():
		return errNotRecord
	case raw.IsValid(twice):
		return errNameTwice
	case raw.IsValid(twice, bytes):
		return errNotUnicode
	}
	return errNotRecord
}

// salvage reads into v what a record that is none still tells of itself.
func salvage(raw jsontext.Value, v any) {
	// What was read before an error is all that can be had.
	_ = json.Unmarshal(raw, v, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// subjectOf is a name fit for Reject.Subject: what the column can hold, and no longer
// than a name may be.
func subjectOf(name string) string {
	if len(name) > longestName {
		name = name[:longestName]
	}
	return strings.ToValidUTF8(name, "")
}
