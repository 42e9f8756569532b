package simulator

// FloLIVESubscriber is one record of a floLIVE listing, in the wire's own words (floLIVE API v2, Get All Customer Subscribers).
type FloLIVESubscriber struct {
	SubscriberID string // UUID
	ICCID        string
	Status       string // ACTIVE, SUSPEND, INACTIVE, TERMINATED; rarely a word of no list
	IMEI         string // empty: see Missing
	IMEISV       string // likewise
	CustomerID   string // UUID of the customer it is attached to: the one walked or a sub-customer; likewise
	CustomerName string // likewise
	Pairs        []Pair
	// Listing is the UUID of the customer whose listing holds the record.
	Listing string
	// Missing is how the members IMEI, IMEISV, CustomerID, CustomerName and MSISDN are sent when they are empty.
	Missing Missing
	// Extra is sent behind the known members: the text of one or more JSON members, without the comma before them.
	Extra string
	// Bad marks a record that a sync must reject, BadReason says why. BadReason without Bad means that only a part, named
	// there, is to be refused.
	Bad       bool
	BadReason string
	// Raw, where set, is served verbatim in the record's place.
	Raw []byte
}

// Pair is an IMSI of a SIM with the MSISDN that belongs to it.
type Pair struct {
	IMSI, MSISDN string
	IsLastActive bool
}

// Missing is a way of having no value.
type Missing uint8

// The ways of having no value.
const (
	LeftOut Missing = iota // the member is not there
	SentEmpty
	SentNull
)

// appendFloLIVE renders a record as an element of content.
func appendFloLIVE(dst []byte, r *FloLIVESubscriber) []byte {
	if r.Raw != nil {
		return append(dst, r.Raw...)
	}
	dst = appendMember(dst, `{"subscriberId":`, r.SubscriberID)
	dst = appendPairs(dst, r.Pairs, r.Missing)
	dst = appendMember(dst, `,"iccid":`, r.ICCID)
	dst = appendMember(dst, `,"status":`, r.Status)
	dst = r.Missing.appendMember(dst, `,"imei":`, r.IMEI)
	dst = r.Missing.appendMember(dst, `,"imeisv":`, r.IMEISV)
	dst = r.Missing.appendMember(dst, `,"customerId":`, r.CustomerID)
	dst = r.Missing.appendMember(dst, `,"customerName":`, r.CustomerName)
	if r.Extra != "" {
		dst = append(append(dst, ','), r.Extra...)
	}
	return append(dst, '}')
}

// appendPairs appends the member that holds a SIM's pairs.
func appendPairs(dst []byte, pairs []Pair, m Missing) []byte {
	dst = append(dst, `,"imsiMsisdnPairs":[`...)
	for i, p := range pairs {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendMember(dst, `{"imsi":`, p.IMSI)
		dst = m.appendMember(dst, `,"msisdn":`, p.MSISDN)
		dst = append(scalars{}.appendBool(dst, `,"isLastActive":`, p.IsLastActive), '}')
	}
	return append(dst, ']')
}

// appendMember appends an optional member.
func (m Missing) appendMember(dst []byte, name, value string) []byte {
	if value == "" && m == LeftOut {
		return dst
	}
	if value == "" && m == SentNull {
		return appendNullable(dst, name, value)
	}
	return appendMember(dst, name, value)
}
