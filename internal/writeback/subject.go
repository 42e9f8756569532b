package writeback

import (
	"errors"
	"strings"

	"simsync/internal/transform"
)

// SubjectType is what an identifier that names a subscriber is.
type SubjectType string

// The subject types: the first four are those of floLIVE API v2, "Bulk Move
// Subscriber", the last is IoT-X's.
const (
	SubjectIMSI       SubjectType = "IMSI"
	SubjectICCID      SubjectType = "ICCID"
	SubjectMSISDN     SubjectType = "MSISDN"
	SubjectIMEI       SubjectType = "IMEI"
	SubjectPhysicalID SubjectType = "PHYSICAL_ID"
)

// allowed says what the value of each type of a move may be.
var allowed = map[SubjectType]string{
	SubjectIMSI:   "6 to 15 digits",
	SubjectICCID:  "18 to 22 digits",
	SubjectMSISDN: "5 to 15 digits without a leading 0",
	SubjectIMEI:   "14 or 15 digits",
}

// Subject names a subscriber to a provider.
type Subject struct {
	Type SubjectType
	// Value is in canonical form, a physicalId in the provider's own spelling.
	Value string
}

// Masked is the value as a log, a table or an error may hold it.
func (s Subject) Masked() string { return transform.Mask(s.Value) }

// parseType reads a subject type of a move, in any case.
func parseType(text string) (SubjectType, bool) {
	t := SubjectType(strings.ToUpper(text))
	_, known := allowed[t]
	return t, known
}

// parseSubject brings the value of a move's subject into its canonical form.
func parseSubject(t SubjectType, text string) (Subject, error) {
	var value string
	var err error
	switch t {
	case SubjectIMSI:
		value, err = canonical(transform.ParseIMSI(text))
	case SubjectICCID:
		value, err = canonical(transform.ParseICCID(text))
	case SubjectMSISDN:
		value, err = canonical(transform.ParseMSISDN(text))
	default:
		value, err = canonical(transform.ParseIMEI(text))
	}
	return Subject{Type: t, Value: value}, err
}

func canonical[S ~string](id S, err error) (string, error) { return string(id), err }

// longestPhysicalID bounds a physicalId, in bytes: longer ones are not loaded either.
const longestPhysicalID = 255

var errPhysicalID = errors.New("no physicalId")

// parsePhysicalID takes a physicalId as the provider spells it, for that is the one
// that it answers to.
func parsePhysicalID(text string) (Subject, error) {
	value := strings.TrimSpace(text)
	if value == "" || value == "." || value == ".." || len(value) > longestPhysicalID || hasControl(value) {
		return Subject{}, errPhysicalID
	}
	return Subject{Type: SubjectPhysicalID, Value: value}, nil
}
