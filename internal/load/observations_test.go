package load_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/load"
	"simsync/internal/transform"
)

const (
	states = `SELECT right(s.iccid, 1), n.is_online, n.is_transferring, n.data_usage_bytes, n.observed_at
		FROM fleet.network_state n JOIN fleet.subscriber s USING (subscriber_key) ORDER BY 1`
	usage = `SELECT right(s.iccid, 1), u.day, u.data_usage_bytes, u.observed_at
		FROM fleet.data_usage u JOIN fleet.subscriber s USING (subscriber_key) ORDER BY 1, u.day`
	months = `SELECT c.relname, pg_get_expr(c.relpartbound, c.oid), obj_description(c.oid)
		FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE inhparent = 'fleet.data_usage'::regclass ORDER BY 1`
)

// at is a time of a day in November.
func at(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }

func TestObservationsNeverTouchTheSubscriber(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1, observed(10, at(1, 1))), thing(2))
	subscriber := func() []string { return f.lines(`SELECT ctid::text, xmin::text FROM fleet.subscriber ORDER BY 1`) }
	before := subscriber()
	wantCounts(t, f.sync(2, "iotx", thing(1, observed(20, at(2, 1))), thing(2, observed(5, at(2, 1)))), load.Counts{Records: 2, Unchanged: 2})
	if diff := cmp.Diff(before, subscriber()); diff != "" {
		t.Errorf("subscribers were written:\n%s", diff)
	}
	f.want(`SELECT count(*) FROM fleet.subscriber_history`, "0")
	f.want(states, "1|true|-|20|11-02 01:00", "2|true|-|5|11-02 01:00")
	f.want(usage, "1|11-01 00:00|10|11-01 01:00", "1|11-02 00:00|20|11-02 01:00", "2|11-02 00:00|5|11-02 01:00")
}

func TestLastObservationOfTheDayWins(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1, observed(10, at(1, 1))))
	f.sync(1, "iotx", thing(1, observed(12, at(1, 9))))
	f.want(usage, "1|11-01 00:00|12|11-01 09:00")
	// The counter falls back when a billing period begins: later is not more.
	f.sync(1, "iotx", thing(1, observed(3, at(1, 20))))
	f.want(usage, "1|11-01 00:00|3|11-01 20:00")
	// In one walk, in any order.
	f.sync(2, "iotx", thing(1, observed(8, at(2, 8))), thing(1, observed(6, at(2, 6))), thing(1, observed(4, at(1, 23))))
	f.want(usage, "1|11-01 00:00|4|11-01 23:00", "1|11-02 00:00|8|11-02 08:00")
	f.want(states, "1|true|-|8|11-02 08:00")
}

// An answer kept earlier is loaded again.
func TestOlderObservationDoesNotOverwrite(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1, observed(10, at(1, 20))))
	f.sync(2, "iotx", thing(1, observed(20, at(2, 20))))
	f.sync(3, "iotx", thing(1, observed(7, at(1, 8))))
	f.sync(3, "iotx", thing(1, observed(17, at(2, 8))))
	f.want(states, "1|true|-|20|11-02 20:00")
	f.want(usage, "1|11-01 00:00|10|11-01 20:00", "1|11-02 00:00|20|11-02 20:00")
	f.sync(3, "iotx", thing(1, observed(11, at(1, 21))))
	f.want(usage, "1|11-01 00:00|11|11-01 21:00", "1|11-02 00:00|20|11-02 20:00")
}

// What was not told is null in the state, and no row of the day.
func TestObservationWithoutUsage(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1, func(r *transform.Row) {
		r.Observation = &transform.Observation{IsTransferring: new(false), ObservedAt: at(1, 1)}
	}))
	f.want(states, "1|-|false|-|11-01 01:00")
	f.want(usage)
}

func TestMonthsAreMadeOnce(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.want(months)
	f.sync(1, "iotx", thing(1, observed(1, at(1, 0))))
	november := `data_usage_2026_11|FOR VALUES FROM ('2026-11-01') TO ('2026-12-01')|fleet.data_usage from 2026-11-01 until before 2026-12-01.`
	f.want(months, november)
	f.sync(2, "iotx", thing(1, observed(1, at(2, 0))))
	f.want(months, november)
	// A walk over midnight at the turn of the year, in a zone where it is past.
	east := time.FixedZone("", 5*60*60)
	f.sync(31, "iotx",
		thing(1, observed(5, time.Date(2027, 1, 1, 4, 59, 59, 999999000, east))),
		thing(2, observed(6, time.Date(2027, 1, 1, 5, 0, 0, 0, east))))
	f.want(months, november,
		`data_usage_2026_12|FOR VALUES FROM ('2026-12-01') TO ('2027-01-01')|fleet.data_usage from 2026-12-01 until before 2027-01-01.`,
		`data_usage_2027_01|FOR VALUES FROM ('2027-01-01') TO ('2027-02-01')|fleet.data_usage from 2027-01-01 until before 2027-02-01.`)
	f.want(`SELECT tableoid::regclass::text, data_usage_bytes FROM fleet.data_usage WHERE day > '2026-11-02' ORDER BY 1`,
		"fleet.data_usage_2026_12|5", "fleet.data_usage_2027_01|6")
	f.want(`SELECT col_description('fleet.data_usage_2027_01'::regclass, 2)`, "The UTC day of the observation.")
}

func TestMonthIsMadeByTwoSourcesAtOnce(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	var nights []*night
	for _, source := range []string{"a", "b", "c", "d"} {
		n := f.night(1, source)
		n.walk("all").add(thing(1, observed(1, at(1, 0))), thing(2, observed(1, at(30, 23))))
		nights = append(nights, n)
	}
	var all sync.WaitGroup
	for _, n := range nights {
		all.Go(func() {
			if _, err := n.tryPromote(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := f.lines(months); len(got) != 1 || !strings.HasPrefix(got[0], "data_usage_2026_11|") {
		t.Errorf("months: %q", got)
	}
	f.want(`SELECT count(*) FROM fleet.data_usage`, "8")
}
