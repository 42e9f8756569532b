package load_test

import (
	"errors"
	"iter"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/load"
)

// read exports a selection and keeps what came.
func read(t *testing.T, db *load.DB, s load.Selection) (relation load.Relation, rows [][]load.Value) {
	t.Helper()
	err := db.Export(t.Context(), s, func(r load.Relation, all iter.Seq2[[]load.Value, error]) error {
		relation = r
		for values, err := range all {
			if err != nil {
				return err
			}
			rows = append(rows, clone(values))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return relation, rows
}

// clone keeps a row, which the next one would overwrite.
func clone(values []load.Value) []load.Value {
	var kept []load.Value
	for _, v := range values {
		v.Bytes = []byte(string(v.Bytes))
		v.List = clone(v.List)
		kept = append(kept, v)
	}
	return kept
}

const everyType = `CREATE TABLE fleet.every_type (
	id bigint PRIMARY KEY, small smallint, medium integer, float double precision, yes boolean, uuid uuid, at timestamptz, on_day date,
	texts text[], uuids uuid[], object jsonb, text text, address inet, span interval, exact numeric(40, 3), "odd ""name" text);
	COMMENT ON TABLE fleet.every_type IS 'One row per nothing.';
	COMMENT ON COLUMN fleet.every_type.span IS 'How long.'`

func TestExportReadsEveryType(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	ledgerExec(t, db, everyType)
	ledgerExec(t, db, `INSERT INTO fleet.every_type VALUES (9223372036854775807, -32768, 2147483647, 1e-300, true, '01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11',
		'2026-11-21 04:00:00.000001+01', '1969-12-31', '{"a,\"b\"",NULL,""}', '{01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11}', '{"b": [1.50]}', E'\n', '10.0.0.1',
		'1 day 02:03:04', 12345678901234567890.123, 'x'),
		(-1, -1, -1, 'NaN', false, NULL, 'infinity', '-infinity', '{}', NULL, 'null', '', '10.0.0.0/8', '-1 mons', NULL, NULL)`)
	relation, rows := read(t, db, load.Selection{Relation: "every_type"})
	if diff := cmp.Diff("One row per nothing.", relation.Comment); diff != "" {
		t.Error(diff)
	}
	text := func(s string) load.Value { return load.Value{Bytes: []byte(s)} }
	id := load.Value{Bytes: []byte("\x01\xa4\xb3\xf0\x52\xc1\x7a\x63\x9d\x1e\x5b\xe2\xa7\xc4\x0f\x11")}
	null := load.Value{IsNull: true}
	want := [][]load.Value{
		{
			{Int: -1},
			{Int: -1},
			{Int: -1},
			{Float: math.NaN()},
			{},
			null,
			{Int: load.Ever},
			{Int: load.Never},
			{},
			null, text("null"),
			{},
			text("10.0.0.0/8"), text("P-1M"), null, null,
		},
		{
			{Int: math.MaxInt64},
			{Int: math.MinInt16},
			{Int: math.MaxInt32},
			{Float: 1e-300},
			{Int: 1},
			id,
			{Int: 1_795_230_000_000_001},
			{Int: -1},
			{List: []load.Value{text(`a,"b"`), null, {}}},
			{List: []load.Value{text("01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11")}},
			text(`{"b": [1.50]}`),
			text("\n"), text("10.0.0.1"), text("P1DT2H3M4S"), text("12345678901234567890.123"), text("x"),
		},
	}
	same := cmp.Options{
		cmp.Comparer(func(a, b []byte) bool { return string(a) == string(b) }),
		cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b }), //nolint:gocritic // NaN is not itself
		cmp.Transformer("list", func(list []load.Value) string {
			var b strings.Builder
			for _, v := range list {
				b.WriteString(map[bool]string{true: "null;", false: string(v.Bytes) + ";"}[v.IsNull])
			}
			return b.String()
		}),
	}
	for i := range want {
		for k := range want[i] {
			if diff := cmp.Diff(want[i][k], rows[i][k], same); diff != "" {
				t.Errorf("row %d, column %s (-want +got):\n%s", i, relation.Columns[k].Name, diff)
			}
		}
	}
	if c := relation.Columns; !c[0].IsRequired || c[1].IsRequired || c[13].Comment != "How long." || c[6].Type != "timestamp with time zone" {
		t.Errorf("columns: %+v", c)
	}
}

// Rows come by the primary key of a table, or by the subscriber of a view, whatever their
// order in the table; names are quoted, and only what was chosen comes.
func TestExportChooses(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	ledgerExec(t, db, `CREATE TABLE fleet."Odd "" name" (b text, source text, a integer, "SELECT" integer, PRIMARY KEY (a, b));
		INSERT INTO fleet."Odd "" name" VALUES ('z', 'iotx', 2, 5), ('y', 'iotx', 2, 6), ('x', 'flolive', 3, 7), ('z', 'iotx', 1, 8);
		CREATE VIEW fleet.backwards AS SELECT -a AS subscriber_key, b FROM fleet."Odd "" name"`)
	for name, c := range map[string]struct {
		selection load.Selection
		want      []int64
	}{
		"by key":        {load.Selection{Relation: `fleet.Odd " name`, Columns: []string{"SELECT"}}, []int64{8, 6, 5, 7}},
		"of one source": {load.Selection{Relation: `Odd " name`, Columns: []string{"SELECT"}, Source: "iotx"}, []int64{8, 6, 5}},
		"a view":        {load.Selection{Relation: "backwards", Columns: []string{"subscriber_key"}}, []int64{-3, -2, -2, -1}},
	} {
		t.Run(name, func(t *testing.T) {
			_, rows := read(t, db, c.selection)
			var got []int64
			for _, row := range rows {
				got = append(got, row[0].Int)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

// A source may have no rows in a relation, or none yet anywhere; one that nobody knows has
// its name mistyped, and what is known is said.
func TestExportKnowsASourceFromATypo(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	drained := func(_ load.Relation, rows iter.Seq2[[]load.Value, error]) error {
		for _, err := range rows {
			return err
		}
		return nil
	}
	refused := func(s load.Selection, want string) {
		t.Helper()
		if err := db.Export(t.Context(), s, drained); !errors.Is(err, load.ErrNotExported) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", s, err, want)
		}
	}
	refused(load.Selection{Relation: "sim", Source: "iotx"}, `no source is named "iotx"; there is none yet`)
	ledgerExec(t, db, `INSERT INTO sync.run (run_id, source, command, started_at, version) VALUES (gen_random_uuid(), 'synced', 'run', now(), 'test');
		INSERT INTO fleet.subscriber (subscriber_key, source, subscriber_id, iccid, kind, status, flags, first_seen_at, changed_at, removed_at, content_hash)
		VALUES (1, 'loaded', '1', '8944000000000000001', 'cellular', 'active', '{}', now(), now(), now(), 1);
		CREATE VIEW fleet.of_its_own AS SELECT 'made up' AS source`)
	for _, source := range []string{"synced", "loaded", "configured"} {
		_, rows := read(t, db, load.Selection{Relation: "sim", Source: source, Configured: []string{"configured"}})
		if len(rows) != 0 {
			t.Errorf("%s has %d rows", source, len(rows))
		}
	}
	if _, rows := read(t, db, load.Selection{Relation: "of_its_own", Source: "made up"}); len(rows) != 1 {
		t.Errorf("a view's own source has %d rows", len(rows))
	}
	const wanted = "; there are: configured, loaded, synced"
	for _, source := range []string{"TYPO", "Synced", "' OR true OR '"} {
		refused(load.Selection{Relation: "sim", Source: source, Configured: []string{"configured"}}, wanted)
	}
}

// Only what schema fleet has is read: no other schema, no function, index or sequence.
func TestExportRefuses(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	for name, s := range map[string]load.Selection{
		"the ledger":       {Relation: "sync.run"},
		"contacts":         {Relation: "private.contact"},
		"the catalogue":    {Relation: "pg_catalog.pg_authid"},
		"no schema's":      {Relation: "pg_authid"},
		"an index":         {Relation: "subscriber_pkey"},
		"a function":       {Relation: "subscriber_at"},
		"nothing":          {Relation: ""},
		"a schema":         {Relation: "fleet."},
		"SQL":              {Relation: `fleet.sim"; SELECT 1; --`},
		"no such column":   {Relation: "sim", Columns: []string{"iccid", `1 AS "x"`}},
		"a column twice":   {Relation: "sim", Columns: []string{"iccid", "iccid"}},
		"no source's":      {Relation: "contract", Source: "iotx"},
		"a hidden column":  {Relation: "sim", Columns: []string{"ctid"}},
		"letters of other": {Relation: "SIM"},
	} {
		err := db.Export(t.Context(), s, func(load.Relation, iter.Seq2[[]load.Value, error]) error {
			t.Errorf("%s was read", name)
			return nil
		})
		if !errors.Is(err, load.ErrNotExported) {
			t.Errorf("%s: %v, want %v", name, err, load.ErrNotExported)
		}
	}
}

// An export that breaks off at either end is no success, and holds no connection.
func TestExportThatBreaksOff(t *testing.T) {
	t.Parallel()
	db := openLedger(t)
	ledgerExec(t, db, `CREATE VIEW fleet.broken AS SELECT 1 / (3 - n) AS n FROM generate_series(1, 5) n`)
	ledgerExec(t, db, `CREATE VIEW fleet.many AS SELECT n FROM generate_series(1, 10000000) n`)
	err := db.Export(t.Context(), load.Selection{Relation: "broken"}, func(_ load.Relation, rows iter.Seq2[[]load.Value, error]) error {
		for _, err := range rows {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "read fleet.broken") {
		t.Errorf("rows that end in an error: %v", err)
	}
	enough := errors.New("enough")
	err = db.Export(t.Context(), load.Selection{Relation: "many"}, func(_ load.Relation, rows iter.Seq2[[]load.Value, error]) error {
		for _, err := range rows {
			return errors.Join(enough, err)
		}
		return nil
	})
	if !errors.Is(err, enough) {
		t.Errorf("a writer that has enough: %v", err)
	}
}
