package simulator

import (
	"iter"
	"net/http"
	"slices"
	"time"
)

// FloLIVEDetail is one record of a details answer (floLIVE API v2, Get Subscriber Details). Its fields hold canonical values,
// empty where there is none; Form says how they go over the wire. Of the embedded record the customer is always named, and
// Extra and Missing are those of the details.
type FloLIVEDetail struct {
	FloLIVESubscriber

	Tags, SystemLabels, UserLabels []string
	Alias                          string
	Longitude, Latitude            string // degrees, as a JSON number is written; both or none
	OutOfRange                     bool   // there is no such longitude or latitude
	MCC, MNC, LAC, CID             string
	RATType, RATTypeLabel          string
	DataRATType, DataRATTypeLabel  string
	APN                            string
	InDataSession                  bool
	LastDataSession                string // this and the two others: 2020-11-10 09:47:46.668866
	LastDataSessionRecord          string // in the page's example, not in its table
	FirstActivated                 string
	LastIP                         string
	Offers                         []Offer
	Contacts                       []Contact // more than one only where they are sent as an array
	CustomFields                   []CustomField

	Form DetailForm
	// BadField names a member whose value is to be refused alone, one of the Detail constants; it is sent as it stands here.
	BadField string
}

// Offer is a plan of a subscriber.
type Offer struct {
	ID, Name, Description string
	Attached              string // 2020-11-11 08:47:46.758866
	Renews, Expires       string // dates, 2006-01-02
	Priority              int
	Linked                []string // ids of other offers
}

// Contact is a person: invented, as everything here.
type Contact struct {
	ID, Email, Type, Role, Salutation     string
	FirstName, MiddleName, LastName       string
	Identities                            []ContactIdentity
	Gender                                string
	Birthdate                             string // 2006-01-02
	Landline, Mobile, Additional, Remarks string
}

// ContactIdentity is a document of a person.
type ContactIdentity struct{ Type, Number string }

// CustomField is a member of the provider's placeholder for customers' own data.
type CustomField struct{ Key, Value string }

// DetailForm is how a details record is written where the page and its examples allow more than one way.
type DetailForm struct {
	AliasWord       bool // a missing alias is sent as the word "null"
	LabelsAsText    bool // labels are one comma-separated string (the page's table) rather than an array (its example)
	RATAsNumber     bool // lastRatType is a number (the table) rather than a string (the example), where it is one
	DashedDates     bool // dates are YYYY-MM-DD rather than DDMMYYYY
	NoLinksArray    bool // an offer without links has an empty array (the table) rather than null (the example)
	ContactsAsArray bool // contact is an array (the table) rather than an object (the example)
}

// The members that BadField names.
const (
	DetailLastIP         = "lastIp"
	DetailFirstActivated = "firstActivatedTime"
	DetailRenewalDate    = "renewalDate" // of the first offer
)

// FloLIVEDetailTruth is the details of every readable record of every listing as of now: what a perfect sync must find by ICCID,
// or where two records share one, by subscriberId among them. Later changes of the fleet or the night do not show.
func (s *Simulator) FloLIVEDetailTruth() iter.Seq[FloLIVEDetail] {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settleDue(time.Now())
	maker, ids, snapshots := s.detailMaker(), slices.Clone(s.flolive.listings()), s.snapshots()
	return func(yield func(FloLIVEDetail) bool) {
		for i, snapshot := range snapshots {
			for position := range snapshot.size() {
				var r FloLIVESubscriber
				snapshot.at(position, &r)
				r.Listing = ids[i]
				if !r.Bad && r.Raw == nil && !yield(maker.detail(r, snapshot.attached(position))) {
					return
				}
			}
		}
	}
}

// details answers every record that an identifier belongs to, the parent's and the sub-customers' instances in any order.
func (s *Simulator) details(q *request, hit strikes) reply {
	kind := idKind(q.idType)
	if !slices.Contains(idKinds, kind) {
		return failure(http.StatusBadRequest, codeBadParameter, "Invalid type")
	}
	s.mu.Lock()
	found, maker := s.flolive.find(kind, q.value, s.night), s.detailMaker()
	s.mu.Unlock()
	if len(found) == 0 {
		return failure(http.StatusOK, codeNoSubscriber, "Subscriber does not exist")
	}
	records := maker.all(found)
	return lookup(len(records), hit, func(dst []byte, i int, spoilt bool) []byte {
		if spoilt {
			records[i].spoil(floLIVEBadness[i%len(floLIVEBadness)], uint64(i))
		}
		return appendDetail(dst, &records[i])
	})
}

// lookup writes the envelope of an answer about one subscriber, with the records that the faults leave. The pageable object
// counts them; page and size are those of the pages' examples.
func lookup(count int, hit strikes, record func(dst []byte, i int, spoilt bool) []byte) reply {
	positions := make([]int, count)
	for i := range positions {
		positions[i] = i
	}
	if f, ok := hit.get(DuplicateRecord); ok {
		duplicate(positions, f.by(1))
	}
	if hit.has(EmptyChunk) {
		positions = nil
	}
	bad, spoils := hit.get(BadRecord)
	dst := []byte(`{"errorCode":"","errorMessage":"","content":`)
	if hit.has(NullContent) {
		dst = append(dst, "null"...)
	} else {
		dst = append(dst, '[')
		for at, i := range positions {
			if at > 0 {
				dst = append(dst, ',')
			}
			dst = record(dst, i, spoils && at < bad.by(1))
		}
		dst = append(dst, ']')
	}
	dst = scalars{}.appendInt(dst, `,"pageable":{"page":1,"size":10,"totalPages":1,"totalElements":`, int64(count))
	r := jsonReply(http.StatusOK, append(dst, "}}"...))
	r.records = len(positions)
	return r
}
