package load_test

import (
	"testing"
	"time"
)

const (
	usageByTariff = `SELECT source, day, tariff_name, subscribers, used_bytes FROM fleet.tariff_usage ORDER BY source, day, tariff_name`
	// Whatever was synced in whatever order: each day holds what its subscribers used.
	usageOff = `SELECT coalesce(t.day, d.day), t.subscribers, d.subscribers, t.used_bytes, d.used_bytes
		FROM (SELECT day, sum(subscribers) AS subscribers, sum(used_bytes) AS used_bytes FROM fleet.tariff_usage GROUP BY day) t
		FULL JOIN (SELECT day, count(*) AS subscribers, coalesce(sum(used_bytes), 0) AS used_bytes FROM fleet.daily_usage GROUP BY day) d USING (day)
		WHERE (t.subscribers, t.used_bytes) IS DISTINCT FROM (d.subscribers, d.used_bytes)`
)

func TestUsageIsCountedByTariff(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1, observed(100, at(1, 1))), thing(2, observed(7, at(1, 1))), thing(3, observed(50, at(1, 1)), tariff("large")), thing(4))
	f.want(usageByTariff, "iotx|11-01 00:00|large|1|0", "iotx|11-01 00:00|small|2|0")
	// The first grows, the second's billing period begins, the third is not observed.
	f.sync(2, "iotx", thing(1, observed(130, at(2, 1))), thing(2, observed(2, at(2, 1))), thing(3, tariff("large")), thing(4))
	f.want(usageByTariff, "iotx|11-01 00:00|large|1|0", "iotx|11-01 00:00|small|2|0", "iotx|11-02 00:00|small|2|32")
	// A second sync of the day counts nothing twice.
	f.sync(2, "iotx", thing(1, observed(140, at(2, 9))), thing(2, observed(3, at(2, 9))), thing(3, tariff("large")), thing(4))
	f.want(usageByTariff, "iotx|11-01 00:00|large|1|0", "iotx|11-01 00:00|small|2|0", "iotx|11-02 00:00|small|2|43")
	// What grew over days without an observation counts on the day that saw it, and a
	// changed tariff from then on.
	f.sync(4, "iotx", thing(1, observed(140, at(4, 1)), tariff("large")), thing(2), thing(3, observed(90, at(4, 1)), tariff("large")), thing(4))
	f.want(usageByTariff, "iotx|11-01 00:00|large|1|0", "iotx|11-01 00:00|small|2|0", "iotx|11-02 00:00|small|2|43", "iotx|11-04 00:00|large|2|40")
	f.want(usageOff)
}

// An answer kept earlier is loaded late: the day after it has part of its growth to give.
func TestUsageOfALateDay(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1, observed(100, at(1, 1))), thing(2, observed(0, at(1, 1))))
	f.sync(5, "iotx", thing(1, observed(500, at(5, 1))), thing(2))
	f.sync(6, "iotx", thing(1, observed(600, at(6, 1))), thing(2, observed(60, at(6, 1))))
	f.sync(7, "iotx", thing(1, observed(300, at(3, 1))), thing(2, observed(30, at(3, 1))))
	f.want(usageByTariff, "iotx|11-01 00:00|small|2|0", "iotx|11-03 00:00|small|2|230", "iotx|11-05 00:00|small|1|200", "iotx|11-06 00:00|small|2|130")
	f.want(usageOff)
}

// Sources have rows of their own, and a month follows the other.
func TestUsageOfTwoSources(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	december := time.Date(2026, 12, 1, 1, 0, 0, 0, time.UTC)
	for _, source := range []string{"a", "b"} {
		f.sync(30, source, thing(1, observed(10, at(30, 1))))
		f.sync(30, source, thing(1, observed(15, december)))
	}
	f.want(usageByTariff, "a|11-30 00:00|small|1|0", "a|12-01 00:00|small|1|5", "b|11-30 00:00|small|1|0", "b|12-01 00:00|small|1|5")
	f.want(usageOff)
}
