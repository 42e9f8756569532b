package simulator

import "strconv"

// The ways in which a record is bad, as BadReason says them.
const (
	BadNotAnObject  = "not-an-object" // content holds a string in the record's place
	BadUTF8         = "invalid-utf8"
	BadNoICCID      = "iccid-empty"
	BadICCID        = "iccid-letters"
	BadNoSubscriber = "subscriber-id-empty"
	BadNoPhysicalID = "physical-id-empty"
	BadPairIMSI     = "pair-imsi" // only the first pair is to be refused
)

var (
	floLIVEBadness = []string{BadNoICCID, BadICCID, BadNoSubscriber, BadNotAnObject, BadUTF8, BadPairIMSI}
	iotxBadness    = []string{BadNoPhysicalID, BadNotAnObject, BadUTF8}
)

// spoil makes a record bad. The number picks the way and, where nothing else tells one bad record from the next, is part of it:
// two bad records are never the same bytes.
func (r *FloLIVESubscriber) spoil(way string, number uint64) {
	r.Bad, r.BadReason = true, way
	switch way {
	case BadNoICCID:
		r.ICCID = ""
	case BadICCID:
		r.ICCID = "89357X" + strconv.FormatUint(number, 10)
	case BadNoSubscriber:
		r.SubscriberID = ""
	case BadNotAnObject:
		r.Raw = lostRecord(number)
	case BadUTF8:
		r.CustomerName += "\xff"
	case BadPairIMSI:
		r.Bad = false
		r.Pairs = append([]Pair{{IMSI: "22201309O961859", MSISDN: "999013090961859"}}, r.Pairs...)
	}
}

// spoil is the same for IoT-X.
func (r *IoTXSubscriber) spoil(way string, number uint64) {
	r.Bad, r.BadReason = true, way
	switch way {
	case BadNoPhysicalID:
		r.PhysicalID = ""
	case BadNotAnObject:
		r.Raw = lostRecord(number)
	case BadUTF8:
		r.Nickname += "\xff"
	}
}

func lostRecord(number uint64) []byte {
	return strconv.AppendQuote(nil, "record "+strconv.FormatUint(number, 10)+" is lost")
}
