package load_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"simsync/internal/load"
	"simsync/internal/transform"
)

func TestFirstLoad(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	odd := sim(2, func(r *transform.Row) {
		r.Flags, r.Extra = []transform.Flag{transform.FlagICCIDLuhn, transform.FlagIMEIRejected}, []byte(`{"colour":"red","n":1e3}`)
		r.Pairs = nil
	})
	counts := f.sync(1, "flolive", sim(1), odd)
	wantCounts(t, counts, load.Counts{Records: 2, Inserted: 2})
	counts = f.sync(1, "iotx", thing(1, nickname("pump")))
	wantCounts(t, counts, load.Counts{Records: 1, Inserted: 1})

	f.want(`SELECT source, right(subscriber_id, 4), physical_id, kind, iccid, status, provider_status, nickname, flags::text, extra, first_seen_at, changed_at, removed_at
		FROM fleet.subscriber ORDER BY source, subscriber_id`,
		`flolive|0001|-|cellular|8944000000000000001|active|ACTIVE|-|{}|-|11-01 02:00|11-01 02:00|-`,
		`flolive|0002|-|cellular|8944000000000000002|active|ACTIVE|-|{iccid_luhn,imei_rejected}|{"colour":"red","n":1000}|11-01 02:00|11-01 02:00|-`,
		`iotx|0001|8901000000000000001|cellular|8901000000000000001|active|-|pump|{}|-|11-01 02:00|11-01 02:00|-`)
	f.want(`SELECT s.source, ordinal, imsi, msisdn, is_last_active FROM fleet.subscriber_imsi i JOIN fleet.subscriber s USING (subscriber_key) ORDER BY s.source, imsi`,
		`flolive|0|234000000000001|447700000001|true`, `flolive|1|901200000000001|-|false`, `iotx|0|234100000000001|-|true`)
	f.want(`SELECT operator_code, operator_name, tariff_name, line_rental_minor, connected_at, is_active, is_barred FROM fleet.contract`,
		`op|-|small|-|05-01 00:00|true|-`)
	f.want(`SELECT count(*) FROM fleet.subscriber_history`, "0")
}

var (
	customerA = uuid.MustParse("aaaaaaaa-0000-4000-8000-000000000001")
	customerB = uuid.MustParse("bbbbbbbb-0000-4000-8000-000000000002")
)

// It runs beside no other test: WAL is the server's.
func TestUnchangedWritesNothing(t *testing.T) {
	f := newFleet(t)
	rows := append(fleetOf(1, 2000, sim), sim(2001, customer(customerA, "Acme")))
	things := append(fleetOf(1, 1000, thing), thing(1001, childOf(thing(1), true)))
	f.sync(1, "flolive", rows...)
	f.sync(1, "iotx", things...)
	before := f.physical()
	var wal, after int64
	if err := f.conn.QueryRow(t.Context(), `SELECT pg_current_wal_insert_lsn() - '0/0'`).Scan(&wal); err != nil {
		t.Fatal(err)
	}
	wantCounts(t, f.sync(2, "flolive", rows...), load.Counts{Records: 2001, Unchanged: 2001})
	wantCounts(t, f.sync(2, "iotx", things...), load.Counts{Records: 1001, Unchanged: 1001})
	if err := f.conn.QueryRow(t.Context(), `SELECT pg_current_wal_insert_lsn() - '0/0'`).Scan(&after); err != nil {
		t.Fatal(err)
	}
	// Two runs in the ledger, and what temporary tables leave in the catalogue.
	if grown := after - wal; grown > 600_000 {
		t.Errorf("two syncs without a change wrote %d bytes of WAL", grown)
	} else {
		t.Logf("%d bytes of WAL", grown)
	}
	if diff := cmp.Diff(before, f.physical()); diff != "" {
		t.Errorf("rows were written (-before +after):\n%s", diff)
	}
}

