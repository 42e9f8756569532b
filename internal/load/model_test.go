package load_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"simsync/internal/load"
	"simsync/internal/transform"
)

// TestPromoteAgainstAModel runs random nights on a small fleet and holds the tables
// to a model: what was said last is what is there, what a complete night did not
// mention is removed, every version is in the history without gap or overlap, and
// the ledger counts what happened.
func TestPromoteAgainstAModel(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	check := 0
	rapid.Check(t, func(t *rapid.T) {
		check++
		m := model{f: f, source: fmt.Sprint("source ", check), rows: make(map[int]*modelRow)}
		for day := range rapid.IntRange(1, 4).Draw(t, "nights") {
			m.night(t, day+1)
		}
	})
}

// model is what the tables should hold of a source.
type model struct {
	f      *fleet
	source string
	rows   map[int]*modelRow
}

// modelRow is a subscriber as it is, and its earlier versions.
type modelRow struct {
	row       transform.Row
	parent    string // as links reads it
	isEnabled bool   // on the parent; false means not told
	removed   bool
	versions  []string
}

func (r *modelRow) String() string {
	parent, enabled := "-", "-"
	if r.parent != "" {
		parent = r.parent
	}
	if r.isEnabled {
		enabled = "true"
	}
	name := "-"
	if r.row.Nickname != "" {
		name = r.row.Nickname
	}
	return fmt.Sprintf("%s|%d|%s|%s|%v", name, len(r.row.Pairs), parent, enabled, r.removed)
}

// said is a record of a walk's last session.
type said struct {
	subscriber, walk int
	row              transform.Row
	parent           int // 0: none named
}

// drawRecord makes one of a few subscribers, in one of a few states.
func drawRecord(t *rapid.T, walk int) said {
	s := said{subscriber: rapid.IntRange(1, 5).Draw(t, "subscriber"), walk: walk}
	edits := []func(*transform.Row){nickname(rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "nickname"))}
	if rapid.Bool().Draw(t, "without pairs") {
		edits = append(edits, pairs())
	}
	if p := rapid.IntRange(0, 5).Draw(t, "parent"); p != 0 && p != s.subscriber {
		s.parent = p
		edits = append(edits, childOf(thing(p), true))
	}
	s.row = thing(s.subscriber, edits...)
	return s
}

// night walks two listings, perhaps with sessions that turn out void.
func (m *model) night(t *rapid.T, day int) {
	n := m.f.night(day, m.source)
	defer n.session.Close()
	n.promotion.Complete = rapid.Bool().Draw(t, "complete")
	walks := []*walk{n.walk("a"), n.walk("b")}
	var all []said
	for range rapid.IntRange(0, 8).Draw(t, "records") {
		w := rapid.IntRange(0, 1).Draw(t, "walk")
		if rapid.IntRange(0, 5).Draw(t, "void") == 0 {
			walks[w].restart()
			all = slices.DeleteFunc(all, func(s said) bool { return s.walk == w })
			continue
		}
		record := drawRecord(t, w)
		walks[w].add(record.row)
		all = append(all, record)
	}
	want := m.apply(all, n.promotion.Complete)
	done, err := n.tryPromote()
	if err != nil {
		t.Fatalf("night %d: %v", day, err)
	}
	if done.Declared = nil; done.Counts != want {
		t.Fatalf("night %d counted %+v, want %+v", day, done.Counts, want)
	}
	m.compare(t)
}

