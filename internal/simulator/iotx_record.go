package simulator

// IoTXSubscriber is one subscriber of IoT-X: every field of its schema (IoT-X API 4.0, Subscribers), in the wire's own words.
// Nested profiles are entries of their own, tied to their parent by ParentPhysicalID.
type IoTXSubscriber struct {
	PhysicalID     string // ICCID, device EUI or IMEI
	SubscriberID   string // MSISDN, device EUI or subscription id
	DataNumber     string // empty: null
	IMSI           string
	Nickname       string
	OperatorName   string
	OperatorCode   string
	TariffName     string
	LineRental     int64 // minor units
	ConnectionDate string
	ExpiryDate     string
	ContractLength int64 // months
	IsBarred       bool
	IsActive       bool
	TerminateDate  string // empty: null
	GroupID        int64  // 0: null
	SubscriberType string // physical or virtual
	IsTransferring bool
	IsOnline       bool
	EID            string // empty: left out
	DataUsage      int64  // bytes of the current billing period
	SMDPProvider   string // empty: left out
	// ParentPhysicalID and IsEnabledOnParent are related.parent; an empty id means that there is none.
	ParentPhysicalID  string
	IsEnabledOnParent bool
	// Place says where the list shows the subscriber.
	Place Place
	// EmptyRelated sends a related object even where there is nothing in it.
	EmptyRelated bool
	// Extra is sent behind the known members: the text of one or more JSON members, without the comma before them.
	Extra string
	// Bad marks a record that a sync must reject, BadReason says why.
	Bad       bool
	BadReason string
	// Raw, where set, is served verbatim in the record's place; its profiles are then not served.
	Raw []byte
}

// Place is where a subscriber is shown.
type Place uint8

// The places. A subscriber that is nested is shown in related.profiles of its parent.
const (
	AtTop Place = iota
	Nested
	AtTopAndNested
)

// maxNesting bounds the depth of related.profiles in an answer, for an explicit fleet may go round in a circle.
const maxNesting = 32

// iotxNode is a subscriber with its profiles, as it is served.
type iotxNode struct {
	IoTXSubscriber
	profiles []iotxNode
}

// appendIoTX renders a node.
func appendIoTX(dst []byte, n *iotxNode, s scalars) []byte {
	if n.Raw != nil {
		return append(dst, n.Raw...)
	}
	dst = appendMember(dst, `{"physicalId":`, n.PhysicalID)
	dst = appendMember(dst, `,"subscriberId":`, n.SubscriberID)
	dst = appendNullable(dst, `,"dataNumber":`, n.DataNumber)
	dst = appendMember(dst, `,"imsi":`, n.IMSI)
	dst = appendMember(dst, `,"nickname":`, n.Nickname)
	dst = appendContract(dst, n, s)
	dst = appendMember(dst, `,"subscriberType":`, n.SubscriberType)
	dst = s.appendBool(append(dst, `,"networkState":{`...), `"isTransferring":`, n.IsTransferring)
	dst = append(s.appendBool(dst, `,"isOnline":`, n.IsOnline), '}')
	if n.EID != "" {
		dst = appendMember(dst, `,"eid":`, n.EID)
	}
	dst = s.appendInt(dst, `,"dataUsage":`, n.DataUsage)
	if n.SMDPProvider != "" {
		dst = appendMember(dst, `,"smdpProvider":`, n.SMDPProvider)
	}
	dst = appendRelated(dst, n, s)
	if n.Extra != "" {
		dst = append(append(dst, ','), n.Extra...)
	}
	return append(dst, '}')
}

func appendContract(dst []byte, n *iotxNode, s scalars) []byte {
	dst = appendMember(dst, `,"operatorName":`, n.OperatorName)
	dst = appendMember(dst, `,"operatorCode":`, n.OperatorCode)
	dst = appendMember(dst, `,"tariffName":`, n.TariffName)
	dst = s.appendInt(dst, `,"lineRental":`, n.LineRental)
	dst = appendMember(dst, `,"connectionDate":`, n.ConnectionDate)
	dst = appendMember(dst, `,"expiryDate":`, n.ExpiryDate)
	dst = s.appendInt(dst, `,"contractLength":`, n.ContractLength)
	dst = s.appendBool(dst, `,"isBarred":`, n.IsBarred)
	dst = s.appendBool(dst, `,"isActive":`, n.IsActive)
	dst = appendNullable(dst, `,"terminateDate":`, n.TerminateDate)
	if n.GroupID == 0 {
		return append(dst, `,"groupId":null`...)
	}
	return s.appendInt(dst, `,"groupId":`, n.GroupID)
}

// appendRelated renders parent and profiles. The page's example has an empty parent where there is none; its schema forbids
// it, so only the stringly provider sends one.
func appendRelated(dst []byte, n *iotxNode, s scalars) []byte {
	if n.ParentPhysicalID == "" && len(n.profiles) == 0 && !n.EmptyRelated {
		return dst
	}
	dst = append(dst, `,"related":{`...)
	comma := ""
	switch {
	case n.ParentPhysicalID != "":
		dst = appendMember(dst, `"parent":{"physicalId":`, n.ParentPhysicalID)
		dst = append(s.appendBool(dst, `,"isEnabledOnParent":`, n.IsEnabledOnParent), '}')
		comma = ","
	case s.quoted:
		dst = append(dst, `"parent":{}`...)
		comma = ","
	}
	for i := range n.profiles {
		if i == 0 {
			dst = append(append(dst, comma...), `"profiles":[`...)
		} else {
			dst = append(dst, ',')
		}
		dst = appendIoTX(dst, &n.profiles[i], s)
	}
	if len(n.profiles) > 0 {
		dst = append(dst, ']')
	}
	return append(dst, '}')
}
