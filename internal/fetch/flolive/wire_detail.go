package flolive

import "github.com/go-json-experiment/json/jsontext"

// Detail is one element of the content of a subscriber's details (floLIVE API v2,
// "Get Subscriber Details"). Its members stay raw, absent ones nil, as [Subscriber]'s
// do, but for the contact.
type Detail struct {
	SubscriberIdentifiers jsontext.Value `json:"subscriberIdentifiers"` // Identifiers
	CustomerID            jsontext.Value `json:"customerId"`
	CustomerName          jsontext.Value `json:"customerName"`
	SubsStatus            jsontext.Value `json:"subsStatus"` // the listing's status
	Tags                  jsontext.Value `json:"tags"`
	SystemLabels          jsontext.Value `json:"systemLabels"`
	UserLabels            jsontext.Value `json:"userLabels"`
	Alias                 jsontext.Value `json:"alias"`
	LastKnownLocation     jsontext.Value `json:"lastKnownLocation"`    // Location
	LastConnectedNetwork  jsontext.Value `json:"lastConnectedNetwork"` // Network
	LastRATType           jsontext.Value `json:"lastRatType"`
	LastRATTypeLabel      jsontext.Value `json:"lastRatTypeLabel"`
	LastDataRATType       jsontext.Value `json:"lastDataRatType"`
	LastDataRATTypeLabel  jsontext.Value `json:"lastDataRatTypeLabel"`
	LastAPN               jsontext.Value `json:"lastApn"`
	IsInDataSession       jsontext.Value `json:"isInDataSession"`
	LastDataSession       jsontext.Value `json:"lastDataSession"`
	LastIP                jsontext.Value `json:"lastIp"`
	Offer                 jsontext.Value `json:"offer"` // array of Offer
	// Contact is personal data, and so it is not even copied out of the record. Who
	// keeps contacts reads the record's Raw as a DetailContact.
	Contact            Unread         `json:"contact"`
	CustomFields       jsontext.Value `json:"customFields"`
	FirstActivatedTime jsontext.Value `json:"firstActivatedTime"`
	// Unknown holds the members that the provider's page does not name, as one
	// object; nil where there is none.
	Unknown jsontext.Value `json:",embed"`
}

// Identifiers are the subscriberIdentifiers of a Detail or a Profile.
type Identifiers struct {
	SubscriberID    jsontext.Value `json:"subscriberId"`
	ImsiMsisdnPairs jsontext.Value `json:"imsiMsisdnPairs"` // array of Pair
	ICCID           jsontext.Value `json:"iccid"`
	IMEI            jsontext.Value `json:"imei"`
	IMEISV          jsontext.Value `json:"imeisv"`
	Unknown         jsontext.Value `json:",embed"`
}

// Location is lastKnownLocation, in degrees.
type Location struct {
	Longitude jsontext.Value `json:"longitude"`
	Latitude  jsontext.Value `json:"latitude"`
	Unknown   jsontext.Value `json:",embed"`
}

// Network is lastConnectedNetwork.
type Network struct {
	MCC     jsontext.Value `json:"mcc"`
	MNC     jsontext.Value `json:"mnc"`
	LAC     jsontext.Value `json:"lac"`
	CID     jsontext.Value `json:"cid"`
	Unknown jsontext.Value `json:",embed"`
}

// Offer is one element of offer. The page's table spells the last member
// linkedOfferIDs, its example as it is here.
type Offer struct {
	ID              jsontext.Value `json:"id"`
	Name            jsontext.Value `json:"name"`
	Description     jsontext.Value `json:"description"`
	AttachTimestamp jsontext.Value `json:"attachTimestamp"`
	RenewalDate     jsontext.Value `json:"renewalDate"`
	ExpirationDate  jsontext.Value `json:"expirationDate"`
	Priority        jsontext.Value `json:"priority"`
	LinkedOfferIDs  jsontext.Value `json:"linkedOfferIds"` // array of UUIDs
	Unknown         jsontext.Value `json:",embed"`
}

// DetailContact is what of a details record is personal data, and nothing else of it.
type DetailContact struct {
	Contact jsontext.Value `json:"contact"` // Contact, or an array of them
}

// Contact is a contact of a subscriber: an object in the page's example, an array
// of them by its table.
type Contact struct {
	ID                    jsontext.Value `json:"id"`
	EmailAddress          jsontext.Value `json:"emailAddress"`
	Type                  jsontext.Value `json:"type"`
	Role                  jsontext.Value `json:"role"`
	Salutation            jsontext.Value `json:"salutation"`
	FirstName             jsontext.Value `json:"firstName"`
	MiddleName            jsontext.Value `json:"middleName"`
	LastName              jsontext.Value `json:"lastName"`
	Identity              jsontext.Value `json:"identity"` // array of ContactIdentity
	Gender                jsontext.Value `json:"gender"`
	Birthdate             jsontext.Value `json:"birthdate"`
	LandlinePhoneNumber   jsontext.Value `json:"landlinePhoneNumber"`
	MobilePhoneNumber     jsontext.Value `json:"mobilePhoneNumber"`
	AdditionalPhoneNumber jsontext.Value `json:"additionalPhoneNumber"`
	Picture               jsontext.Value `json:"picture"`
	Remarks               jsontext.Value `json:"remarks"`
	Unknown               jsontext.Value `json:",embed"`
}

// ContactIdentity is one element of a contact's identity.
type ContactIdentity struct {
	IDType   jsontext.Value `json:"idType"`
	IDNumber jsontext.Value `json:"idNumber"`
	Unknown  jsontext.Value `json:",embed"`
}

// Profile is one element of the content of an EID's profiles (floLIVE API v2, "Get
// Subscriber Profiles"). The answer does not say the EID.
type Profile struct {
	ID                    jsontext.Value `json:"id"`
	Name                  jsontext.Value `json:"name"`
	IsActive              jsontext.Value `json:"isActive"`
	SubscriberIdentifiers jsontext.Value `json:"subscriberIdentifiers"` // Identifiers
	Unknown               jsontext.Value `json:",embed"`
}

// Unread stands where a member is that is passed over: it is checked to be JSON, and
// nothing of it is kept.
type Unread struct{}

// UnmarshalJSONFrom passes over a value.
func (*Unread) UnmarshalJSONFrom(from *jsontext.Decoder) error { return from.SkipValue() }
