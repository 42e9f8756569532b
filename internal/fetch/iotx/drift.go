package iotx

import (
	"context"

	"simsync/internal/fetch"
)

// stall is where reading last went back, how much had been read then, and how
// often it was the same.
type stall struct {
	offset, distinct int
	first            uint64 // the page's first record
	times            int
}

// follow decides whether the drift found at offset is followed, and counts it. It
// is not when that was done too often already, or again and again at this place
// without one new record: a server that answers with the same page whatever it is
// asked.
func (r *reading) follow(offset int, keys []uint64) bool {
	if r.plain {
		return false
	}
	now := stall{offset: offset, distinct: len(r.list.place), times: 1}
	if len(keys) > 0 {
		now.first = keys[0]
	}
	if now.offset == r.stall.offset && now.distinct == r.stall.distinct && now.first == r.stall.first {
		now.times += r.stall.times
	}
	r.stall = now
	if r.rereads == maxRereads || r.stall.times > maxFruitless {
		r.plain, r.unproved = true, true
		return false
	}
	r.rereads++
	return true
}

// goBack looks for a page before offset that connects with what was read, one,
// two, four ... pages back, and reads on from there. The first page always
// connects, for there is nothing before it; but an empty one is no list to
// prove anything by, where there had been one.
func (r *reading) goBack(ctx context.Context, offset int) (fetch.Verdict, error) {
	for back := max(1, r.longest-r.overlap); ; back *= 2 {
		if v := r.exhausted(); v != "" {
			return v, nil
		}
		p, err := r.ask(ctx, max(0, offset-back))
		if err != nil {
			return outcome(ctx, err), err
		}
		keys := r.list.keys(p.records)
		switch {
		case r.list.connects(p.offset, keys), p.offset == 0 && len(keys) > 0:
			return r.take(ctx, p, keys, moved)
		case p.offset == 0:
			return fetch.VerdictDrift, nil
		}
	}
}

// nothingNew is the verdict of a list that went on without a proof until it
// brought nothing new any more.
func (r *reading) nothingNew() fetch.Verdict {
	if r.stall.times > maxFruitless {
		return fetch.VerdictEndless
	}
	return fetch.VerdictDrift
}
