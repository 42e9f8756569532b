package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"simsync/internal/load"
	"simsync/internal/simulator"
)

// identity names a subscriber of a source: floLIVE by subscriberId and ICCID, IoT-X by
// physicalId.
type identity struct{ source, id string }

// truth is what the simulated providers hold, to lay the tables beside it. Memory: some
// 300 bytes a subscriber.
type truth struct {
	// live is the state of each live subscriber, in the provider's own words.
	live map[identity]string
	// seen is everybody there ever was: who is not live has been removed.
	seen map[identity]bool
}

// newTruth begins with whom the tables know already: a kept database has more nights
// behind it than this demo's.
func newTruth(ctx context.Context, db *load.DB) (*truth, error) {
	t := &truth{seen: make(map[identity]bool)}
	return t, eachRow(ctx, db, func(id identity, _ string, _ bool) { t.seen[id] = true })
}

// take notes what the providers hold now.
func (t *truth) take(sim *simulator.Simulator) {
	t.live = make(map[identity]string)
	for s := range sim.FloLIVETruth() {
		t.live[identity{"flolive", s.SubscriberID + " " + s.ICCID}] = s.Status
	}
	for s := range sim.IoTXTruth() {
		t.live[identity{"iotx", s.PhysicalID}] = fmt.Sprintf("%s active=%t barred=%t", s.SubscriberID, s.IsActive, s.IsBarred)
	}
	for id := range t.live {
		t.seen[id] = true
	}
}

// stateQuery words the rows as take does.
const stateQuery = `
SELECT s.source, coalesce(s.physical_id, s.subscriber_id || ' ' || s.iccid), s.removed_at IS NOT NULL,
    CASE WHEN s.physical_id IS NULL THEN coalesce(s.provider_status, '')
    ELSE format('%s active=%s barred=%s', s.subscriber_id, k.is_active::text, k.is_barred::text) END
FROM fleet.subscriber s
LEFT JOIN fleet.contract k USING (subscriber_key)`

func eachRow(ctx context.Context, db *load.DB, do func(id identity, state string, removed bool)) error {
	rows, err := db.Pool().Query(ctx, stateQuery)
	if err != nil {
		return fmt.Errorf("read the tables: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id identity
		var state string
		var removed bool
		if err := rows.Scan(&id.source, &id.id, &removed, &state); err != nil {
			return fmt.Errorf("read the tables: %w", err)
		}
		do(id, state, removed)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the tables: %w", err)
	}
	return nil
}

// comparison is one source's tables beside its provider.
type comparison struct {
	live, removed int // rows
	// missing are live at the provider alone, ghosts in the tables alone; different have
	// another state; forgotten have left and are in no row, not even as removed.
	missing, ghosts, different, forgotten int
}

func (c comparison) equal() bool { return c.missing+c.ghosts+c.different+c.forgotten == 0 }

// compare lays the tables beside what was taken last.
func (t *truth) compare(ctx context.Context, db *load.DB) (map[string]*comparison, error) {
	found := make(map[string]*comparison)
	of := func(id identity) *comparison {
		if found[id.source] == nil {
			found[id.source] = new(comparison)
		}
		return found[id.source]
	}
	rowless := maps.Clone(t.seen)
	err := eachRow(ctx, db, func(id identity, state string, removed bool) {
		delete(rowless, id)
		want, live := t.live[id]
		c := of(id)
		switch {
		case removed && live:
			c.missing++
		case !removed && !live:
			c.ghosts++
		case !removed && state != want:
			c.different++
		}
		if removed {
			c.removed++
		} else {
			c.live++
		}
	})
	for id := range rowless {
		if _, live := t.live[id]; live {
			of(id).missing++
		} else {
			of(id).forgotten++
		}
	}
	return found, err
}

// errNotEqual ends a demo that has proved the contrary.
var errNotEqual = errors.New("the tables are not what the providers hold")

// showTruth prints in words what the two nights have proved, or not.
func (d *demo) showTruth(t *truth) error {
	found, err := t.compare(d.ctx, d.db)
	if err != nil {
		return err
	}
	d.say("\nThe tables beside what the simulated providers hold, one by one:\n")
	equal := true
	for _, source := range slices.Sorted(maps.Keys(found)) {
		d.say("  %s: %s", source, found[source])
		equal = equal && found[source].equal()
	}
	if !equal {
		d.say("\nTables equal the providers: NO")
		return errNotEqual
	}
	d.say("\nTables equal the providers: yes")
	return nil
}

// String tells a comparison in a line.
func (c comparison) String() string {
	counts := fmt.Sprintf("%d live, %d removed", c.live, c.removed)
	if c.equal() {
		return counts + ": identity and status as they should be"
	}
	return fmt.Sprintf("%s: %d missing, %d ghosts, %d in another state, %d forgotten", counts, c.missing, c.ghosts, c.different, c.forgotten)
}
