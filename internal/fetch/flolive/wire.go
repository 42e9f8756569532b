package flolive

import (
	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/fetch"
)

var _ fetch.Members = (*Subscriber)(nil)

// Subscriber is one element of the content of subscriber-all (floLIVE API v2,
// "Get All Customer Subscribers"). Its members stay raw, absent ones nil: whether
// each can be read is decided one by one by who knows the canonical forms, so that
// one odd member never costs the record.
type Subscriber struct {
	SubscriberID    jsontext.Value `json:"subscriberId"`
	ImsiMsisdnPairs jsontext.Value `json:"imsiMsisdnPairs"` // array of Pair
	ICCID           jsontext.Value `json:"iccid"`
	Status          jsontext.Value `json:"status"`
	IMEI            jsontext.Value `json:"imei"`
	IMEISV          jsontext.Value `json:"imeisv"`
	CustomerID      jsontext.Value `json:"customerId"`
	CustomerName    jsontext.Value `json:"customerName"`
	// Unknown holds the members that the provider's page does not name, as one
	// object; nil where there is none.
	Unknown jsontext.Value `json:",embed"`
}

// SetMember implements [fetch.Members].
func (s *Subscriber) SetMember(quotedName []byte, value jsontext.Value) bool {
	switch string(quotedName) {
	case `"subscriberId"`:
		s.SubscriberID = value
	case `"imsiMsisdnPairs"`:
		s.ImsiMsisdnPairs = value
	case `"iccid"`:
		s.ICCID = value
	case `"status"`:
		s.Status = value
	case `"imei"`:
		s.IMEI = value
	case `"imeisv"`:
		s.IMEISV = value
	case `"customerId"`:
		s.CustomerID = value
	case `"customerName"`:
		s.CustomerName = value
	default:
		return false
	}
	return true
}

// Pair is one element of imsiMsisdnPairs.
type Pair struct {
	IMSI         jsontext.Value `json:"imsi"`
	MSISDN       jsontext.Value `json:"msisdn"`
	IsLastActive jsontext.Value `json:"isLastActive"`
	Unknown      jsontext.Value `json:",embed"`
}
