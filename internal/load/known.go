package load

import (
	"encoding/binary"
	"math/bits"

	"simsync/internal/transform"
)

// known is the compact index of what the database holds of one source: identity
// to key and content hash. Against it a row is found unchanged in the process,
// without a word to the server.
//
// Memory: 33 bytes a subscriber in the columns and 5 to 11 in the table, so 38 to
// 44 once sized; while it grows past the count that it was made for, half as much
// again for a moment.
type known struct {
	ids    []transform.Identity
	keys   []int64
	hashes []transform.ContentHash
	flags  []knownFlag
	// table is open addressing over the columns: a place plus one, 0 where free. Its
	// length is a power of two.
	table []uint32
}

type knownFlag uint8

const (
	// inDatabase: fleet.subscriber has a row of this key, live or removed.
	inDatabase knownFlag = 1 << iota
	// live: that row is not removed.
	live
	// staged: a row of this key is on the stage, or was before its session was void.
	staged
	// linked: that row has a parent, or says whether it is enabled on one.
	linked
)

// newKnown makes an index with room for n subscribers.
func newKnown(n int) *known {
	k := &known{
		ids:    make([]transform.Identity, 0, n),
		keys:   make([]int64, 0, n),
		hashes: make([]transform.ContentHash, 0, n),
		flags:  make([]knownFlag, 0, n),
	}
	k.rehash(n)
	return k
}

func (k *known) len() int { return len(k.ids) }

// find returns the place of id, or -1.
func (k *known) find(id transform.Identity) int {
	for slot := k.slot(id); ; slot = k.next(slot) {
		place := int(k.table[slot]) - 1
		if place < 0 || k.ids[place] == id {
			return place
		}
	}
}

// add appends an id that find does not find, and returns its place.
func (k *known) add(id transform.Identity, key int64, hash transform.ContentHash, flags knownFlag) int {
	if 4*(len(k.ids)+1) > 3*len(k.table) { // at most three quarters full, or probing gets long
		k.rehash(2 * len(k.ids))
	}
	place := len(k.ids)
	k.ids = append(k.ids, id)
	k.keys = append(k.keys, key)
	k.hashes = append(k.hashes, hash)
	k.flags = append(k.flags, flags)
	k.insert(place)
	return place
}

// with counts the places that have a flag.
func (k *known) with(flag knownFlag) int {
	n := 0
	for _, flags := range k.flags {
		if flags&flag != 0 {
			n++
		}
	}
	return n
}

func (k *known) insert(place int) {
	slot := k.slot(k.ids[place])
	for k.table[slot] != 0 {
		slot = k.next(slot)
	}
	k.table[slot] = uint32(place + 1)
}

// rehash sizes the table for n subscribers.
func (k *known) rehash(n int) {
	k.table = make([]uint32, 1<<bits.Len(uint(max(n, 16)*4/3)))
	for place := range k.ids {
		k.insert(place)
	}
}

// slot is where the search for id begins. An identity is a cryptographic hash, so
// any part of it spreads evenly.
func (k *known) slot(id transform.Identity) int {
	return int(binary.LittleEndian.Uint64(id[:8]) & uint64(len(k.table)-1))
}

func (k *known) next(slot int) int { return (slot + 1) & (len(k.table) - 1) }

// places is a set of places in known: one bit each.
type places []uint64

func (p *places) add(place int) {
	word := place / 64
	if word >= len(*p) {
		*p = append(*p, make([]uint64, max(word+1-len(*p), len(*p)/4))...)
	}
	(*p)[word] |= 1 << (place % 64)
}

func (p places) has(place int) bool {
	word := place / 64
	return word < len(p) && p[word]&(1<<(place%64)) != 0
}

// union adds all of other.
func (p *places) union(other places) {
	if len(other) > len(*p) {
		*p = append(*p, make([]uint64, len(other)-len(*p))...)
	}
	for i, word := range other {
		(*p)[i] |= word
	}
}

func (p places) count() int64 {
	var n int
	for _, word := range p {
		n += bits.OnesCount64(word)
	}
	return int64(n)
}
