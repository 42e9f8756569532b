package flolive

// set is a set of 64-bit hashes: an open-addressing table, for a map would take
// twice the memory. It costs 11 to 21 bytes a member, and half as much again while
// it grows.
type set struct {
	slots   []uint64 // 0: free
	members int
	zero    bool // whether 0, which cannot stand in a slot, is a member
}

// add puts a hash into the set and tells whether it was not there before.
func (s *set) add(hash uint64) bool {
	if hash == 0 {
		added := !s.zero
		s.zero = true
		return added
	}
	if 4*s.members >= 3*len(s.slots) {
		s.grow()
	}
	slot := s.find(hash)
	if *slot == hash {
		return false
	}
	*slot = hash
	s.members++
	return true
}

// find gives the slot that holds a hash, or would.
func (s *set) find(hash uint64) *uint64 {
	mask := uint64(len(s.slots) - 1) // a power of two
	for i := hash & mask; ; i = (i + 1) & mask {
		if s.slots[i] == hash || s.slots[i] == 0 {
			return &s.slots[i]
		}
	}
}

func (s *set) grow() {
	old := s.slots
	s.slots = make([]uint64, max(1024, 2*len(old)))
	for _, hash := range old {
		if hash != 0 {
			*s.find(hash) = hash
		}
	}
}