func TestHistoryOfChangeRemovalAndReturn(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1), thing(2))
	key := f.lines(`SELECT subscriber_key FROM fleet.subscriber WHERE iccid LIKE '%1'`)[0]
	wantCounts(t, f.sync(2, "iotx", thing(1, nickname("pump"), pairs(), tariff("large")), thing(2)), load.Counts{Records: 2, Updated: 1, Unchanged: 1})
	wantCounts(t, f.sync(3, "iotx", thing(2)), load.Counts{Records: 1, Unchanged: 1, Removed: 1})
	f.want(`SELECT changed_at, removed_at FROM fleet.subscriber WHERE iccid LIKE '%1'`, "11-03 02:00|11-03 02:00")
	wantCounts(t, f.sync(4, "iotx", thing(2)), load.Counts{Records: 1, Unchanged: 1})
	// Back as it was when it went.
	wantCounts(t, f.sync(5, "iotx", thing(1, nickname("pump"), pairs(), tariff("large")), thing(2)), load.Counts{Records: 2, Updated: 1, Unchanged: 1})

	f.want(`SELECT subscriber_key::text = '`+key+`', nickname, first_seen_at, changed_at, removed_at FROM fleet.subscriber WHERE iccid LIKE '%1'`,
		"true|pump|11-01 02:00|11-05 02:00|-")
	f.want(`SELECT h.valid_from, h.valid_to, h.nickname, h.removed_at, h.imsi_pairs, h.contract->>'tariff_name', h.contract ? 'subscriber_key', r.started_at
		FROM fleet.subscriber_history h JOIN sync.run r ON r.run_id = h.run_id AND r.source = h.source ORDER BY h.valid_from`,
		`11-01 02:00|11-02 02:00|-|-|[{"imsi":"234100000000001","is_last_active":true,"msisdn":null}]|small|false|11-02 01:00`,
		`11-02 02:00|11-03 02:00|pump|-|[]|large|false|11-03 01:00`,
		`11-03 02:00|11-05 02:00|pump|11-03 02:00|[]|large|false|11-05 01:00`)
}

// A version of a floLIVE subscriber has no contract, and its pairs are in order.
func TestHistoryOfFloLIVE(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1))
	f.sync(2, "flolive", sim(1, status(transform.StatusSuspended)))
	f.want(`SELECT status, imsi_pairs, contract FROM fleet.subscriber_history`,
		`active|[{"imsi":"234000000000001","is_last_active":true,"msisdn":"447700000001"},{"imsi":"901200000000001","is_last_active":false,"msisdn":null}]|-`)
}

// The versions' time grows though the clock went back, or they could not be told apart.
func TestClockThatWentBack(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(5, "flolive", sim(1))
	f.sync(2, "flolive", sim(1, nickname("a")))
	f.sync(2, "flolive")
	f.want(`SELECT valid_to - valid_from FROM fleet.subscriber_history ORDER BY valid_from`, "{1 0 0 true}", "{1 0 0 true}")
	f.want(`SELECT removed_at = changed_at, changed_at - first_seen_at FROM fleet.subscriber`, "true|{2 0 0 true}")
}

func TestChildrenOfTheChangedAlone(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	pair := func(imsi string, active bool) transform.Pair {
		return transform.Pair{IMSI: transform.IMSI(imsi), IsLastActive: active}
	}
	a, b, c, d := pair("234000000000001", true), pair("234000000000002", false), pair("234000000000003", false), pair("234000000000004", false)
	f.sync(1, "flolive", sim(1, pairs(a, b, c)), sim(2))
	where := `SELECT ordinal, i.ctid::text FROM fleet.subscriber_imsi i JOIN fleet.subscriber USING (subscriber_key) WHERE iccid LIKE '%1' ORDER BY ordinal`
	before := f.lines(where)
	others := `SELECT i.ctid::text, i.xmin::text, i.xmax::text FROM fleet.subscriber_imsi i JOIN fleet.subscriber USING (subscriber_key) WHERE iccid LIKE '%2' ORDER BY ordinal`
	untouched := f.lines(others)

	f.sync(2, "flolive", sim(1, pairs(a, d)), sim(2)) // the second is another, the third is gone
	f.want(`SELECT ordinal, imsi, is_last_active FROM fleet.subscriber_imsi JOIN fleet.subscriber USING (subscriber_key) WHERE iccid LIKE '%1' ORDER BY ordinal`,
		"0|234000000000001|true", "1|234000000000004|false")
	after := f.lines(where)
	if after[0] != before[0] || after[1] == before[1] {
		t.Errorf("pairs stood at %q and stand at %q: the first should have stayed, the second moved", before, after)
	}
	f.sync(3, "flolive", sim(1, pairs(a, d, b, c)), sim(2)) // two are new
	if now := f.lines(where); len(now) != 4 || !cmp.Equal(now[:2], after) {
		t.Errorf("pairs stood at %q and stand at %q", after, now)
	}
	f.sync(4, "flolive", sim(1, pairs()), sim(2))
	if now := f.lines(where); len(now) != 0 {
		t.Errorf("all pairs gone, %q left", now)
	}
	if diff := cmp.Diff(untouched, f.lines(others)); diff != "" {
		t.Errorf("the pairs of an unchanged subscriber were written:\n%s", diff)
	}
}

