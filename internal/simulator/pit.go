package simulator

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"time"
)

// pitSession is one fetching process (floLIVE API v2, Get All Customer Subscribers). The request names no position, so the
// server keeps the cursor: an answer that is lost on the way is lost for the session.
type pitSession struct {
	number  uint64 // 1 for the first ever opened
	listing string
	content floLIVESnapshot // as it was at the opening
	expires time.Time       // a budget from the opening on; nothing renews it
	answers uint64          // given so far: part of the next pitId
	cursor  int             // the next position
	last    []int           // the positions of the chunk served last
}

// pitChunk is one chunk as decided under the lock; it is rendered outside it.
type pitChunk struct {
	content   floLIVESnapshot
	positions []int
	pitID     string
	total     int // as declared
	amount    int // as declared
	spoilt    int // how many of the first records are made unreadable
	null      bool
}

// advance moves the cursor over the next chunk and says which positions it holds.
func (p *pitSession) advance(size int, hit strikes) []int {
	stays := hit.has(RepeatedChunk) || hit.has(StuckCursor)
	if hit.has(EmptyChunk) {
		return nil
	}
	if stays && p.last != nil {
		return p.last
	}
	if f, ok := hit.get(Skip); ok {
		p.cursor += f.by(1)
	}
	positions := p.next(size, hit)
	if f, ok := hit.get(DuplicateRecord); ok {
		duplicate(positions, f.by(1))
	}
	p.last = positions
	return positions
}

// next takes the positions from the cursor on. A listing that wraps begins again where it ended.
func (p *pitSession) next(size int, hit strikes) []int {
	total := p.content.size()
	f, wraps := hit.get(WrapAround)
	endless := hit.has(Endless) && total > 0
	if (wraps || endless) && p.cursor >= total {
		p.cursor = 0
	}
	if endless {
		return p.circle(size)
	}
	end := min(p.cursor+size, total)
	var positions []int
	for ; p.cursor < end; p.cursor++ {
		positions = append(positions, p.cursor)
	}
	if wraps && end == total {
		wrapTail(positions, f.by(max(1, len(positions)/2)))
	}
	return positions
}

// circle takes full chunks for ever.
func (p *pitSession) circle(size int) []int {
	positions := make([]int, 0, size)
	for range size {
		positions = append(positions, p.cursor)
		p.cursor = (p.cursor + 1) % p.content.size()
	}
	return positions
}

// wrapTail puts the listing's first records in place of a chunk's last ones: the amounts add up, the records do not.
func wrapTail(positions []int, count int) {
	count = min(count, len(positions))
	for i := range count {
		positions[len(positions)-count+i] = i
	}
}

// duplicate puts copies of a chunk's first record in place of its last ones.
func duplicate[T any](records []T, count int) {
	for i := range min(count, len(records)) {
		records[len(records)-1-i] = records[0]
	}
}

// chunk is the session's next answer.
func (p *pitSession) chunk(d dice, size int, hit strikes) pitChunk {
	c := pitChunk{content: p.content, positions: slices.Clone(p.advance(size, hit)), total: p.content.size()}
	p.answers++
	c.pitID = pitName(d, p.number, p.answers)
	c.amount = len(c.positions)
	if f, ok := hit.get(WrongRecordAmount); ok {
		c.amount += f.by(1)
	}
	if f, ok := hit.get(ShortTotal); ok {
		c.total -= f.by(1)
	}
	if f, ok := hit.get(ChangingTotal); ok {
		c.total += f.by(1)
	}
	if hit.has(Endless) {
		c.total *= 1000
	}
	if f, ok := hit.get(BadRecord); ok {
		c.spoilt = f.by(1)
	}
	c.null = hit.has(NullContent)
	return c
}

// openSession starts a fetching process on a customer's listing as it is now; false if there is no such customer.
func (s *Simulator) openSession(customerID string, keepAlive time.Duration) (*pitSession, bool) {
	content, known := s.flolive.listing(customerID, s.night)
	if !known {
		return nil, false
	}
	now := time.Now()
	for number, old := range s.sessions {
		if now.After(old.expires) {
			delete(s.sessions, number)
		}
	}
	s.opened++
	p := &pitSession{number: s.opened, listing: customerID, content: content, expires: now.Add(keepAlive)}
	s.sessions[p.number] = p
	return p, true
}

// findSession finds the open session that a pitId names. Every name that a session ever had stays valid, as with
// Elasticsearch's points in time, though the latest is recommended.
func (s *Simulator) findSession(pitID, customerID string) (*pitSession, bool) {
	number, answer, ok := readPITName(s.dice, pitID)
	if !ok {
		return nil, false
	}
	p, open := s.sessions[number]
	if !open || p.listing != customerID || time.Now().After(p.expires) {
		return nil, false
	}
	if answer != p.answers {
		s.stats.StalePIT++
	}
	return p, true
}

// pitName makes the opaque name of a session after an answer: a check, the two numbers hidden by it, and a tail whose length
// differs from name to name, in the URL-safe base64 of the page's example.
func pitName(d dice, session, answer uint64) string {
	check := d.roll(session<<20^answer, traitPIT)
	name := binary.BigEndian.AppendUint64(nil, check)
	name = binary.BigEndian.AppendUint64(name, session^check)
	name = binary.BigEndian.AppendUint64(name, answer^mix(check))
	for i := range 4 + check%16 {
		name = binary.BigEndian.AppendUint64(name, mix(check^i<<32))
	}
	return base64.URLEncoding.EncodeToString(name)
}

// readPITName is the inverse of pitName; false for a name that was never given.
func readPITName(d dice, pitID string) (session, answer uint64, ok bool) {
	name, err := base64.URLEncoding.DecodeString(pitID)
	if err != nil || len(name) < 24 {
		return 0, 0, false
	}
	check := binary.BigEndian.Uint64(name)
	session = binary.BigEndian.Uint64(name[8:]) ^ check
	answer = binary.BigEndian.Uint64(name[16:]) ^ mix(check)
	if pitID != pitName(d, session, answer) {
		return 0, 0, false
	}
	return session, answer, true
}
