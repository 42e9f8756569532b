package load_test

import (
	"fmt"
	"strings"
	"testing"

	"simsync/internal/load"
	"simsync/internal/transform"
)

const lives = `SELECT right(iccid, 1) FROM fleet.subscriber WHERE removed_at IS NULL ORDER BY 1`

func TestRemovalLimit(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	for _, test := range []struct {
		name    string // and the source
		limit   float64
		allow   bool
		missing int // of ten, one of which changes besides
		held    string
	}{
		{"below", 0.5, false, 3, ""},
		{"exactly the limit", 0.3, false, 3, ""},
		{"one more", 0.3, false, 4, "4 of 10 subscribers (40.0 %) would be removed, more than the removal limit of 30.0 %"},
		{"zero", 0, false, 1, "1 of 10 subscribers (10.0 %) would be removed, more than the removal limit of 0.0 %"},
		{"zero, nothing missing", 0, false, 0, ""},
		{"allowed", 0.3, true, 9, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := f.within(t)
			f.sync(1, test.name, fleetOf(0, 9, sim)...)
			n := f.night(2, test.name)
			n.promotion.RemovalLimit, n.promotion.AllowRemovals = test.limit, test.allow
			n.walk("all").add(sim(0, nickname("a"))).add(fleetOf(1, 9-test.missing, sim)...)
			done := n.promote()
			if done.HeldBack != test.held {
				t.Errorf("held back: %q\nwant: %q", done.HeldBack, test.held)
			}
			want := load.Counts{Records: int64(10 - test.missing), Updated: 1, Unchanged: int64(9 - test.missing), Removed: int64(test.missing)}
			if test.held != "" {
				want.Removed = 0
			}
			wantCounts(t, done.Counts, want)
			f.want(`SELECT count(*) FILTER (WHERE removed_at IS NULL), max(nickname) FROM fleet.subscriber WHERE source = '`+test.name+`'`,
				fmt.Sprintf("%d|a", 10-want.Removed))
		})
	}
}

// The share is of the live: those that are removed already do not make room.
func TestRemovalLimitCountsTheLive(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", fleetOf(0, 9, sim)...)
	f.sync(2, "flolive", fleetOf(0, 1, sim)...)
	n := f.night(3, "flolive")
	n.promotion.RemovalLimit = 0.2
	n.walk("all").add(sim(0))
	if got, want := n.promote().HeldBack, "1 of 2 subscribers (50.0 %)"; !strings.HasPrefix(got, want) {
		t.Errorf("held back: %q, want %q", got, want)
	}
}

// A reject that may be the missing subscriber keeps it.
func TestDoubtfulRemovals(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", fleetOf(1, 5, sim)...)
	f.sync(1, "other", fleetOf(1, 5, sim)...)
	n := f.night(2, "flolive")
	n.walk("all").add(sim(5)).reject(
		transform.Reject{Whole: true, SubscriberID: sim(1).SubscriberID, Reason: "r", Record: []byte(`1`)},
		transform.Reject{Whole: true, ICCID: sim(2).ICCID, Reason: "r", Record: []byte(`2`)},
		transform.Reject{Whole: true, ICCID: sim(2).ICCID, SubscriberID: sim(2).SubscriberID, Reason: "r", Record: []byte(`3`)},
		transform.Reject{ICCID: sim(3).ICCID, Reason: "a part casts no doubt", Record: []byte(`4`)},
		transform.Reject{Whole: true, ICCID: sim(77).ICCID, Reason: "nobody's", Record: []byte(`5`)})
	if got := n.session.Nameless(); got != 0 {
		t.Errorf("%d nameless", got)
	}
	done := n.promote()
	wantCounts(t, done.Counts, load.Counts{Records: 5, Unchanged: 1, Rejected: 4, RejectedParts: 1, Removed: 2})
	if done.Doubtful != 2 || done.HeldBack != "" {
		t.Errorf("%+v", done)
	}
	f.want(`SELECT source, right(iccid, 1) FROM fleet.subscriber WHERE removed_at IS NOT NULL ORDER BY 1, 2`, "flolive|3", "flolive|4")
}

func TestNamelessRejects(t *testing.T) {
	t.Parallel()
	n := newFleet(t).night(1, "flolive")
	n.walk("all").add(sim(1)).reject(
		transform.Reject{Whole: true, Reason: "r", Record: []byte(`1`)},
		transform.Reject{Whole: true, ICCID: sim(2).ICCID, Reason: "r", Record: []byte(`2`)},
		transform.Reject{Reason: "a part", Record: []byte(`3`)})
	if got := n.session.Nameless(); got != 1 {
		t.Errorf("%d nameless, want 1", got)
	}
}

// A customer that is no longer in the settings is not walked: its subscribers are
// absent for want of asking.
func TestUnwalkedListingHoldsBack(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	whole := func(day int) {
		n := f.night(day, "flolive")
		n.walk("a").add(sim(1))
		n.walk("b").add(sim(2), sim(3))
		n.promote()
		n.end(load.OutcomeOK)
	}
	whole(1)
	half := func(day int, outcome load.Outcome, allow bool) load.Promoted {
		n := f.night(day, "flolive")
		n.promotion.AllowRemovals = allow
		n.walk("a").add(sim(1))
		done := n.promote()
		n.end(outcome)
		return done
	}
	const held = "listing b was walked by the last good run and is no longer in the settings: 2 subscribers would be removed"
	for day := 2; day <= 3; day++ { // a run that was held back is no good run
		if done := half(day, load.OutcomeHeldBack, false); done.HeldBack != held || done.Removed != 0 {
			t.Errorf("day %d: %+v", day, done)
		}
	}
	if done := half(4, load.OutcomeOK, true); done.HeldBack != "" || done.Removed != 2 {
		t.Errorf("allowed: %+v", done)
	}
	whole(5)
	if done := half(6, load.OutcomeHeldBack, false); done.HeldBack != held {
		t.Errorf("walked again, then not: %+v", done)
	}
}

func TestGoneNeedsCompleteWalks(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1))
	n := f.night(2, "flolive")
	n.promotion.Gone, n.promotion.Complete, n.isFixed = n.session.MissingKeys(), false, true
	if _, err := n.tryPromote(); err == nil || err.Error() != "promote source flolive: 1 removals asked for without complete walks" {
		t.Errorf("promote: %v", err)
	}
	f.want(lives, "1")
}

func TestIncompleteRemovesNothing(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1), sim(2))
	n := f.night(2, "flolive")
	n.promotion.Complete = false
	n.walk("all").add(sim(1, nickname("a")), sim(3))
	wantCounts(t, n.promote().Counts, load.Counts{Records: 2, Inserted: 1, Updated: 1})
	f.want(lives, "1", "2", "3")
}

// Subscribers are asked for one by one, and one turns up in another's record.
func TestGoneThatWasSeenSince(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1), thing(2), thing(3), thing(4))
	n := f.night(2, "iotx")
	w := n.walk("all").add(thing(4))
	missing := n.session.MissingKeys()
	found, err := n.session.Missing(t.Context(), missing)
	if err != nil || len(found) != 3 || found[0] != (load.Missing{Key: missing[0], PhysicalID: thing(1).PhysicalID}) {
		t.Fatalf("missing: %+v, %v", found, err)
	}
	w.add(thing(1), thing(2, nickname("a"), nested(thing(1))))
	n.promotion.Gone, n.isFixed = append(missing, missing[2], -1), true
	wantCounts(t, n.promote().Counts, load.Counts{Records: 3, Updated: 1, Unchanged: 2, Removed: 1})
	f.want(lives, "1", "2", "4")
}