func TestContractChanges(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1), thing(2))
	stood := `SELECT k.ctid::text FROM fleet.contract k JOIN fleet.subscriber USING (subscriber_key) WHERE iccid LIKE '%1'`
	before := f.lines(stood)
	f.sync(2, "iotx", thing(1, nickname("pump")), thing(2))
	f.want(stood, before...)
	wantCounts(t, f.sync(3, "iotx", thing(1, nickname("pump"), tariff("large")), thing(2)), load.Counts{Records: 2, Updated: 1, Unchanged: 1})
	f.want(`SELECT right(iccid, 1), tariff_name FROM fleet.contract JOIN fleet.subscriber USING (subscriber_key) ORDER BY 1`, "1|large", "2|small")
	f.want(`SELECT contract->>'tariff_name' FROM fleet.subscriber_history ORDER BY valid_from`, "small", "small")
	f.sync(4, "iotx", thing(1, nickname("pump"), tariff("medium")), thing(2))
	f.want(`SELECT contract->>'tariff_name' FROM fleet.subscriber_history ORDER BY valid_from`, "small", "small", "large")
}

// The identity takes any spelling of a physicalId; the row has the provider's last.
func TestRespelledPhysicalID(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1))
	spaced := func(r *transform.Row) { r.PhysicalID = "8901 0000 0000 0000 001" }
	wantCounts(t, f.sync(2, "iotx", thing(1, spaced)), load.Counts{Records: 1, Updated: 1})
	wantCounts(t, f.sync(3, "iotx", thing(1, spaced)), load.Counts{Records: 1, Unchanged: 1})
	f.want(`SELECT physical_id, iccid FROM fleet.subscriber`, "8901 0000 0000 0000 001|8901000000000000001")
}

func TestOneSourceLeavesTheOthersAlone(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "east", sim(1), sim(2))
	f.sync(1, "west", sim(1), sim(3))
	wantCounts(t, f.sync(2, "east"), load.Counts{Removed: 2})
	f.want(`SELECT source, right(iccid, 1), removed_at IS NULL FROM fleet.subscriber ORDER BY 1, 2`, "east|1|false", "east|2|false", "west|1|true", "west|3|true")
}

// A promote is made to fail at each table that it writes.
func TestFailedPromoteLeavesAllAsItWas(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.exec(`CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = '53100'; END $$`)
	for _, table := range []string{
		"fleet.subscriber", "fleet.subscriber_imsi", "fleet.contract", "fleet.subscriber_history", "fleet.network_state", "fleet.customer",
		"sync.reject", "sync.walk",
	} {
		t.Run(table, func(t *testing.T) {
			f := f.within(t)
			f.sync(1, table, thing(1), thing(2), thing(3))
			f.exec(`CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON ` + table + ` FOR EACH ROW EXECUTE FUNCTION public.refuse()`)
			before := f.contents()
			n := f.night(2, table)
			n.walk("all").add(thing(1, tariff("large"), customer(customerA, "Acme")), thing(2, observed(7, dawn(2))), thing(4)).
				reject(transform.Reject{Whole: true, Reason: "no physicalId", Record: []byte(`{}`)})
			if _, err := n.tryPromote(); err == nil || !strings.Contains(err.Error(), "promote source "+table+": ") || !strings.Contains(err.Error(), "no room") {
				t.Errorf("promote: %v", err)
			}
			if diff := cmp.Diff(before, f.contents()); diff != "" {
				t.Errorf("something was left (-before +after):\n%s", diff)
			}
			f.want(`SELECT records, (SELECT count(*) FROM sync.walk w WHERE w.run_id = r.run_id), (SELECT count(*) FROM sync.reject j WHERE j.run_id = r.run_id)
				FROM sync.run r WHERE source = '`+table+`' ORDER BY started_at`, "3|1|0", "-|0|0")
			f.exec(`DROP TRIGGER refuse ON ` + table)
			wantCounts(t, f.sync(3, table, thing(1), thing(2), thing(4)), load.Counts{Records: 3, Inserted: 1, Unchanged: 2, Removed: 1})
		})
	}
}

func TestCancelledPromoteLeavesAllAsItWas(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1))
	// Somebody keeps the row that the promote is to change; it is cancelled waiting.
	holder := f.connect()
	if _, err := holder.Exec(t.Context(), `BEGIN; SELECT FROM fleet.subscriber FOR UPDATE`); err != nil {
		t.Fatal(err)
	}
	n := f.night(2, "flolive")
	n.walk("all").add(sim(1, nickname("a")), sim(2))
	if _, err := n.session.Promote(f.untilWaiting(), n.promotion); !errors.Is(err, context.Canceled) {
		t.Errorf("promote: %v", err)
	}
	n.session.Close()
	if _, err := holder.Exec(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	f.awaitUnlocked()
	f.want(`SELECT right(iccid, 1), nickname, (SELECT count(*) FROM fleet.subscriber_history) FROM fleet.subscriber`, "1|-|0")
	wantCounts(t, f.sync(3, "flolive", sim(1)), load.Counts{Records: 1, Unchanged: 1})
}
