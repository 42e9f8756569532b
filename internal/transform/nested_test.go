package transform

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// kin is what a test looks at of a row among its relatives.
type kin struct {
	ID      string
	Top     bool
	Parent  string // the PhysicalID of the parent
	Nested  bool
	Enabled *bool
	Flags   []Flag
	Extra   string
}

func kinOf(b *Batch) []kin {
	names := map[Identity]string{PhysicalIdentity("elsewhere"): "elsewhere"}
	for _, row := range b.Rows {
		names[row.Identity] = row.PhysicalID
	}
	var all []kin
	for _, row := range b.Rows {
		k := kin{ID: row.PhysicalID, Top: row.Top, Flags: row.Flags, Extra: string(row.Extra)}
		if row.Parent != nil {
			k.Parent, k.Nested, k.Enabled = names[row.Parent.Parent], row.Parent.Nested, row.Parent.Enabled
		}
		all = append(all, k)
	}
	return all
}

func TestRelated(t *testing.T) {
	circle := []Flag{FlagParentSelf}
	tests := []struct {
		name, record string
		want         []kin
		refused      []refusal
	}{
		{name: "empty parent", record: `{"physicalId":"s","related":{"parent":{},"profiles":[]}}`, want: []kin{{ID: "s", Top: true}}},
		{name: "parent without a name", record: `{"physicalId":"s","related":{"parent":{"physicalId":"","isEnabledOnParent":true}}}`, want: []kin{{ID: "s", Top: true}}},
		{
			name: "named parent", record: `{"physicalId":"s","related":{"parent":{"physicalId":"elsewhere","isEnabledOnParent":"true"}}}`,
			want: []kin{{ID: "s", Top: true, Parent: "elsewhere", Enabled: new(true)}},
		},
		{
			name: "isEnabled beside a parent", record: `{"physicalId":"s","isEnabled":false,"related":{"parent":{"physicalId":"elsewhere"}}}`,
			want: []kin{{ID: "s", Top: true, Parent: "elsewhere", Enabled: new(false)}},
		},
		{name: "isEnabled without a parent", record: `{"physicalId":"s","isEnabled":"true"}`, want: []kin{{ID: "s", Top: true, Extra: `{"isEnabled":"true"}`}}},
		{
			name: "profiles", record: `{"physicalId":"s","related":{"profiles":[{"physicalId":"p","isEnabled":true},{"physicalId":"q"}]}}`,
			want: []kin{{ID: "s", Top: true}, {ID: "p", Parent: "s", Nested: true, Enabled: new(true)}, {ID: "q", Parent: "s", Nested: true}},
		},
		{
			name: "profiles within a profile", record: `{"physicalId":"s","related":{"profiles":[{"physicalId":"p","related":{"profiles":[{"physicalId":"pp"}]}},{"physicalId":"q"}]}}`,
			want: []kin{{ID: "s", Top: true}, {ID: "p", Parent: "s", Nested: true}, {ID: "pp", Parent: "p", Nested: true}, {ID: "q", Parent: "s", Nested: true}},
		},
		{
			name: "profile that names its parent", record: `{"physicalId":"s","related":{"profiles":[{"physicalId":"p","isEnabled":true,"related":{"parent":{"physicalId":"elsewhere","isEnabledOnParent":false}}}]}}`,
			want: []kin{{ID: "s", Top: true}, {ID: "p", Parent: "elsewhere", Enabled: new(false)}},
		},
		{
			name: "members without a column", record: `{"physicalId":"s","z":1,"related":{"y":2,"parent":{"x":3},"profiles":[{"physicalId":"p","w":4}]}}`,
			want: []kin{{ID: "s", Top: true, Extra: `{"related":{"parent":{"x":3},"y":2},"z":1}`}, {ID: "p", Parent: "s", Nested: true, Extra: `{"w":4}`}},
		},
		{
			name: "own parent", record: `{"physicalId":"8944000000000000001","related":{"parent":{"physicalId":"8944 0000 0000 0000 001F"}}}`,
			want: []kin{{ID: "8944000000000000001", Top: true, Flags: circle}},
		},
		{
			name: "nested in itself", record: `{"physicalId":"s","related":{"profiles":[{"physicalId":"p","related":{"profiles":[{"physicalId":"s"}]}}]}}`,
			want: []kin{{ID: "s", Top: true}, {ID: "p", Parent: "s", Nested: true}, {ID: "s", Flags: circle}},
		},
		{
			name: "parent of its parent", record: `{"physicalId":"s","related":{"parent":{"physicalId":"p"},"profiles":[{"physicalId":"p","related":{"profiles":[{"physicalId":"pp"}]}}]}}`,
			want: []kin{{ID: "s", Top: true, Flags: circle}, {ID: "p", Flags: circle}, {ID: "pp", Parent: "p", Nested: true}},
		},
		{
			name: "circle of profiles", record: `{"physicalId":"s","related":{"profiles":[
				{"physicalId":"a","related":{"parent":{"physicalId":"b"}}},{"physicalId":"b","related":{"parent":{"physicalId":"c"}}},
				{"physicalId":"c","related":{"parent":{"physicalId":"a"}}},{"physicalId":"d","related":{"parent":{"physicalId":"a"}}}]}}`,
			want: []kin{{ID: "s", Top: true}, {ID: "a", Flags: circle}, {ID: "b", Flags: circle}, {ID: "c", Flags: circle}, {ID: "d", Parent: "a"}},
		},
		{
			name: "odd relations", record: `{"physicalId":"s","isEnabled":"?","related":{"parent":"p","profiles":{"physicalId":"p"}}}`,
			want: []kin{{ID: "s", Top: true, Flags: []Flag{FlagIsEnabledRejected, FlagRelatedRejected}}},
			refused: []refusal{
				{false, "related.parent", "not an object"},
				{false, "related.profiles", "not a list"},
				{false, "isEnabled", "neither true nor false"},
			},
		},
		{
			name: "odd parent", record: `{"physicalId":"s","related":{"parent":{"physicalId":true}}}`,
			want:    []kin{{ID: "s", Top: true, Flags: []Flag{FlagRelatedRejected}}},
			refused: []refusal{{false, "related.parent.physicalId", "neither text nor number"}},
		},
		{
			name: "parent's name too long", record: `{"physicalId":"s","related":{"parent":{"physicalId":"` + strings.Repeat("x", 256) + `"}}}`,
			want:    []kin{{ID: "s", Top: true, Flags: []Flag{FlagRelatedRejected}}},
			refused: []refusal{{false, "related.parent.physicalId", "longer than 255 bytes"}},
		},
		{
			name: "odd mark on the parent", record: `{"physicalId":"s","isEnabled":true,"related":{"parent":{"physicalId":"elsewhere","isEnabledOnParent":3}}}`,
			want:    []kin{{ID: "s", Top: true, Parent: "elsewhere", Enabled: new(true), Flags: []Flag{FlagIsEnabledRejected}}},
			refused: []refusal{{false, "related.parent.isEnabledOnParent", "neither true nor false"}},
		},
		{
			name: "profiles that are none", record: `{"physicalId":"s","related":{"profiles":["p",{"imsi":"1"},null,{"physicalId":"q","eid":"x","related":{"profiles":[{"physicalId":[]}]}}]}}`,
			want: []kin{{ID: "s", Top: true}, {ID: "q", Parent: "s", Nested: true, Flags: []Flag{FlagEIDRejected}}},
			refused: []refusal{
				{true, "related.profiles[0]", "not an object"},
				{true, "related.profiles[1].physicalId", "missing"},
				{true, "related.profiles[2]", "not an object"},
				{false, "related.profiles[3].eid", "not 32 digits"},
				{true, "related.profiles[3].related.profiles[0].physicalId", "neither text nor number"},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := iotxBatch(tt.record)
			equal(t, "rows", kinOf(b), tt.want)
			equal(t, "rejects", refusals(b), tt.refused)
			balanced(t, b)
		})
	}
}

