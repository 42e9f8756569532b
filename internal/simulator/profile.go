package simulator

import (
	"iter"
	"net/http"
	"slices"
)

// FloLIVEProfile is one profile of an eSIM (floLIVE API v2, Get Subscriber Profiles), in the wire's own words.
type FloLIVEProfile struct {
	EID      string // that was asked for: the answer does not echo it
	ID       string // UUID
	Name     string
	IsActive bool
	// The profile's unique keys. Profiles of one EID may share a subscriberId, and share the device.
	SubscriberID, ICCID, IMEI, IMEISV string
	Pairs                             []Pair
	// Missing is how the members IMEI, IMEISV and MSISDN are sent when they are empty.
	Missing Missing
}

// EIDs are the EIDs that floLIVE knows, in every night the same: its own, then some that the first night's IoT-X fleet reports.
func (s *Simulator) EIDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.givenProfiles == nil {
		return s.profiles.eids()
	}
	var list []string
	for _, p := range s.givenProfiles {
		if !slices.Contains(list, p.EID) {
			list = append(list, p.EID)
		}
	}
	return list
}

// SetProfiles puts explicit profiles in the place of those made up. Nights do not change them; an EID without profiles is unknown.
func (s *Simulator) SetProfiles(profiles []FloLIVEProfile) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.givenProfiles = append([]FloLIVEProfile{}, profiles...)
}

// ProfileTruth is every profile of every EID that floLIVE knows, as of now. Profiles made up are those of the fleet that the
// simulator began with, whatever fleet was set since.
func (s *Simulator) ProfileTruth() iter.Seq[FloLIVEProfile] {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.givenProfiles != nil {
		return slices.Values(s.givenProfiles)
	}
	book, night := s.profiles, s.night
	return func(yield func(FloLIVEProfile) bool) {
		for _, eid := range book.eids() {
			profiles, _ := book.find(eid, night)
			for _, p := range profiles {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// profilesOf answers the profiles of an EID. One whose profiles have all left is still known.
func (s *Simulator) profilesOf(q *request, hit strikes) reply {
	if q.idType != "eid" {
		return failure(http.StatusBadRequest, codeBadParameter, "Invalid type")
	}
	s.mu.Lock()
	profiles, known := s.findProfiles(q.value)
	s.mu.Unlock()
	if !known {
		return failure(http.StatusOK, codeNoSubscriber, "Subscriber does not exist")
	}
	return lookup(len(profiles), hit, func(dst []byte, i int, spoilt bool) []byte {
		if spoilt {
			return append(dst, lostRecord(uint64(i))...)
		}
		return appendProfile(dst, &profiles[i])
	})
}

func (s *Simulator) findProfiles(eid string) ([]FloLIVEProfile, bool) {
	if s.givenProfiles == nil {
		return s.profiles.find(eid, s.night)
	}
	var list []FloLIVEProfile
	for _, p := range s.givenProfiles {
		if p.EID == eid {
			list = append(list, p)
		}
	}
	return list, len(list) > 0
}

// appendProfile renders a profile as an element of content.
func appendProfile(dst []byte, p *FloLIVEProfile) []byte {
	dst = appendMember(dst, `{"id":`, p.ID)
	dst = appendMember(dst, `,"name":`, p.Name)
	dst = append(scalars{}.appendBool(dst, `,"isActive":`, p.IsActive), ',')
	keys := FloLIVESubscriber{
		SubscriberID: p.SubscriberID, ICCID: p.ICCID, IMEI: p.IMEI, IMEISV: p.IMEISV, Pairs: p.Pairs, Missing: p.Missing,
	}
	return append(appendIdentifiers(dst, &keys), '}')
}
