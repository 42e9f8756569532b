package house

import (
	"fmt"
	"path"
	"regexp"
	"strings"
)

// usedFrom is the first migration that meets databases in use.
const usedFrom = "00005"

// checkMigrations: a migration meets a full database, with readers and writers in it and views of the analysts' own on top. It adds, and
// where it must build or check, it does so beside them. What a migration puts together at run time is not seen here.
func checkMigrations(t *tree) []finding {
	var all []finding
	for _, file := range t.texts {
		if path.Dir(file.path) == "migrations" && path.Ext(file.path) == ".sql" && path.Base(file.path) >= usedFrom && path.Base(file.path) < "1" {
			all = append(all, newMigration(file).check()...)
		}
	}
	return all
}

// migration is the way up of one, in statements.
type migration struct {
	path          string
	inTransaction bool
	statements    []sqlStatement
	made          map[string]bool // tables that it makes itself, which nobody uses yet
}

// sqlStatement is one with single spaces, without comments, texts and the bodies of functions.
type sqlStatement struct {
	line int
	text string
}

var tableMade = regexp.MustCompile(`(?i)\bCREATE TABLE (?:IF NOT EXISTS )?([\w.]+)`)

func newMigration(file textFile) migration {
	before, up, _ := strings.Cut(file.text, "-- +goose Up\n")
	up, _, _ = strings.Cut(up, "-- +goose Down\n")
	m := migration{
		path: file.path, inTransaction: !strings.Contains(before+up, "-- +goose NO TRANSACTION"),
		statements: statementsOf(up, strings.Count(before, "\n")+2), made: make(map[string]bool),
	}
	for _, s := range m.statements {
		for _, made := range tableMade.FindAllStringSubmatch(s.text, -1) {
			m.made[made[1]] = true
		}
	}
	return m
}

// piece is what matters to the end of a statement: a comment, a text, the mark around a body, a semicolon.
var piece = regexp.MustCompile(`(?s)--[^\n]*|'(?:[^']|'')*'|\$\w*\$|;`)

// statementsOf takes SQL apart. The body of a DO runs with the migration, so its statements count as well; that of a function does not.
func statementsOf(text string, line int) []sqlStatement {
	var all []sqlStatement
	var b strings.Builder
	began := line
	end := func() {
		if words := strings.Fields(b.String()); len(words) > 0 {
			all = append(all, sqlStatement{began, strings.Join(words, " ")})
		}
		b.Reset()
	}
	for text != "" {
		at := piece.FindStringIndex(text)
		if at == nil {
			at = []int{len(text), len(text)}
		}
		found, skipped := text[at[0]:at[1]], at[1]
		if strings.TrimSpace(b.String()) == "" { // it begins here, past the blanks before it
			began = line + strings.Count(text[:at[0]], "\n") - strings.Count(strings.TrimLeft(text[:at[0]], " \n"), "\n")
		}
		b.WriteString(text[:at[0]])
		switch {
		case found == ";":
			end()
		case strings.HasPrefix(found, "'"):
			b.WriteString("''")
		case strings.HasPrefix(found, "$") && !isDo(b.String()) && strings.Contains(text[at[1]:], found):
			skipped += strings.Index(text[at[1]:], found) + len(found)
		}
		line += strings.Count(text[:skipped], "\n")
		text = text[skipped:]
	}
	end()
	return all
}

// isDo recognises a block that runs at once, or the rest of one: no statement but CREATE FUNCTION has a body otherwise.
func isDo(begun string) bool {
	return !regexp.MustCompile(`(?i)\bCREATE (OR REPLACE )?(FUNCTION|PROCEDURE)\b`).MatchString(begun)
}

// ban is what must not be in a statement, unless something else is.
type ban struct {
	what, unless *regexp.Regexp
	why          string
}

func banned(what, unless, why string) ban {
	b := ban{what: regexp.MustCompile(`(?i)` + what), why: why}
	if unless != "" {
		b.unless = regexp.MustCompile(`(?i)` + unless)
	}
	return b
}

