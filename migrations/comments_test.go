package migrations

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/jackc/pgx/v5"

	"simsync/internal/localpg"
)

// withMonth is the newest schema with a partition in it: a month's usage is commented as
// the whole is.
func withMonth(t *testing.T) *pgx.Conn {
	t.Helper()
	url := localpg.NewDatabase(t, up)
	exec(t, url, `SELECT sync.make_usage_partition('2026-11-30')`)
	return connect(t, url)
}

// Analysts find their way by comments alone.
func TestEverythingIsCommented(t *testing.T) {
	t.Parallel()
	rows, err := withMonth(t).Query(t.Context(), `
		WITH ours AS (SELECT oid, nspname FROM pg_namespace WHERE nspname IN ('fleet', 'private', 'sync'))
		SELECT 'schema ' || nspname FROM ours WHERE coalesce(obj_description(oid, 'pg_namespace'), '') = ''
		UNION ALL
		SELECT 'relation ' || c.oid::regclass
		FROM pg_class c JOIN ours o ON o.oid = c.relnamespace
		WHERE c.relkind IN ('r', 'p', 'v', 'm') AND coalesce(obj_description(c.oid, 'pg_class'), '') = ''
		UNION ALL
		SELECT 'column ' || c.oid::regclass || '.' || a.attname
		FROM pg_class c JOIN ours o ON o.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relkind IN ('r', 'p', 'v', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND coalesce(col_description(c.oid, a.attnum), '') = ''
		UNION ALL
		SELECT 'function ' || p.oid::regprocedure
		FROM pg_proc p JOIN ours o ON o.oid = p.pronamespace
		WHERE coalesce(obj_description(p.oid, 'pg_proc'), '') = ''
		UNION ALL
		SELECT 'constraint ' || k.conname || ' of ' || k.conrelid::regclass
		FROM pg_constraint k
		WHERE k.connamespace = 'fleet'::regnamespace AND k.contype IN ('p', 'u', 'c', 'x', 'f') AND coalesce(obj_description(k.oid, 'pg_constraint'), '') = ''
		UNION ALL
		SELECT 'index ' || i.indexrelid::regclass
		FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
		WHERE c.relnamespace = 'fleet'::regnamespace AND coalesce(obj_description(c.oid, 'pg_class'), '') = ''
		  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))`)
	if err != nil {
		t.Fatal(err)
	}
	bare, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(bare) > 0 {
		t.Errorf("without a comment:\n%s (%v)", strings.Join(bare, "\n"), err)
	}
}

// commented is a column of fleet with what its comment says.
type commented struct {
	Relation, Column, Type string
	IsView, IsNotNull      bool
	Comment                string
}

func (c commented) String() string { return "fleet." + c.Relation + "." + c.Column + ": " + c.Comment }

// mayBeNull is for a table what the catalogue says, for a view what is listed.
func (c commented) mayBeNull() bool {
	if c.IsView {
		return !slices.Contains(strings.Fields(neverNull[c.Relation]), c.Column)
	}
	return !c.IsNotNull
}

func commentedColumns(t *testing.T) []commented {
	t.Helper()
	rows, err := withMonth(t).Query(t.Context(), `
		SELECT c.relname, a.attname, format_type(a.atttypid, NULL), c.relkind = 'v', a.attnotnull, col_description(c.oid, a.attnum)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'fleet'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped
		ORDER BY c.relname, a.attnum`)
	if err != nil {
		t.Fatal(err)
	}
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[commented])
	if err != nil {
		t.Fatal(err)
	}
	return columns
}

// neverNull are the columns of views that always have a value; the catalogue does not
// know of any. That they have is shown where views meet fleets, in internal/load.
var neverNull = map[string]string{
	"change":             "changed_at source field subscriber_key run_id",
	"daily_usage":        "subscriber_key day data_usage_bytes observed_at",
	"freshness":          "source is_complete attempts_since",
	"kept":               "what",
	"run":                "run_id source command started_at is_whole is_complete is_running",
	"sim":                "subscriber_key source kind status flags first_seen_at changed_at",
	"subscriber_version": "subscriber_key source kind status flags first_seen_at changed_at imsi_pairs",
	"walk":               "run_id source listing verdict is_complete distinct_records repeated started_at finished_at",
}

// The comments of columns say what a reader asks next.
func TestCommentsExplain(t *testing.T) {
	t.Parallel()
	columns := commentedColumns(t)
	t.Run("when it is null", func(t *testing.T) { saysWhenNull(t, columns) })
	t.Run("in which unit", func(t *testing.T) { saysTheUnit(t, columns) })
	t.Run("more than the name", func(t *testing.T) { saysMoreThanTheName(t, columns) })
}

// A column that may be null says when it is, and one that may not does not.
func saysWhenNull(t *testing.T, columns []commented) {
	t.Helper()
	says := regexp.MustCompile(`\b[Nn]ull(:|( where| while| for| at)\b)`)
	for _, c := range columns {
		if says := says.MatchString(c.Comment); says != c.mayBeNull() {
			t.Errorf("it may be null: %v, and the comment says when: %v: %s", c.mayBeNull(), says, c)
		}
	}
}

// units are the words by which a comment says what a number counts or measures.
var units = regexp.MustCompile(`(?i)\b(bytes|pence|months|degrees|records|subscribers|pairs|syncs|how long ago|without unit)\b`)

// A number that is a quantity says its unit; one that is a key, a place, a hash or a code has none.
func saysTheUnit(t *testing.T, columns []commented) {
	t.Helper()
	numbers := []string{"smallint", "integer", "bigint", "numeric", "real", "double precision", "interval"}
	none := regexp.MustCompile(`(_key|_id|^ordinal|_hash|^exit_code)$`)
	for _, c := range columns {
		if slices.Contains(numbers, c.Type) && !none.MatchString(c.Column) && !units.MatchString(c.Comment) {
			t.Errorf("a number without a unit: %s", c)
		}
	}
}

// A comment that only says the name again explains nothing.
func saysMoreThanTheName(t *testing.T, columns []commented) {
	t.Helper()
	rule := regexp.MustCompile(`[;,.] ?[Nn]ull\b`)
	for _, c := range columns {
		known := plainWords(c.Relation + "_" + c.Column)
		meaning := rule.Split(c.Comment, 2)[0]
		if !slices.ContainsFunc(plainWords(meaning), func(word string) bool { return !slices.Contains(known, word) }) {
			t.Errorf("the comment is the name again: %s", c)
		}
	}
}

// plainWords are the words of a text or a name, wire names taken apart, without those
// that mean nothing by themselves.
func plainWords(text string) []string {
	var apart strings.Builder
	for _, r := range text {
		if unicode.IsUpper(r) {
			apart.WriteByte(' ')
		}
		apart.WriteRune(unicode.ToLower(r))
	}
	words := strings.FieldsFunc(apart.String(), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	empty := strings.Fields("a an and as at d e fleet flo i in io is it its l live o of provider s t the v x")
	return slices.DeleteFunc(words, func(word string) bool { return slices.Contains(empty, word) })
}

// The rules above tell good comments from bad ones.
func TestRulesOfComments(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"The subscriber (fleet.subscriber).": "[subscriber subscriber]",
		"IoT-X operatorName.":                "[operator name]",
		"floLIVE offer.id":                   "[offer id]",
		"Names the operator uniquely":        "[names operator uniquely]",
	} {
		if got := fmt.Sprint(plainWords(name)); got != want {
			t.Errorf("plainWords(%q) = %s, want %s", name, got, want)
		}
	}
}
