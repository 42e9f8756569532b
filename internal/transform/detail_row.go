package transform

import (
	"net/netip"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"
)

// Detail is what floLIVE tells of one subscriber beyond its listing, in canonical
// form. Empty strings and nil mean null. The identifiers of the listing (IMSIs, IMEI)
// are not in it: they have their columns already, and details make no version of a
// subscriber.
type Detail struct {
	// SubscriberID and ICCID name the subscriber, as its Row does.
	SubscriberID string
	ICCID        ICCID

	CustomerID   uuid.NullUUID
	CustomerName string
	// ProviderStatus is the provider's own word, verbatim.
	ProviderStatus string
	// Alias is empty also where the provider writes null as a word.
	Alias                    string
	Tags                     []string
	SystemLabels, UserLabels []string
	// Longitude is -180 to 180 degrees, Latitude -90 to 90.
	Longitude, Latitude *float64
	// MCC and MNC are text: their leading zeros matter (ITU-T E.212).
	MCC, MNC, LAC, CID                    string
	LastRATType, LastRATTypeLabel         string
	LastDataRATType, LastDataRATTypeLabel string
	LastAPN                               string
	IsInDataSession                       *bool
	// LastDataSessionAt is when the last data session that is over ended.
	LastDataSessionAt *time.Time
	FirstActivatedAt  *time.Time
	// LastIP is the zero Addr where there is none.
	LastIP netip.Addr
	// CustomFields is the list as received, in canonical JSON; nil where it is empty.
	CustomFields jsontext.Value
	// Extra is an object of the members that have no column, keys sorted; nil
	// where there are none.
	Extra jsontext.Value
	// Flags are sorted and unique.
	Flags []Flag
	// Offers are in the provider's order, which is their ordinal.
	Offers []Offer
	// Contacts is nil where contacts are dropped.
	Contacts  []Contact
	FetchedAt time.Time
}

// Offer is a plan of a subscriber.
type Offer struct {
	OfferID           uuid.UUID
	Name, Description string
	AttachedAt        *time.Time
	// RenewsOn and ExpiresOn are dates: midnight, UTC.
	RenewsOn, ExpiresOn *time.Time
	// Priority is the order in which plans are used up.
	Priority       *int32
	LinkedOfferIDs []uuid.UUID
}

// Contact is a person. It is personal data, for the schema private alone.
type Contact struct {
	ContactID                         uuid.UUID
	EmailAddress, Type, Role          string
	Salutation                        string
	FirstName, MiddleName, LastName   string
	Gender                            string
	Birthdate                         *time.Time // a date: midnight, UTC
	LandlinePhone, MobilePhone        string
	AdditionalPhone, Picture, Remarks string
	// Extra is as a Detail's.
	Extra      jsontext.Value
	Identities []ContactIdentity
}

// ContactIdentity is a document of a person: a passport, a driver's licence.
type ContactIdentity struct {
	IDType, IDNumber string
}

// ESIMProfile is a profile on an eUICC.
type ESIMProfile struct {
	ProfileID uuid.UUID
	EID       EID
	Name      string
	IsActive  *bool
	// SubscriberID is the subscriber of the profile; two profiles may have the same.
	SubscriberID string
	ICCID        ICCID
	IMEI         IMEI
	IMEISV       IMEISV
	Pairs        []Pair
	// Flags are sorted and unique.
	Flags []Flag
	// Extra is an object of the members that have no column, keys sorted; nil
	// where there are none.
	Extra jsontext.Value
}

// Contacts says what becomes of the contacts in details.
type Contacts bool

// What becomes of contacts. Dropped ones are not read at all.
const (
	DropContacts Contacts = false
	KeepContacts Contacts = true
)
