package load

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"simsync/internal/transform"
)

// Walk is one walk's part of the stage. Its counts are those of the walk's last
// session.
type Walk struct {
	session *Session
	number  int16
	listing string

	seen  places
	top   places // those that a record at top level spoke of
	links map[int]link
	counts
	staged atomic.Int64
}

// link is the parent of a place in known, as last said.
type link struct {
	parent  transform.Identity
	enabled *bool
	nested  bool
}

// counts are what a walk's records became.
type counts struct {
	records, rows, rejected, parts int64
	// nameless counts whole rejects of which no part of an identity could be read:
	// each may be any subscriber that seems absent.
	nameless int64
}

func (c *counts) add(other counts) {
	c.records += other.records
	c.rows += other.rows
	c.rejected += other.rejected
	c.parts += other.parts
	c.nameless += other.nameless
}

// Walk begins the stage of a listing.
func (s *Session) Walk(listing string) *Walk {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := &Walk{session: s, number: int16(len(s.walks)), listing: listing, links: make(map[int]link)}
	s.walks = append(s.walks, w)
	return w
}

// Restart forgets what the walk has staged and seen: its session is void and the
// listing is read from its start again. Only the names of customers and the months
// observed stay, for they prove nothing.
func (w *Walk) Restart(ctx context.Context) error {
	s := w.session
	s.mu.Lock()
	defer s.mu.Unlock()
	w.seen, w.top, w.counts = nil, nil, counts{}
	w.staged.Store(0)
	clear(w.links)
	if _, err := s.conn.Exec(ctx, statement("stage_restart"), w.number); err != nil {
		return fmt.Errorf("empty the stage of listing %s: %w", w.listing, err)
	}
	return nil
}

// Add takes what a page, or a few, became: rows that are known as they are go no
// further, the others are copied to the stage, the rejects beside them. The batch
// may be reused afterwards.
func (w *Walk) Add(ctx context.Context, b *transform.Batch) error {
	s := w.session
	s.mu.Lock()
	defer s.mu.Unlock()
	var fresh, observed []stagedRow
	for i := range b.Rows {
		row := &b.Rows[i]
		place, err := s.place(ctx, row.Identity)
		if err != nil {
			return err
		}
		w.seen.add(place)
		w.notice(place, row)
		if row.Top {
			w.top.add(place)
		} else if s.isTop(place) {
			continue // the record at top level is the authority
		}
		s.stageRow++
		staged := stagedRow{row: row, place: place, number: s.stageRow}
		if row.Observation != nil {
			observed = append(observed, staged)
		}
		if s.supersedes(place, row) {
			fresh = append(fresh, staged)
		}
	}
	w.count(b)
	w.staged.Add(int64(len(fresh)))
	return w.copy(ctx, fresh, observed, b.Rejects)
}

// Staged is how many of the walk's rows were new or changed, and went to the stage. It
// waits for no other walk.
func (w *Walk) Staged() int64 { return w.staged.Load() }

// Staged is how many rows of all walks are on the stage.
func (s *Session) Staged() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var n int64
	for _, w := range s.walks {
		n += w.Staged()
	}
	return n
}

// place finds the identity in known, or adds it under a new key.
func (s *Session) place(ctx context.Context, id transform.Identity) (int, error) {
	if place := s.known.find(id); place >= 0 {
		return place, nil
	}
	key, err := s.newKey(ctx)
	if err != nil {
		return 0, err
	}
	return s.known.add(id, key, 0, 0), nil
}

// isTop tells whether a record at top level spoke of the subscriber in this run.
func (s *Session) isTop(place int) bool {
	return slices.ContainsFunc(s.walks, func(w *Walk) bool { return w.top.has(place) })
}

// notice keeps what a row says of others: its parent, its customer's name, the
// month of its observation.
func (w *Walk) notice(place int, row *transform.Row) {
	s := w.session
	old, linked := w.links[place]
	if p := row.Parent; p != nil {
		said := link{parent: p.Parent, enabled: p.Enabled, nested: p.Nested}
		if !linked || said.beats(old) {
			w.links[place] = said
		}
	} else if linked && row.Top && !old.nested {
		delete(w.links, place) // its later word is that it has none
	}
	if row.CustomerID.Valid {
		id := row.CustomerID.UUID
		if name, said := s.customers[id]; !said || (row.CustomerName != "" && name != row.CustomerName) {
			s.customers[id] = row.CustomerName
		}
	}
	if o := row.Observation; o != nil {
		at := o.ObservedAt.UTC()
		s.months[time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, time.UTC)] = true
	}
}

// beats tells whether a link stands against one said before it: the later one does,
// but a profile's own word beats its place in another's record.
func (l link) beats(old link) bool { return old.nested || !l.nested }

// supersedes tells whether the row must go to the stage. Once a key is there, every
// later row of it must follow, for the last one wins even where it says what was
// known before.
func (s *Session) supersedes(place int, row *transform.Row) bool {
	flags := s.known.flags[place]
	if flags&staged != 0 {
		s.restaged = true
		return true
	}
	if flags&live != 0 && s.known.hashes[place] == row.Content {
		return false
	}
	s.known.flags[place] |= staged
	return true
}

func (w *Walk) count(b *transform.Batch) {
	w.records += int64(b.Records)
	w.rows += int64(len(b.Rows))
	for i := range b.Rejects {
		r := &b.Rejects[i]
		switch {
		case !r.Whole:
			w.parts++
		case r.SubscriberID == "" && r.ICCID == "":
			w.rejected++
			w.nameless++
		default:
			w.rejected++
		}
	}
}

// stagedRow is a row on its way to the stage.
type stagedRow struct {
	row    *transform.Row
	place  int   // in known
	number int64 // stage_row
}

// copy brings everything to the stage, a COPY a table.
func (w *Walk) copy(ctx context.Context, fresh, observed []stagedRow, rejects []transform.Reject) error {
	k, conn := w.session.known, w.session.conn
	err := copyRows(ctx, conn, "stage_subscriber", stageSubscriberColumns, fresh, func(values []any, r stagedRow) []any {
		return subscriberValues(values, w.number, r, k.keys[r.place], k.flags[r.place]&inDatabase == 0)
	})
	if err != nil {
		return err
	}
	err = copyRows(ctx, conn, "stage_imsi", stageIMSIColumns, pairsOf(fresh), func(values []any, p stagedPair) []any {
		return append(values, w.number, p.stageRow, p.ordinal, string(p.pair.IMSI), null(p.pair.MSISDN), p.pair.IsLastActive)
	})
	if err != nil {
		return err
	}
	err = copyRows(ctx, conn, "stage_contract", stageContractColumns, withContract(fresh), func(values []any, r stagedRow) []any {
		return contractValues(values, w.number, r.number, r.row.Contract)
	})
	if err != nil {
		return err
	}
	err = copyRows(ctx, conn, "stage_observation", stageObservationColumns, observed, func(values []any, r stagedRow) []any {
		o := r.row.Observation
		return append(values, w.number, r.number, k.keys[r.place], o.IsOnline, o.IsTransferring, o.DataUsageBytes, o.ObservedAt)
	})
	if err != nil {
		return err
	}
	return copyRows(ctx, conn, "stage_reject", stageRejectColumns, rejects, func(values []any, r transform.Reject) []any {
		return rejectValues(values, w.number, r)
	})
}
