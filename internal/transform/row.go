package transform

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Row is one subscriber in canonical form. Empty strings and nil mean null.
type Row struct {
	// Identity names the subscriber within its source, for ever.
	Identity Identity
	// Content changes when anything does that makes a version of the subscriber:
	// all but Parent, Observation and CustomerName, which have ways of their own.
	Content ContentHash

	// SubscriberID is the provider's subscriberId: at floLIVE a UUID in lower
	// case (part of the identity), at IoT-X the MSISDN, EUI or subscription ID, which
	// may change.
	SubscriberID string
	// PhysicalID is IoT-X's physicalId in the provider's own spelling, for it is
	// the one that the provider answers to; empty at floLIVE.
	PhysicalID string
	Kind       Kind
	ICCID      ICCID
	EID        EID
	IMEI       IMEI
	IMEISV     IMEISV
	EUI        EUI
	Status     Status
	// ProviderStatus is the provider's own word, verbatim; empty at IoT-X, which
	// has none.
	ProviderStatus string
	CustomerID     uuid.NullUUID
	Nickname       string
	// Flags are sorted and unique.
	Flags []Flag
	// Extra is an object of the members that have no column, keys sorted; nil
	// where there are none.
	Extra jsontext.Value
	Pairs []Pair
	// Contract is nil at floLIVE.
	Contract *Contract

	// Top is false for a profile that came only inside its parent's record. A
	// record of its own at top level is the authority and beats it.
	Top bool
	// Parent is nil where none is named.
	Parent *ParentLink
	// Observation is nil at floLIVE.
	Observation  *Observation
	CustomerName string
}

// Pair is an IMSI of a subscriber. Its place in Row.Pairs is its ordinal, from 0.
type Pair struct {
	IMSI         IMSI
	MSISDN       MSISDN
	IsLastActive bool
}

// Contract is what IoT-X tells of a subscriber's commercial terms.
type Contract struct {
	OperatorCode, OperatorName, TariffName string
	// LineRentalMinor is in minor units of the tariff's currency, which is not named.
	LineRentalMinor                      *int64
	ConnectedAt, ExpiresAt, TerminatedAt *time.Time
	ContractMonths                       *int32
	IsActive, IsBarred                   *bool
	GroupID                              *int64
	DataNumber                           string
	// SubscriptionID is a satellite subscriber's subscriberId.
	SubscriptionID string
	SubscriberType string
	SMDPProvider   string
}

// ParentLink ties a profile to the subscriber that it is attached to.
type ParentLink struct {
	Parent Identity
	// Enabled tells whether this profile is the one now enabled on the parent; nil
	// where it is not said.
	Enabled *bool
	// Nested is true where only the place inside the parent's record says so.
	Nested bool
}

// Observation is what changes all the time and never makes a subscriber changed.
type Observation struct {
	IsOnline, IsTransferring *bool
	// DataUsageBytes are counted over the current billing period.
	DataUsageBytes *int64
	ObservedAt     time.Time
}

// Reject is a record, or a part of one, that cannot be a row. It is data: it
// goes to the table of rejects whole, and rows plus whole rejects equal the
// records read.
type Reject struct {
	// Whole is true where the record gave no row, false where a pair or a field
	// of it was refused alone.
	Whole bool
	// Subject is what of the record's identity could be read, as received but for
	// white space around it and NUL, and no longer than 255 bytes; empty where nothing
	// could. At floLIVE it is subscriberId, or iccid where there is none; at IoT-X it is
	// physicalId, of which PhysicalIdentity makes the identity of the subscriber that
	// must not be called absent. Of an eSIM profile it is the profile's id.
	Subject string
	// Field is the member's path as the provider words it: "iccid",
	// "imsiMsisdnPairs[1].imsi", "related.profiles[0].physicalId"; empty for the
	// record as such.
	Field string
	// Reason is a constant phrase without any value.
	Reason string
	// Record is the whole record as received, also where only a part was refused. Of
	// a nested profile it is the profile, not all that it came in; in details a note
	// stands in the place of contacts, and of what was refused of one it is the note
	// alone. It shares the page's memory where the record stood at top level of a listing.
	Record jsontext.Value
	// SubscriberID and ICCID are the parts of a floLIVE identity that could be
	// read, in canonical form: a known subscriber that has either must not be called
	// absent. Set only where Whole is.
	SubscriberID string
	ICCID        ICCID
}
