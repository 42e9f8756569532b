package load_test

import (
	"strings"
	"testing"

	"simsync/internal/load"
	"simsync/internal/transform"
)

const links = `SELECT right(c.iccid, 1), right(p.iccid, 1), c.is_enabled_on_parent
	FROM fleet.subscriber c LEFT JOIN fleet.subscriber p ON p.subscriber_key = c.parent_key ORDER BY 1`

// A link is a version of its subscriber like any other change, though no content
// hash knows of it.
func TestLinks(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1), thing(2), thing(3))
	f.want(links, "1|-|-", "2|-|-", "3|-|-")

	wantCounts(t, f.sync(2, "iotx", thing(1), thing(2), thing(3, childOf(thing(1), true))), load.Counts{Records: 3, Updated: 1, Unchanged: 2})
	f.want(links, "1|-|-", "2|-|-", "3|1|true")
	wantCounts(t, f.sync(3, "iotx", thing(1), thing(2), thing(3, childOf(thing(1), true))), load.Counts{Records: 3, Unchanged: 3})

	wantCounts(t, f.sync(4, "iotx", thing(1), thing(2), thing(3, childOf(thing(2), false))), load.Counts{Records: 3, Updated: 1, Unchanged: 2})
	f.want(links, "1|-|-", "2|-|-", "3|2|false")

	// The link and the content change at once: one version, not two.
	wantCounts(t, f.sync(5, "iotx", thing(1), thing(2), thing(3, nickname("a"))), load.Counts{Records: 3, Updated: 1, Unchanged: 2})
	f.want(links, "1|-|-", "2|-|-", "3|-|-")
	f.want(`SELECT h.valid_from, h.valid_to, right(p.iccid, 1), h.is_enabled_on_parent FROM fleet.subscriber_history h
		LEFT JOIN fleet.subscriber p ON p.subscriber_key = h.parent_key ORDER BY h.valid_from`,
		"11-01 02:00|11-02 02:00|-|-", "11-02 02:00|11-04 02:00|1|true", "11-04 02:00|11-05 02:00|2|false")
}

func TestVanishedLinkNeedsACompleteWalk(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1), thing(2, childOf(thing(1), true)))
	n := f.night(2, "iotx")
	n.walk("all").add(thing(2))
	n.promotion.Complete = false
	wantCounts(t, n.promote().Counts, load.Counts{Records: 1, Unchanged: 1})
	f.want(links, "1|-|-", "2|1|true")
	wantCounts(t, f.sync(3, "iotx", thing(1), thing(2)), load.Counts{Records: 2, Updated: 1, Unchanged: 1})
	f.want(links, "1|-|-", "2|-|-")
}

// The removal of a profile is held back: nobody has spoken of its link either.
func TestUnseenSubscriberKeepsItsLink(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1), thing(2, childOf(thing(1), true)))
	before := f.physical()
	n := f.night(2, "iotx")
	n.walk("all").add(thing(1))
	n.promotion.RemovalLimit = 0
	done := n.promote()
	wantCounts(t, done.Counts, load.Counts{Records: 1, Unchanged: 1})
	if done.HeldBack == "" {
		t.Error("not held back")
	}
	if got := f.physical(); len(got) != len(before) {
		t.Errorf("rows before %q, after %q", before, got)
	}
	f.want(links, "1|-|-", "2|1|true")

	// Gone, it keeps it too: that is how it was last known. Back, it has none.
	f.sync(3, "iotx", thing(1))
	f.want(links, "1|-|-", "2|1|true")
	wantCounts(t, f.sync(4, "iotx", thing(1), thing(2)), load.Counts{Records: 2, Updated: 1, Unchanged: 1})
	f.want(links, "1|-|-", "2|-|-")
}

func TestWhereTheParentIs(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	for _, test := range []struct {
		name string // and the source
		rows []transform.Row
		want []string
	}{
		{"before its child", []transform.Row{thing(1), thing(2, childOf(thing(1), true))}, []string{"1|-|-", "2|1|true"}},
		{"after its child", []transform.Row{thing(2, childOf(thing(1), true)), thing(1)}, []string{"1|-|-", "2|1|true"}},
		{"never listed", []transform.Row{thing(2, childOf(thing(9), true))}, []string{"2|-|true"}},
		{"the child itself", []transform.Row{thing(2, childOf(thing(2), true))}, []string{"2|-|true"}},
		{"in a circle", []transform.Row{thing(1, childOf(thing(2), true)), thing(2, childOf(thing(1), false))}, []string{"1|2|true", "2|1|false"}},
		{"named by itself and by its place", []transform.Row{thing(1), thing(3), thing(2, childOf(thing(3), true)), thing(2, nested(thing(1)))}, []string{"1|-|-", "2|3|true", "3|-|-"}},
		{"named by its place and by itself", []transform.Row{thing(1), thing(2, nested(thing(1))), thing(2, childOf(thing(3), true)), thing(3)}, []string{"1|-|-", "2|3|true", "3|-|-"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := f.within(t)
			links := strings.Replace(links, "ORDER BY", "WHERE c.source = '"+test.name+"' ORDER BY", 1)
			f.sync(1, test.name, test.rows...)
			f.want(links, test.want...)
			if c := f.sync(2, test.name, test.rows...); c.Updated != 0 || c.Inserted != 0 {
				t.Errorf("the same night again: %+v", c)
			}
			f.want(links, test.want...)
		})
	}
}

func TestParentIsKnownButNotSeen(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1), thing(2))
	f.sync(2, "iotx", thing(2, childOf(thing(1), true))) // the parent is removed
	f.want(links, "1|-|-", "2|1|true")
}

// A profile's place in its parent's record may tell less than its own record does,
// which an incomplete walk may not have reached. A new one is better than none.
func TestNestedProfileOfAnIncompleteWalkRewritesNothing(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1), thing(2, nickname("its own")))
	n := f.night(2, "iotx")
	n.walk("all").add(thing(1), thing(2, nested(thing(1))), thing(3, nested(thing(1))))
	n.promotion.Complete = false
	wantCounts(t, n.promote().Counts, load.Counts{Records: 3, Inserted: 1, Updated: 1, Unchanged: 1}) // its parent is news
	f.want(`SELECT right(iccid, 1), nickname FROM fleet.subscriber ORDER BY 1`, "1|-", "2|its own", "3|-")
	f.want(links, "1|-|-", "2|1|-", "3|1|-")
	wantCounts(t, f.sync(3, "iotx", thing(1), thing(2, nested(thing(1))), thing(3, nested(thing(1)))), load.Counts{Records: 3, Updated: 1, Unchanged: 2})
	f.want(`SELECT right(iccid, 1), nickname FROM fleet.subscriber ORDER BY 1`, "1|-", "2|-", "3|-")
}
