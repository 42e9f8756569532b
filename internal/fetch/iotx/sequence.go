package iotx

import (
	"hash/maphash"

	"simsync/internal/fetch"
)

// sequence remembers the list as it was read: which record stood at which place. A
// record is a 64-bit hash of its physicalId, or of all its bytes where that cannot
// be read. It costs about 35 to 50 bytes of memory a record.
type sequence struct {
	seed maphash.Seed
	// at holds the record at each place. Below end it is what this reading found;
	// from there on, after going back, what the reading before had found.
	at []uint64
	// place is where each record was found last. All that have ever been read are
	// in it.
	place map[uint64]int32
	end   int
}

func newSequence() *sequence {
	return &sequence{seed: maphash.MakeSeed(), place: make(map[uint64]int32)}
}

// fit says how a page continues what was read before.
type fit int

const (
	// inOrder: the records that were read before reappear at the same places.
	inOrder fit = iota
	// moved: the page begins with a record that stood here or further on before.
	// Records before it have left, so nothing can have been skipped.
	moved
	// apart: what lies between the page and what was read before is unknown.
	apart
)

// fits compares a page with what is remembered. Its offset is at most end.
func (s *sequence) fits(offset int, keys []uint64) fit {
	known := s.at[offset:s.end]
	if len(keys) == 0 && len(known) > 0 {
		return apart
	}
	for i := range min(len(known), len(keys)) {
		if keys[i] == known[i] {
			continue
		}
		if s.connects(offset, keys) {
			return moved
		}
		return apart
	}
	return inOrder
}

// connects tells whether reading may go on from a page in whatever order the
// list is now: its first record was read before, at this place or further on, and
// so was all that stood before that record.
func (s *sequence) connects(offset int, keys []uint64) bool {
	if len(keys) == 0 {
		return false
	}
	place, known := s.place[keys[0]]
	return known && (int(place) >= offset || s.at[offset] == keys[0])
}

// taken is what a page brought.
type taken struct {
	// give are the indexes of the records to hand on: those not read before, and
	// those that turned up a second time (which would be how two records with one
	// hash look).
	give []int
	// unseen and repeated count the records beyond the overlap that had not, and
	// that had been read before.
	unseen, repeated int64
	// strayed tells that a record of this reading turned up again further on: a
	// record moved right past the end, and another may have moved left.
	strayed bool
}

// take makes a page's records what is remembered from its offset on. A record
// that stands twice in the list is not taken for strayed when it stood at both
// places before.
func (s *sequence) take(offset int, keys []uint64, how fit) taken {
	var t taken
	overlap := 0
	if how == inOrder {
		overlap = min(s.end-offset, len(keys))
	}
	for i := overlap; i < len(keys); i++ {
		at, key := offset+i, keys[i]
		place, known := s.place[key]
		before := int(place) < at && s.at[place] == key
		stood := at < len(s.at) && s.at[at] == key
		switch {
		case !known:
			t.unseen++
			t.give = append(t.give, i)
		case before:
			t.give = append(t.give, i)
			t.strayed = t.strayed || !stood
			fallthrough
		default:
			t.repeated++
		}
		s.put(at, key)
	}
	if end := offset + len(keys); how != inOrder || end > s.end {
		s.end = end
	}
	return t
}

func (s *sequence) put(at int, key uint64) {
	if at < len(s.at) {
		s.at[at] = key
	} else {
		s.at = append(s.at, key)
	}
	s.place[key] = int32(at)
}

// knows tells whether every one of the records was read before.
func (s *sequence) knows(keys []uint64) bool {
	for _, key := range keys {
		if _, known := s.place[key]; !known {
			return false
		}
	}
	return true
}

// keys hashes a page's records.
func (s *sequence) keys(records []fetch.Record[Subscriber]) []uint64 {
	keys := make([]uint64, len(records))
	for i, rec := range records {
		id := rec.Value.PhysicalID
		if rec.Err != nil || id.Kind() != '"' && id.Kind() != '0' || string(id) == `""` {
			id = rec.Raw
		}
		keys[i] = maphash.Bytes(s.seed, id)
	}
	return keys
}
