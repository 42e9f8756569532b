package load_test

import (
	"testing"

	"simsync/internal/load"
	"simsync/internal/transform"
)

const nicknames = `SELECT right(iccid, 1), nickname FROM fleet.subscriber ORDER BY 1`

func TestLastRowOfAKeyWins(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	n := f.night(1, "flolive")
	n.walk("all").add(sim(1, nickname("a")), sim(1, nickname("b"))).add(sim(1, nickname("c"), pairs()))
	wantCounts(t, n.promote().Counts, load.Counts{Records: 3, Inserted: 1, Repeated: 2})
	f.want(nicknames, "1|c")
	f.want(`SELECT count(*) FROM fleet.subscriber_imsi`, "0")

	n = f.night(2, "flolive")
	n.walk("all").add(sim(1, nickname("d")), sim(1, nickname("e")))
	wantCounts(t, n.promote().Counts, load.Counts{Records: 2, Updated: 1, Repeated: 1})
	f.want(nicknames, "1|e")
	f.want(`SELECT nickname FROM fleet.subscriber_history`, "c")
}

func TestLastRowMaySayWhatWasKnown(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1), sim(2))
	before := f.physical()
	n := f.night(2, "flolive")
	n.walk("all").add(sim(1, nickname("a")), sim(2), sim(1))
	wantCounts(t, n.promote().Counts, load.Counts{Records: 3, Unchanged: 2, Repeated: 1})
	f.want(nicknames, "1|-", "2|-")
	if got := f.physical(); len(got) != len(before) || got[0] != before[0] {
		t.Errorf("rows were written: %q, then %q", before, got)
	}
}

// What was known of the removed is no reason to leave it removed.
func TestRepeatedReturn(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1))
	f.sync(2, "flolive")
	n := f.night(3, "flolive")
	n.walk("all").add(sim(1), sim(1))
	wantCounts(t, n.promote().Counts, load.Counts{Records: 2, Updated: 1, Repeated: 1})
	f.want(lives, "1")
}

func TestSameKeyFromTwoWalks(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	n := f.night(1, "flolive")
	parent, child := n.walk("parent"), n.walk("child")
	parent.add(sim(1, nickname("parent's")), sim(2))
	child.add(sim(1, nickname("child's")), sim(3))
	wantCounts(t, n.promote().Counts, load.Counts{Records: 4, Inserted: 3, Repeated: 1})
	f.want(nicknames, "1|child's", "2|-", "3|-")

	n = f.night(2, "flolive")
	parent, child = n.walk("parent"), n.walk("child")
	child.add(sim(1, nickname("child's")))
	parent.add(sim(1, nickname("parent's")))
	wantCounts(t, n.promote().Counts, load.Counts{Records: 2, Updated: 1, Repeated: 1, Removed: 2})
	f.want(nicknames, "1|parent's", "2|-", "3|-")
}

func TestRestartVoidsTheSession(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1), thing(2), thing(3))
	n := f.night(2, "iotx")
	w := n.walk("all").add(thing(1, nickname("void"), observed(9, dawn(2))), thing(2), thing(4), thing(2)).
		reject(transform.Reject{Whole: true, Reason: "void", Record: []byte(`1`)}, transform.Reject{Reason: "void", Record: []byte(`2`)})
	w.restart().add(thing(1), thing(3, nickname("real")), thing(5)).
		reject(transform.Reject{Whole: true, Reason: "real", ICCID: thing(9).ICCID, Record: []byte(`3`)})
	if n.session.Nameless() != 0 {
		t.Error("a reject of the void session counts as nameless")
	}
	if got := n.session.RejectedShare(); got != 0.25 {
		t.Errorf("rejected share %v, want one of four", got)
	}
	wantCounts(t, n.promote().Counts, load.Counts{Records: 4, Inserted: 1, Updated: 1, Unchanged: 1, Removed: 1, Rejected: 1})
	f.want(`SELECT right(iccid, 1), nickname, removed_at IS NULL FROM fleet.subscriber ORDER BY 1`,
		"1|-|true", "2|-|false", "3|real|true", "5|-|true")
	f.want(`SELECT reason, record FROM sync.reject`, "real|3")
	f.want(`SELECT count(*) FROM fleet.network_state`, "0")
	f.want(`SELECT count(*) FROM fleet.subscriber_history`, "2")
}

func TestRestartLeavesTheOtherWalkAlone(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1), sim(2), sim(3))
	n := f.night(2, "flolive")
	a, b := n.walk("a"), n.walk("b")
	a.add(sim(1, nickname("a")), sim(2, nickname("a")))
	b.add(sim(1, nickname("b")), sim(3, nickname("b")))
	b.restart().add(sim(3)) // says what was known, and no longer sees the first
	wantCounts(t, n.promote().Counts, load.Counts{Records: 3, Updated: 2, Unchanged: 1})
	f.want(nicknames, "1|a", "2|a", "3|-")

	n = f.night(3, "flolive")
	a, b = n.walk("a"), n.walk("b")
	a.add(sim(1, nickname("a")), sim(2, nickname("a")), sim(3))
	b.add(sim(1, nickname("b")))
	b.restart()
	wantCounts(t, n.promote().Counts, load.Counts{Records: 3, Unchanged: 3})
	f.want(nicknames, "1|a", "2|a", "3|-")
}

func TestTopLevelBeatsNested(t *testing.T) {
	t.Parallel()
	inside := thing(2, nickname("inside"), nested(thing(1)))
	own := thing(2, nickname("own"))
	for name, page := range map[string][]transform.Row{
		"nested first": {thing(1), inside, own},
		"nested last":  {own, thing(1), inside},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t)
			wantCounts(t, f.sync(1, "iotx", page...), load.Counts{Records: 3, Inserted: 2, Repeated: 1})
			wanted := func() {
				f.want(nicknames, "1|-", "2|own")
				f.want(`SELECT right(p.iccid, 1) FROM fleet.subscriber c JOIN fleet.subscriber p ON p.subscriber_key = c.parent_key`, "1")
			}
			wanted()
			wantCounts(t, f.sync(2, "iotx", page...), load.Counts{Records: 3, Unchanged: 2, Repeated: 1})
			wanted()
			f.want(`SELECT count(*) FROM fleet.subscriber_history`, "0")
		})
	}
}

// What was at top level in a session that is void is not at top level now.
func TestRestartForgetsWhatWasAtTopLevel(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	n := f.night(1, "iotx")
	w := n.walk("all").add(thing(1), thing(2, nickname("own"), childOf(thing(1), true)), thing(3, childOf(thing(1), true)))
	w.restart().add(thing(1), thing(2, nickname("inside"), nested(thing(1))), thing(3))
	wantCounts(t, n.promote().Counts, load.Counts{Records: 3, Inserted: 3})
	f.want(nicknames, "1|-", "2|inside", "3|-")
	f.want(`SELECT right(iccid, 1), is_enabled_on_parent FROM fleet.subscriber WHERE parent_key IS NOT NULL`, "2|-")
}

func TestSeveralPagesMayComeAtOnce(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	n := f.night(1, "flolive")
	done := make(chan error)
	for i := range 4 {
		w := n.walk(string(rune('a' + i)))
		go func() {
			for page := range 10 {
				rows := fleetOf(page*100, page*100+99, sim)
				if err := w.Add(t.Context(), &transform.Batch{Rows: rows, Records: len(rows)}); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	wantCounts(t, n.promote().Counts, load.Counts{Records: 4000, Inserted: 1000, Repeated: 3000})
}
