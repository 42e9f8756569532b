package migrations

import (
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// What the data dictionary reads from the catalogue. Analysts may read all of it.

// relation is a table or view of fleet; months are none.
type relation struct {
	OID     uint32
	Name    string
	IsView  bool
	Comment string
}

func (r relation) kind() string {
	if r.IsView {
		return " (view)"
	}
	return ""
}

// relations are in the order of the alphabet, as psql lists them.
func (d *dictionary) relations() []relation {
	d.Helper()
	return found(d, pgx.RowToStructByPos[relation], `
		SELECT oid, relname, relkind = 'v', obj_description(oid, 'pg_class')
		FROM pg_class
		WHERE relnamespace = 'fleet'::regnamespace AND relkind IN ('r', 'p', 'v') AND NOT relispartition
		ORDER BY relname COLLATE "C"`)
}

func (d *dictionary) columns(r relation) []commented {
	d.Helper()
	return found(d, pgx.RowToStructByPos[commented], `
		SELECT $2::text, attname, replace(format_type(atttypid, NULL), 'timestamp with time zone', 'timestamptz'), $3::boolean, attnotnull, col_description(attrelid, attnum)
		FROM pg_attribute
		WHERE attrelid = $1 AND attnum > 0 AND NOT attisdropped
		ORDER BY attnum`, r.OID, r.Name, r.IsView)
}

// rules are the keys, checks and indexes of a relation in words: the columns that each is
// of, and what it is for.
func (d *dictionary) rules(r relation) []string {
	d.Helper()
	return found(d, pgx.RowTo[string], `
		WITH named AS (
			SELECT k.oid, k.contype, k.conname, obj_description(k.oid, 'pg_constraint') AS said, k.confrelid,
				(SELECT string_agg(a.attname, ', ' ORDER BY c.place)
				 FROM unnest(k.conkey) WITH ORDINALITY AS c (attnum, place) JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.attnum) AS columns
			FROM pg_constraint k
			WHERE k.conrelid = $1
		)
		SELECT line
		FROM (
			SELECT CASE contype WHEN 'p' THEN 0 WHEN 'u' THEN 1 WHEN 'f' THEN 2 ELSE 3 END, conname::text,
				format(CASE contype WHEN 'p' THEN 'Primary key (%1$s): %3$s' WHEN 'u' THEN 'Unique (%1$s): %3$s' WHEN 'f' THEN 'Foreign key (%1$s) to %2$s: %3$s'
					ELSE 'Check of %1$s: %3$s' END, format('`+"`%s`"+`', replace(columns, ', ', '`+"`, `"+`')), format('`+"`%s`"+`', confrelid::regclass), said)
			FROM named
			WHERE contype IN ('p', 'u', 'f', 'c', 'x')
			UNION ALL
			SELECT 4, i.indexrelid::regclass::text,
				format('%s (%s)%s: %s', CASE WHEN i.indisunique THEN 'Unique index' ELSE 'Index' END,
					(SELECT string_agg(format('`+"`%s`"+`', pg_get_indexdef(i.indexrelid, n, true)), ', ' ORDER BY n) FROM generate_series(1, i.indnkeyatts) n),
					' where `+"`' || trim(pg_get_expr(i.indpred, i.indrelid, true), '()') || '`"+`', obj_description(i.indexrelid, 'pg_class'))
			FROM pg_index i
			WHERE i.indrelid = $1
			  AND NOT EXISTS (SELECT FROM named WHERE contype IN ('p', 'u', 'x') AND oid IN (SELECT k.oid FROM pg_constraint k WHERE k.conindid = i.indexrelid))
		) r (rank, name, line)
		ORDER BY rank, name COLLATE "C"`, r.OID)
}

type function struct{ Name, Arguments, Result, Comment string }

func (d *dictionary) functions() []function {
	d.Helper()
	return found(d, pgx.RowToStructByPos[function], `
		SELECT proname, replace(pg_get_function_arguments(oid), 'timestamp with time zone', 'timestamptz'),
			replace(replace(pg_get_function_result(oid), 'SETOF', 'rows of'), 'timestamp with time zone', 'timestamptz'), obj_description(oid, 'pg_proc')
		FROM pg_proc
		WHERE pronamespace = 'fleet'::regnamespace
		ORDER BY proname COLLATE "C"`)
}

// link ties two relations: each row of from may have one of to. The marks are Mermaid's.
type link struct{ To, From, Marks, Label string }

// unstated are the links that no constraint states, each with why it states none.
var unstated = []struct {
	link
	why string
}{
	{link{"customer", "subscriber", "|o--o{", "source, customer_id"}, "a customer is known by what its subscribers' records call it"},
	{link{"run", "subscriber_history", "|o--o{", "run_id, source"}, "runs are kept for a time only, and a nickname's command is none"},
	{link{"run", "walk", "||--o{", "run_id, source"}, "both are views"},
	{link{"run", "change", "|o--o{", "run_id, source"}, "as subscriber_history, of which it is a view"},
	{link{"subscriber", "esim_profile", "|o--o{", "source, subscriber_id, iccid"}, "a profile may be told of before its subscriber, or without it"},
	{link{"data_usage", "daily_usage", "||--||", "subscriber_key, day"}, "a view: what was used since the day before"},
	{link{"subscriber", "sim", "||--o|", "subscriber_key"}, "a view: the live ones"},
	{link{"subscriber", "change", "||--o{", "subscriber_key"}, "a view: what changed"},
	{link{"subscriber", "subscriber_version", "||--|{", "subscriber_key"}, "a view: one version is in force"},
}

// diagram shows the keys of the tables and what ties them, and tells of the links that
// the catalogue does not know.
func (d *dictionary) diagram(relations []relation) {
	d.Helper()
	d.print("\n## Diagram\n\n```mermaid\nerDiagram\n    direction LR")
	for _, l := range d.stated() {
		d.print("    %s %s %s : %q", l.To, l.Marks, l.From, l.Label)
	}
	for _, l := range unstated {
		d.print("    %s %s %s : %q", l.To, dotted(l.Marks), l.From, l.Label)
	}
	for _, r := range relations {
		if keys := d.keys(r); len(keys) > 0 {
			d.print("    %s {\n        %s\n    }", r.Name, strings.Join(keys, "\n        "))
		}
	}
	d.print("```\n\nWhole lines are foreign keys. Dotted ones no constraint states:\n")
	for _, l := range unstated {
		for _, name := range []string{l.To, l.From} {
			if !slices.ContainsFunc(relations, func(r relation) bool { return r.Name == name }) {
				d.Errorf("a link of fleet.%s, which is not there", name)
			}
		}
		d.item(fmt.Sprintf("`fleet.%s` to `fleet.%s` by `%s`: %s.", l.From, l.To, strings.ReplaceAll(l.Label, ", ", "`, `"), l.why))
	}
}

// dotted are the marks of a link that is not a foreign key.
func dotted(marks string) string { return strings.Replace(marks, "--", "..", 1) }

// stated are the foreign keys. One that is a whole primary key too is of one row at most.
func (d *dictionary) stated() []link {
	d.Helper()
	return found(d, pgx.RowToStructByPos[link], `
		SELECT p.relname, c.relname,
			CASE WHEN bool_and(a.attnotnull) THEN '||--' ELSE '|o--' END ||
			CASE WHEN EXISTS (SELECT FROM pg_constraint u WHERE u.conrelid = k.conrelid AND u.contype IN ('p', 'u') AND u.conkey <@ k.conkey) THEN 'o|' ELSE 'o{' END,
			string_agg(a.attname, ', ' ORDER BY array_position(k.conkey, a.attnum))
		FROM pg_constraint k
		JOIN pg_class c ON c.oid = k.conrelid
		JOIN pg_class p ON p.oid = k.confrelid
		JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
		WHERE k.contype = 'f' AND k.conparentid = 0 AND k.connamespace = 'fleet'::regnamespace
		GROUP BY k.oid, k.conname, k.conrelid, k.conkey, c.relname, p.relname
		ORDER BY p.relname COLLATE "C", c.relname COLLATE "C", k.conname COLLATE "C"`)
}

// keys are the columns of a table's keys as Mermaid writes attributes.
func (d *dictionary) keys(r relation) []string {
	d.Helper()
	return found(d, pgx.RowTo[string], `
		SELECT concat_ws(' ', replace(format_type(a.atttypid, NULL), 'timestamp with time zone', 'timestamptz'), a.attname, string_agg(DISTINCT upper(k.contype::text) || 'K', ', '))
		FROM pg_attribute a
		JOIN pg_constraint k ON k.conrelid = a.attrelid AND a.attnum = ANY (k.conkey) AND k.contype IN ('p', 'u', 'f')
		WHERE a.attrelid = $1
		GROUP BY a.attnum, a.attname, a.atttypid
		ORDER BY a.attnum`, r.OID)
}

func found[T any](d *dictionary, read pgx.RowToFunc[T], sql string, args ...any) []T {
	d.Helper()
	rows, err := d.conn.Query(d.Context(), sql, args...)
	if err != nil {
		d.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, read)
	if err != nil {
		d.Fatal(err)
	}
	return all
}