// apply is what a promote should do.
func (m *model) apply(all []said, complete bool) load.Counts {
	last, parents := make(map[int]transform.Row), make(map[int]int)
	for walk := range 2 { // of two walks that name a parent, the second is believed
		own := make(map[int]int)
		for _, s := range all {
			if s.walk != walk {
				continue
			}
			own[s.subscriber] = s.parent
		}
		for i, parent := range own {
			if parent != 0 {
				parents[i] = parent
			}
		}
	}
	for _, s := range all {
		last[s.subscriber] = s.row
	}
	known := func(i int) bool { _, seen := last[i]; return seen || m.rows[i] != nil }
	counts := load.Counts{Records: int64(len(all)), Repeated: int64(len(all) - len(last))}
	next := make(map[int]*modelRow)
	for i, row := range last {
		now := &modelRow{row: row}
		old := m.rows[i]
		if parent, named := parents[i]; named {
			now.isEnabled = true
			if known(parent) {
				now.parent = fmt.Sprint(parent)
			}
		} else if old != nil && !complete {
			now.parent, now.isEnabled = old.parent, old.isEnabled
		}
		m.supersede(old, now, &counts)
		next[i] = now
	}
	for i, old := range m.rows {
		if next[i] != nil {
			continue
		}
		next[i] = old
		if complete && !old.removed {
			gone := *old
			gone.removed, gone.versions = true, append(slices.Clone(old.versions), old.String())
			next[i] = &gone
			counts.Removed++
		}
	}
	m.rows = next
	return counts
}

// supersede counts what became of a subscriber that was seen, and gives it its past.
func (m *model) supersede(old, now *modelRow, counts *load.Counts) {
	switch {
	case old == nil:
		counts.Inserted++
	case old.removed || old.row.Content != now.row.Content || old.String() != now.String():
		counts.Updated++
		now.versions = append(slices.Clone(old.versions), old.String())
	default:
		counts.Unchanged++
		now.versions = old.versions
	}
}

// compare holds the tables to the model.
func (m *model) compare(t *rapid.T) {
	var rows, versions []string
	for i, r := range m.rows {
		rows = append(rows, fmt.Sprintf("%d|%s", i, r))
		for place, v := range r.versions {
			versions = append(versions, fmt.Sprintf("%d|%d|%s", i, place+1, v))
		}
	}
	slices.Sort(rows)
	slices.Sort(versions)
	got := m.f.lines(`
		SELECT right(s.iccid, 1), s.nickname, (SELECT count(*) FROM fleet.subscriber_imsi i WHERE i.subscriber_key = s.subscriber_key),
			right(p.iccid, 1), s.is_enabled_on_parent, s.removed_at IS NOT NULL
		FROM fleet.subscriber s LEFT JOIN fleet.subscriber p ON p.subscriber_key = s.parent_key
		WHERE s.source = $1 ORDER BY 1`, m.source)
	if diff := cmp.Diff(rows, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("subscribers (-want +got):\n%s", diff)
	}
	got = m.f.lines(`
		SELECT right(h.iccid, 1), row_number() OVER (PARTITION BY h.subscriber_key ORDER BY h.valid_from), h.nickname, jsonb_array_length(h.imsi_pairs),
			right(p.iccid, 1), h.is_enabled_on_parent, h.removed_at IS NOT NULL
		FROM fleet.subscriber_history h LEFT JOIN fleet.subscriber p ON p.subscriber_key = h.parent_key
		WHERE h.source = $1 ORDER BY 1, 2`, m.source)
	if diff := cmp.Diff(versions, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("history (-want +got):\n%s", diff)
	}
	gaps := m.f.lines(`
		SELECT right(iccid, 1), began, ended, next
		FROM (SELECT iccid, first_seen_at AS began, NULL::timestamptz AS ended, coalesce((SELECT min(valid_from) FROM fleet.subscriber_history h WHERE h.subscriber_key = s.subscriber_key), changed_at) AS next
			FROM fleet.subscriber s WHERE source = $1
			UNION ALL
			SELECT h.iccid, NULL, h.valid_to, coalesce(lead(h.valid_from) OVER (PARTITION BY h.subscriber_key ORDER BY h.valid_from), s.changed_at)
			FROM fleet.subscriber_history h JOIN fleet.subscriber s USING (subscriber_key) WHERE s.source = $1) v
		WHERE coalesce(began, ended) <> next`, m.source)
	if len(gaps) > 0 {
		t.Fatalf("gaps between versions: %q", gaps)
	}
}
