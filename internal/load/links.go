package load

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// stagedLink is what stage_link is told of a subscriber: the place of its parent in
// known (-1: none that is known) and whether it is enabled there.
type stagedLink struct {
	place, parent int
	enabled       *bool
}

// stageLinks copies the links that the walks speak of. What is not in stage_link
// keeps the link that it has.
func (s *Session) stageLinks(ctx context.Context, tx pgx.Tx, complete bool) error {
	return copyRows(ctx, tx, "stage_link", stageLinkColumns, s.stagedLinks(complete), func(values []any, l stagedLink) []any {
		var parent any
		if l.parent >= 0 {
			parent = s.known.keys[l.parent]
		}
		return append(values, s.known.keys[l.place], parent, l.enabled)
	})
}

// stagedLinks gathers the links that were said, and takes those back that are held
// and that nobody mentioned, though their subscribers were seen: which may be for want
// of reading on where a walk was not complete.
func (s *Session) stagedLinks(complete bool) []stagedLink {
	seen, said := s.seen(), s.links()
	staged := make([]stagedLink, 0, len(said))
	for place, l := range said {
		staged = append(staged, stagedLink{place: place, parent: s.parentOf(place, l, seen), enabled: l.enabled})
	}
	if !complete {
		return staged
	}
	for place, flags := range s.known.flags {
		if _, mentioned := said[place]; !mentioned && flags&linked != 0 && seen.has(place) {
			staged = append(staged, stagedLink{place: place, parent: -1})
		}
	}
	return staged
}

// links are what the walks' last sessions said, by place.
func (s *Session) links() map[int]link {
	all := make(map[int]link)
	for _, w := range s.walks {
		for place, said := range w.links {
			if old, known := all[place]; !known || said.beats(old) {
				all[place] = said
			}
		}
	}
	return all
}

// parentOf is the place of the parent that a link names, or -1 where that is unknown
// or the subscriber itself.
func (s *Session) parentOf(place int, l link, seen places) int {
	at := s.known.find(l.parent)
	if at < 0 || at == place || (!seen.has(at) && s.known.flags[at]&inDatabase == 0) {
		return -1
	}
	return at
}
