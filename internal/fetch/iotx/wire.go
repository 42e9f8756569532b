package iotx

import "github.com/go-json-experiment/json/jsontext"

// Subscriber is the schema SubscriberResponse of the API 4.0. Its members stay
// raw, absent ones nil: whether each can be read is decided one by one by who knows
// the canonical forms, so that one odd member never costs the record.
type Subscriber struct {
	PhysicalID     jsontext.Value `json:"physicalId"`
	SubscriberID   jsontext.Value `json:"subscriberId"`
	DataNumber     jsontext.Value `json:"dataNumber"`
	IMSI           jsontext.Value `json:"imsi"`
	Nickname       jsontext.Value `json:"nickname"`
	OperatorName   jsontext.Value `json:"operatorName"`
	OperatorCode   jsontext.Value `json:"operatorCode"`
	TariffName     jsontext.Value `json:"tariffName"`
	LineRental     jsontext.Value `json:"lineRental"`
	ConnectionDate jsontext.Value `json:"connectionDate"`
	ExpiryDate     jsontext.Value `json:"expiryDate"`
	ContractLength jsontext.Value `json:"contractLength"`
	IsBarred       jsontext.Value `json:"isBarred"`
	IsActive       jsontext.Value `json:"isActive"`
	TerminateDate  jsontext.Value `json:"terminateDate"`
	GroupID        jsontext.Value `json:"groupId"`
	SubscriberType jsontext.Value `json:"subscriberType"`
	NetworkState   jsontext.Value `json:"networkState"` // NetworkState
	EID            jsontext.Value `json:"eid"`
	DataUsage      jsontext.Value `json:"dataUsage"`
	SMDPProvider   jsontext.Value `json:"smdpProvider"`
	Related        jsontext.Value `json:"related"` // Related
	// IsEnabled stands in the schema's example of a nested profile only.
	IsEnabled jsontext.Value `json:"isEnabled"`
	// Unknown holds the members that the schema does not name, as one object; nil
	// where there is none.
	Unknown jsontext.Value `json:",embed"`
}

// NetworkState is the schema of the same name.
type NetworkState struct {
	IsTransferring jsontext.Value `json:"isTransferring"`
	IsOnline       jsontext.Value `json:"isOnline"`
	Unknown        jsontext.Value `json:",embed"`
}

// Related is the schema RelatedItems.
type Related struct {
	Parent   jsontext.Value `json:"parent"`   // Parent; may be {}
	Profiles jsontext.Value `json:"profiles"` // array of Subscriber
	Unknown  jsontext.Value `json:",embed"`
}

// Parent is the schema of the same name.
type Parent struct {
	PhysicalID        jsontext.Value `json:"physicalId"`
	IsEnabledOnParent jsontext.Value `json:"isEnabledOnParent"`
	Unknown           jsontext.Value `json:",embed"`
}
