package load_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/load"
)

// manySims are enough for a load without indexes.
var manySims = fleetOf(1, 5000, sim)

// catalogue is every index and constraint of the fleet with its comment.
const catalogue = `
	SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid), c.convalidated, obj_description(c.oid, 'pg_constraint')
	FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname IN ('fleet', 'public') AND c.contype IN ('p', 'u', 'f', 'c')
	UNION ALL
	SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisvalid, obj_description(i.indexrelid, 'pg_class')
	FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'fleet'
	ORDER BY 1, 2`

// indexes tells by their numbers whether the indexes are the same or made anew.
const indexes = `SELECT i.indexrelid::regclass::text, i.indexrelid::text FROM pg_index i
	WHERE indrelid IN ('fleet.subscriber'::regclass, 'fleet.subscriber_imsi'::regclass, 'fleet.contract'::regclass) ORDER BY 1`

// wantBare runs a load, and wants every index made anew, or none.
func (f *fleet) wantBare(want bool, load func()) {
	f.Helper()
	before, made := f.lines(indexes), f.lines(catalogue)
	load()
	after := f.lines(indexes)
	anew := 0
	for i := range before {
		if before[i] != after[i] {
			anew++
		}
	}
	if want && anew != len(before) || !want && anew > 0 {
		f.Errorf("%d of %d indexes made anew:\n%s", anew, len(before), cmp.Diff(before, after))
	}
	if diff := cmp.Diff(made, f.lines(catalogue)); diff != "" {
		f.Errorf("indexes and constraints (-before +after):\n%s", diff)
	}
}

func TestBareLoadLeavesTheSchemaAsItWas(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	// A DBA has added an index, a foreign key of another's table, and comments.
	f.exec(`CREATE INDEX "an odd Name" ON fleet.subscriber (lower(nickname)) WHERE nickname <> 'a%s''b'`)
	f.exec(`COMMENT ON INDEX fleet."an odd Name" IS 'it''s ours'`)
	f.exec(`COMMENT ON CONSTRAINT subscriber_pkey ON fleet.subscriber IS 'the key'`)
	f.exec(`COMMENT ON INDEX fleet.subscriber_pkey IS 'its index'`)
	f.exec(`CREATE TABLE public.note (subscriber_key bigint REFERENCES fleet.subscriber ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED)`)
	f.sync(1, "iotx", thing(1, observed(1, at(1, 0))))
	const ofAMonth = `SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint
		WHERE conrelid = 'fleet.data_usage_2026_11'::regclass AND conname = 'data_usage_subscriber_key_fkey'`
	f.want(ofAMonth, "Who was observed is a subscriber that is there.")
	f.wantBare(true, func() { wantCounts(t, f.sync(2, "flolive", manySims...), load.Counts{Records: 5000, Inserted: 5000}) })
	f.want(`SELECT (SELECT count(*) FROM fleet.subscriber), (SELECT count(*) FROM fleet.subscriber_imsi)`, "5001|10001")
	f.want(`SELECT reltuples::int FROM pg_class WHERE oid = 'fleet.subscriber'::regclass`, "5001") // analysed
}

func TestBareLoadOnlyWhereItPays(t *testing.T) {
	t.Parallel()
	t.Run("few are new", func(t *testing.T) {
		t.Parallel()
		f := newFleet(t)
		f.wantBare(false, func() { f.sync(1, "flolive", manySims[:4999]...) })
	})
	t.Run("many are there", func(t *testing.T) {
		t.Parallel()
		f := newFleet(t)
		f.sync(1, "iotx", fleetOf(1, 1251, thing)...)
		f.wantBare(false, func() { f.sync(1, "flolive", manySims...) })
	})
	t.Run("a tenth is there, and changes", func(t *testing.T) {
		t.Parallel()
		f := newFleet(t)
		f.sync(1, "flolive", manySims[:500]...)
		changed := append(fleetOf(2, 500, sim), manySims[500:]...)
		for i := range 499 {
			changed[i] = sim(i+2, nickname("a"), pairs())
		}
		more := append(changed, fleetOf(5001, 5500, sim)...)
		f.wantBare(true, func() {
			wantCounts(t, f.sync(2, "flolive", more...), load.Counts{Records: 5499, Inserted: 5000, Updated: 499, Removed: 1})
		})
	})
}

func TestBareLoadFallsBack(t *testing.T) {
	t.Parallel()
	for name, hinder := range map[string]func(*fleet){
		"a view depends on the primary key": func(f *fleet) {
			f.exec(`CREATE VIEW public.v AS SELECT subscriber_key, iccid FROM fleet.subscriber GROUP BY subscriber_key`)
		},
		"a reader holds a table": func(f *fleet) {
			f.exec(`BEGIN; SELECT FROM fleet.contract`)
		},
		"a writer holds a table that refers to one": func(f *fleet) {
			f.exec(`BEGIN; LOCK TABLE fleet.network_state IN ROW EXCLUSIVE MODE`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFleet(t)
			hinder(f)
			f.wantBare(false, func() { wantCounts(t, f.sync(1, "flolive", manySims...), load.Counts{Records: 5000, Inserted: 5000}) })
		})
	}
}

// An index with settings that its definition does not tell stays.
func TestBareLoadLeavesSpecialIndexes(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.exec(`ALTER INDEX fleet.subscriber_pkey SET (fillfactor = 80)`)
	f.exec(`ALTER TABLE fleet.subscriber CLUSTER ON subscriber_iccid_idx`)
	f.exec(`ALTER TABLE fleet.contract REPLICA IDENTITY USING INDEX contract_pkey`)
	special := `SELECT c.relname, c.oid::text, c.reloptions::text, i.indisclustered, i.indisreplident FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
		WHERE c.relname IN ('subscriber_pkey', 'subscriber_iccid_idx', 'contract_pkey') ORDER BY 1`
	before := f.lines(special)
	others := f.lines(indexes)
	f.sync(1, "flolive", manySims...)
	f.want(special, before...)
	if cmp.Equal(others, f.lines(indexes)) {
		t.Error("no index was made anew")
	}
}

func TestTwoFirstLoadsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	var nights []*night
	for _, source := range []string{"a", "b", "c"} {
		n := f.night(1, source)
		n.walk("all").add(manySims...)
		nights = append(nights, n)
	}
	nights[1].walk("things").add(thing(1, observed(1, at(1, 0))), thing(2, childOf(thing(1), true)))
	before := f.lines(indexes)
	var all sync.WaitGroup
	for _, n := range nights {
		all.Go(func() {
			if _, err := n.tryPromote(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	f.want(`SELECT source, count(*) FROM fleet.subscriber GROUP BY 1 ORDER BY 1`, "a|5000", "b|5002", "c|5000")
	if cmp.Equal(before, f.lines(indexes)) {
		t.Error("each kept the others from taking the indexes off")
	}
}