// bans are on statements about tables that are in use.
var bans = []ban{
	banned(`\bALTER (COLUMN )?\w+ (SET DATA )?TYPE\b`, ``, "rewrites the table, with everybody kept out: add a column and fill it"),
	banned(`\bSET NOT NULL\b`, ``, "reads the whole table, with everybody kept out: add a CHECK that is NOT VALID, and validate it in the next migration"),
	banned(`\bADD (COLUMN )?(IF NOT EXISTS )?\w+ [^,]*\bNOT NULL\b`, `\bDEFAULT\b`, "a column that is NOT NULL without a default fails where there are rows"),
	banned(`\bADD (COLUMN )?(IF NOT EXISTS )?\w+ [^,]*\b(DEFAULT|GENERATED)\b`, `\bDEFAULT (''|-?[0-9.]+|true|false|null)(::[\w\[\]]+)?( NOT NULL)?( ?,.*)?$`,
		"a default that is no constant rewrites the table, with everybody kept out"),
	banned(`\b(ADD|REFERENCES)\b.*\b(FOREIGN KEY|CHECK|REFERENCES)\b`, `\bNOT VALID\b`, "reads the whole table, with writers kept out: NOT VALID, and VALIDATE CONSTRAINT in the next migration"),
	banned(`\bADD (CONSTRAINT \w+ )?(UNIQUE|PRIMARY KEY|EXCLUDE)\b`, `\bUSING INDEX\b`, "builds an index, with everybody kept out: build it CONCURRENTLY, and add it USING INDEX"),
	// A partitioned table has no concurrent build; one of this kind is a single reading.
	banned(`\bCREATE (UNIQUE )?INDEX\b`, `\bCONCURRENTLY\b|\bUSING brin\b`, "keeps writers out while it builds: CREATE INDEX CONCURRENTLY, in a migration of its own (-- +goose NO TRANSACTION)"),
	banned(`\b(CLUSTER|VACUUM FULL|TRUNCATE|LOCK TABLE|REINDEX)\b`, `\bREINDEX .*CONCURRENTLY\b|\bIN SHARE MODE\b`, "keeps everybody out"),
	banned(`\bDROP (TABLE|VIEW|MATERIALIZED VIEW|FUNCTION|SCHEMA) (IF EXISTS )?fleet\b`, ``, "is published: analysts' own views and queries are made of it"),
	banned(`\bALTER (TABLE|VIEW|FUNCTION) (IF EXISTS )?(ONLY )?fleet\.\w+ .*\b(DROP COLUMN|RENAME)\b`, ``, "is published: analysts' own views and queries are made of it"),
}

var (
	subject   = regexp.MustCompile(`(?i)\b(?:ALTER TABLE (?:IF EXISTS )?(?:ONLY )?|CREATE (?:UNIQUE )?INDEX (?:\w+ )?ON )([\w.]+)`)
	built     = regexp.MustCompile(`(?i)\bCREATE (?:UNIQUE )?INDEX CONCURRENTLY (?:IF NOT EXISTS )?(\w+)`)
	cleared   = regexp.MustCompile(`(?i)\bDROP INDEX CONCURRENTLY IF EXISTS (?:\w+\.)?(\w+)`)
	validates = regexp.MustCompile(`(?i)\bVALIDATE CONSTRAINT\b`)
)

func (m migration) check() []finding {
	var all []finding
	report := func(s sqlStatement, what string) {
		start := s.text
		if len(start) > 60 {
			start = start[:60] + "..."
		}
		all = append(all, finding{fmt.Sprintf("%s:%d", m.path, s.line), start + ": " + what})
	}
	gone := make(map[string]bool)
	for _, s := range m.statements {
		for _, why := range m.breaches(s) {
			report(s, why)
		}
		if c := cleared.FindStringSubmatch(s.text); c != nil {
			gone[c[1]] = true
		}
		if b := built.FindStringSubmatch(s.text); b != nil && !gone[b[1]] {
			report(s, "a build that broke off leaves an invalid index of that name: DROP INDEX CONCURRENTLY IF EXISTS goes before it")
		}
	}
	return all
}

// breaches are what is wrong with a statement by itself.
func (m migration) breaches(s sqlStatement) []string {
	var all []string
	if m.inTransaction && regexp.MustCompile(`(?i)\bINDEX CONCURRENTLY\b`).MatchString(s.text) {
		all = append(all, "CONCURRENTLY is nothing for a transaction: -- +goose NO TRANSACTION")
	}
	if m.inTransaction && validates.MatchString(s.text) && m.addsNotValid() {
		all = append(all, "what was added NOT VALID is validated in the next migration: here its lock is still held")
	}
	if of := subject.FindStringSubmatch(s.text); of != nil && m.made[of[1]] || tableMade.MatchString(s.text) {
		return all
	}
	for _, clause := range clausesOf(s.text) {
		for _, b := range bans {
			if b.what.MatchString(clause) && (b.unless == nil || !b.unless.MatchString(clause)) {
				all = append(all, b.why)
			}
		}
	}
	return all
}

var nextClause = regexp.MustCompile(`(?i), ((?:ADD|ALTER|DROP|VALIDATE)\b)`)

// clausesOf takes an ALTER TABLE apart: what one clause says excuses no other.
func clausesOf(text string) []string {
	of := subject.FindStringSubmatch(text)
	if of == nil || !strings.HasPrefix(strings.ToUpper(text), "ALTER TABLE") {
		return []string{text}
	}
	return strings.Split(nextClause.ReplaceAllString(text, "\nALTER TABLE "+of[1]+" $1"), "\n")
}

func (m migration) addsNotValid() bool {
	for _, s := range m.statements {
		if strings.Contains(strings.ToUpper(s.text), "NOT VALID") {
			return true
		}
	}
	return false
}
