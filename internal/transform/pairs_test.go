package transform

import (
	"fmt"
	"strings"
	"testing"
)

func TestPairs(t *testing.T) {
	const imsi, other = "222013090961859", "310380501118337"
	tests := []struct {
		name, list string
		want       []Pair
		flags      []Flag
		refused    []refusal
		extra      string
	}{
		{name: "none", list: `[]`},
		{name: "null", list: `null`},
		{name: "empty text", list: `""`},
		{
			name: "as words and numbers",
			list: `[{"imsi":222013090961859,"msisdn":" +999 013090961859 ","isLastActive":"TRUE"},{"imsi":"310380501118337","isLastActive":0}]`,
			want: []Pair{{imsi, "999013090961859", true}, {other, "", false}},
		},
		{
			name: "odd length", list: `[{"imsi":"001010","isLastActive":true}]`,
			want: []Pair{{"001010", "", true}}, flags: []Flag{FlagIMSILength},
		},
		{
			name: "object", list: `{"imsi":"222013090961859"}`,
			flags: []Flag{FlagIMSIRejected}, refused: []refusal{{false, "imsiMsisdnPairs", "not a list"}},
		},
		{
			name: "text", list: `"222013090961859"`,
			flags: []Flag{FlagIMSIRejected}, refused: []refusal{{false, "imsiMsisdnPairs", "not a list"}},
		},
		{
			name: "bad IMSIs", list: `[{"imsi":"x","new":1},{"imsi":"222013090961859"},{"msisdn":"447000000001"},{"imsi":true},null]`,
			want: []Pair{{imsi, "", false}}, flags: []Flag{FlagIMSIRejected},
			refused: []refusal{
				{false, "imsiMsisdnPairs[0].imsi", "not 6 to 15 digits"},
				{false, "imsiMsisdnPairs[2].imsi", "missing"},
				{false, "imsiMsisdnPairs[3].imsi", "neither text nor number"},
				{false, "imsiMsisdnPairs[4].imsi", "missing"},
			},
		},
		{
			name: "no pair at all", list: `["x",{"imsi":"222013090961859","isLastActive":true},[]]`,
			want: []Pair{{imsi, "", true}}, flags: []Flag{FlagIMSIRejected},
			refused: []refusal{{false, "imsiMsisdnPairs[0]", "not an object"}, {false, "imsiMsisdnPairs[2]", "not an object"}},
		},
		{
			name: "bad MSISDN", list: `[{"imsi":"222013090961859","msisdn":"0700","isLastActive":true}]`,
			want: []Pair{{imsi, "", true}}, flags: []Flag{FlagMSISDNFormat},
			refused: []refusal{{false, "imsiMsisdnPairs[0].msisdn", "not 5 to 15 digits without a leading 0"}},
		},
		{
			name: "bad mark", list: `[{"imsi":"222013090961859","isLastActive":"maybe"}]`,
			want: []Pair{{imsi, "", false}}, flags: []Flag{FlagIsLastActiveRejected},
			refused: []refusal{{false, "imsiMsisdnPairs[0].isLastActive", "neither true nor false"}},
		},
		{
			name: "many active", list: `[{"imsi":"222013090961859","isLastActive":true},{"imsi":"310380501118337","isLastActive":true}]`,
			want: []Pair{{imsi, "", false}, {other, "", false}}, flags: []Flag{FlagManyActive},
		},
		{
			name: "repeated, active once", list: `[{"imsi":"222013090961859","isLastActive":false},{"imsi":"310380501118337"},{"imsi":"222013090961859","isLastActive":true}]`,
			want: []Pair{{imsi, "", true}, {other, "", false}}, flags: []Flag{FlagPairRepeated},
		},
		{
			name: "same IMSI, other MSISDN", list: `[{"imsi":"222013090961859","msisdn":"447000000001"},{"imsi":"222013090961859","msisdn":"447000000002"}]`,
			want: []Pair{{imsi, "447000000001", false}, {imsi, "447000000002", false}},
		},
		{
			name: "new members", list: `[{"imsi":"x","lost":1},{"imsi":"222013090961859"},{"imsi":"310380501118337","new":"n","a":[]}]`,
			want: []Pair{{imsi, "", false}, {other, "", false}}, flags: []Flag{FlagIMSIRejected},
			refused: []refusal{{false, "imsiMsisdnPairs[0].imsi", "not 6 to 15 digits"}},
			extra:   `{"imsiMsisdnPairs":{"1":{"a":[],"new":"n"}}}`,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := floLIVEBatch(floLIVEWith(`"imsiMsisdnPairs":` + tt.list))
			row := onlyRow(t, b)
			if len(row.Pairs) > 0 || len(tt.want) > 0 {
				equal(t, "pairs", row.Pairs, tt.want)
			}
			equal(t, "flags", row.Flags, tt.flags)
			equal(t, "rejects", refusals(b), tt.refused)
			equal(t, "extra", string(row.Extra), tt.extra)
		})
	}
}

// TestManyPairs: an ordinal counts to 32767, the rest is refused, and a record's rejects
// of parts stay few.
func TestManyPairs(t *testing.T) {
	var list strings.Builder
	for i := range maxPairs + 200 {
		fmt.Fprintf(&list, `{"imsi":"%d"},`, 100_000_000+i)
	}
	list.WriteString(`{"imsi":"100000007"}`)
	b := floLIVEBatch(floLIVEWith(`"imsiMsisdnPairs":[` + list.String() + `]`))
	row := onlyRow(t, b)
	if len(row.Pairs) != maxPairs || row.Pairs[maxPairs-1].IMSI != "100032767" {
		t.Errorf("%d pairs", len(row.Pairs))
	}
	if len(b.Rejects) != maxParts {
		t.Fatalf("%d rejects; want %d", len(b.Rejects), maxParts)
	}
	equal(t, "first reject", refusals(b)[0], refusal{false, "imsiMsisdnPairs[32768].imsi", "more pairs than an ordinal counts"})
	equal(t, "last reject", refusals(b)[maxParts-1], refusal{false, "", "more parts refused than are told apart"})
}

// TestRepeatedAmongMany: a repeated pair is found past the length to which the list is
// looked through.
func TestRepeatedAmongMany(t *testing.T) {
	var list strings.Builder
	for i := range 100 {
		fmt.Fprintf(&list, `{"imsi":"%d","msisdn":"447000000001","isLastActive":%t},`, 100_000_000+i%70, i == 99)
	}
	row := onlyRow(t, floLIVEBatch(floLIVEWith(`"imsiMsisdnPairs":[`+strings.TrimSuffix(list.String(), ",")+`]`)))
	if len(row.Pairs) != 70 || row.Pairs[69].IMSI != "100000069" || !row.Pairs[29].IsLastActive {
		t.Errorf("%d pairs: %v; want 70, the one of ordinal 29 active", len(row.Pairs), row.Pairs)
	}
	equal(t, "flags", row.Flags, []Flag{FlagIMSILength, FlagPairRepeated})
}
