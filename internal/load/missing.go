package load

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Missing is a subscriber that is live in the database and that no walk has seen.
type Missing struct {
	Key int64
	// PhysicalID is what IoT-X answers to; empty at floLIVE.
	PhysicalID string
}

// MissingKeys are the keys of all that is missing. Whether that means gone is for
// the caller to say: only complete walks of every listing prove it.
func (s *Session) MissingKeys() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.missing()
}

func (s *Session) missing() []int64 {
	seen := s.seen()
	var keys []int64
	for place, flags := range s.known.flags {
		if flags&live != 0 && !seen.has(place) {
			keys = append(keys, s.known.keys[place])
		}
	}
	return keys
}

// Missing tells what the provider calls the subscribers of keys.
func (s *Session) Missing(ctx context.Context, keys []int64) ([]Missing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows, err := s.conn.Query(ctx, statement("missing"), keys)
	if err != nil {
		return nil, fmt.Errorf("read the missing subscribers: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Missing])
	if err != nil {
		return nil, fmt.Errorf("read the missing subscribers: %w", err)
	}
	return found, nil
}

// Nameless counts the rejects that may be any missing subscriber.
func (s *Session) Nameless() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts().nameless
}

// RejectedShare is the share of the records read that were refused whole, 0 to 1.
func (s *Session) RejectedShare() float64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.counts()
	if c.records == 0 {
		return 0
	}
	return float64(c.rejected) / float64(c.records)
}

// seen are the places that any walk has seen in its last session.
func (s *Session) seen() places {
	var all places
	for _, w := range s.walks {
		all.union(w.seen)
	}
	return all
}

func (s *Session) counts() counts {
	var all counts
	for _, w := range s.walks {
		all.add(w.counts)
	}
	return all
}