// TestNestedReject: a reject of a profile holds the profile, not all that it came in.
func TestNestedReject(t *testing.T) {
	b := iotxBatch(`{"physicalId":"s","related":{"profiles":[{"physicalId":"p","eid":"x"},[]]}}`)
	equal(t, "rejects", b.Rejects, []Reject{
		{Subject: "p", Field: "related.profiles[0].eid", Reason: "not 32 digits", Record: []byte(`{"physicalId":"p","eid":"x"}`)},
		{Whole: true, Field: "related.profiles[1]", Reason: "not an object", Record: []byte(`[]`)},
	})
}

func TestNestedDeep(t *testing.T) {
	record := `{"physicalId":"p9","related":{"profiles":[{"physicalId":"p10"}]}}`
	for depth := maxNesting; depth >= 0; depth-- {
		record = fmt.Sprintf(`{"physicalId":"p%d","related":{"profiles":[%s]}}`, depth, record)
	}
	b := iotxBatch(record)
	if len(b.Rows) != 1+maxNesting {
		t.Errorf("%d rows; want %d", len(b.Rows), 1+maxNesting)
	}
	field := strings.TrimSuffix(strings.Repeat("related.profiles[0].", maxNesting+1), ".")
	equal(t, "rejects", refusals(b), []refusal{{true, field, "nested deeper than 8"}})
	equal(t, "subject", b.Rejects[0].Subject, "p9")
	balanced(t, b)
}

