package flolive

import (
	"bytes"
	"hash/maphash"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json/jsontext"
)

// proof gathers over one session what shows that everything declared was read.
//
// A record counts by a 64-bit hash of its identity, under a seed of the session's
// own: 11 to 21 bytes of memory a record. Two records whose hashes are the
// same count as one, which can only make a whole walk look incomplete, never an
// incomplete one whole.
type proof struct {
	seed               maphash.Seed
	seen               set
	started            bool
	declared           int64
	distinct, repeated int64
}

func newProof() *proof {
	return &proof{seed: maphash.MakeSeed()}
}

// add counts a chunk's records and tells what they make of the session: a verdict,
// or none as long as more is to be asked for. It stops as soon as everything
// declared has been read, for what a call past the end answers is not documented.
//
// A chunk that brings nothing new before that means that the cursor stands still
// or has gone back, whether the chunk is empty, the one before or an older one.
func (p *proof) add(r reply, records []fetch.Record[Subscriber]) fetch.Verdict {
	if !p.started {
		p.started, p.declared = true, r.total
	}
	before := p.distinct
	p.count(records)
	switch {
	case r.recordAmount != int64(len(records)):
		return fetch.VerdictWrongAmount
	case r.total != p.declared:
		return fetch.VerdictTotalChanged
	case p.distinct == p.declared:
		return fetch.VerdictComplete
	case p.distinct == before:
		return fetch.VerdictStuckCursor
	case p.distinct+p.repeated >= p.declared: // no further chunk can make it right
		return fetch.VerdictMiscounted
	}
	return ""
}

func (p *proof) count(records []fetch.Record[Subscriber]) {
	for _, rec := range records {
		if p.seen.add(p.key(rec)) {
			p.distinct++
		} else {
			p.repeated++
		}
	}
}

// key is the hash of (subscriberId, iccid), or, of a record where either cannot be
// read, of all its bytes.
func (p *proof) key(rec fetch.Record[Subscriber]) uint64 {
	id, iccid := rec.Value.SubscriberID, rec.Value.ICCID
	if rec.Err != nil || !names(id) || !names(iccid) {
		return maphash.Bytes(p.seed, rec.Raw)
	}
	var h maphash.Hash
	h.SetSeed(p.seed)
	h.Write(id)
	h.WriteByte(0) // stands in no JSON
	h.Write(iccid)
	return h.Sum64()
}

// names tells whether a member holds anything that could tell records apart.
func names(member jsontext.Value) bool {
	switch member.Kind() {
	case '"':
		return len(bytes.TrimSpace(member[1:len(member)-1])) > 0
	case '0':
		return true
	}
	return false
}