// TestParentMakesNoVersion: parent and mark have a way of their own.
func TestParentMakesNoVersion(t *testing.T) {
	content := map[ContentHash]bool{}
	for _, parent := range []string{`{}`, `{"physicalId":"a","isEnabledOnParent":true}`, `{"physicalId":"a","isEnabledOnParent":false}`, `{"physicalId":"b"}`} {
		content[onlyRow(t, iotxBatch(`{"physicalId":"s","related":{"parent":`+parent+`}}`)).Content] = true
	}
	if len(content) != 1 {
		t.Errorf("%d contents; want one", len(content))
	}
}

// balanced holds the ledger's sum: every record read is a row or a whole reject.
func balanced(t *testing.T, b *Batch) {
	t.Helper()
	whole := 0
	for _, r := range b.Rejects {
		if r.Whole {
			whole++
		}
	}
	if b.Records != len(b.Rows)+whole {
		t.Errorf("%d records, but %d rows and %d whole rejects", b.Records, len(b.Rows), whole)
	}
}

// TestNoCircleIsLeft makes records of few names, so that they often meet, and follows
// every row's parents upwards.
func TestNoCircleIsLeft(t *testing.T) {
	names := rapid.SampledFrom([]string{"a", "b", "c", "d", "e"})
	var subscriber func(t *rapid.T, depth int) string
	subscriber = func(t *rapid.T, depth int) string {
		var profiles []string
		for range rapid.IntRange(0, 3-depth).Draw(t, "profiles") {
			profiles = append(profiles, subscriber(t, depth+1))
		}
		parent := `{}`
		if rapid.Bool().Draw(t, "names its parent") {
			parent = `{"physicalId":"` + names.Draw(t, "parent") + `"}`
		}
		return fmt.Sprintf(`{"physicalId":%q,"related":{"parent":%s,"profiles":[%s]}}`,
			names.Draw(t, "name"), parent, strings.Join(profiles, ","))
	}
	rapid.Check(t, func(t *rapid.T) {
		record := subscriber(t, 0)
		b := iotxBatch(record)
		parents := map[Identity]*ParentLink{}
		for _, v := range slices.Backward(b.Rows) {
			parents[v.Identity] = v.Parent
		}
		for _, row := range b.Rows {
			id := row.Identity
			for range len(parents) + 1 {
				if parents[id] == nil {
					break
				}
				id = parents[id].Parent
			}
			if parents[id] != nil {
				t.Fatalf("a circle is left in %s", record)
			}
		}
	})
}
