package transform

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// The EID of the v4 page's example, which fails its own check.
const exampleEID = EID("39049987000001000000004406147560")

const (
	profileID    = "d7fcef24-5c03-41dd-9e33-995b7d6f47a4"
	otherProfile = "d701e4ad-585b-4219-a85e-ec69fa4e8a06"
)

func profiles(raws ...string) []fetch.Record[flolive.Profile] {
	var records []fetch.Record[flolive.Profile]
	for _, raw := range raws {
		records = append(records, fetch.ReadRecord[flolive.Profile](jsontext.Value(raw)))
	}
	return records
}

// TestProfileExamples compares every field with the example of floLIVE's "Get Subscriber
// Profiles".
func TestProfileExamples(t *testing.T) {
	want := []ESIMProfile{
		{
			ProfileID: uuid.MustParse(profileID), EID: exampleEID, Name: "Profile 1", IsActive: new(true),
			SubscriberID: floLIVEID, ICCID: "8935711001000100255", IMEI: "354306110218529", IMEISV: "3543061102185201",
			Pairs: []Pair{{"222116093963849", "999022089963159", true}, {"310380501118337", "134044411258337", false}},
			Flags: []Flag{FlagEIDCheck, FlagICCIDLuhn},
		},
		{
			ProfileID: uuid.MustParse(otherProfile), EID: exampleEID, Name: "Profile 2", IsActive: new(false),
			SubscriberID: floLIVEID, ICCID: floLIVEICCID, IMEI: "354306110218529", IMEISV: "3543061102185201",
			Pairs: []Pair{{"222013090961859", "999013090961859", false}},
			Flags: []Flag{FlagEIDCheck},
		},
	}
	got, rejects := ReadProfiles(example[flolive.Profile](t, "profiles"), exampleEID)
	equal(t, "profiles", got, want)
	equal(t, "rejects", parts(rejects), []refusal(nil))
}

// TestProfiles: what has no id is rejected whole, an odd member costs itself.
func TestProfiles(t *testing.T) {
	const id = `"id":"` + profileID + `"`
	bare := ESIMProfile{ProfileID: uuid.MustParse(profileID)}
	with := func(change func(*ESIMProfile)) []ESIMProfile {
		p := bare
		change(&p)
		return []ESIMProfile{p}
	}
	tests := []struct {
		name    string
		records []string
		want    []ESIMProfile
		refused []refusal
	}{
		{"id alone", []string{`{"id":"D7FCEF24-5C03-41DD-9E33-995B7D6F47A4"}`}, []ESIMProfile{bare}, nil},
		{
			"no id",
			[]string{`{}`, `{"id":"x"}`, `{"id":[]}`, `{"id":"` + profileID + `","id":1}`, `[]`},
			nil,
			[]refusal{
				{true, "id", "missing"},
				{true, "id", "not a UUID"},
				{true, "id", "neither text nor number"},
				{true, "", "a member is given twice"},
				{true, "", "not an object"},
			},
		},
		{
			"twice",
			[]string{`{` + id + `,"name":"older"}`, `{"id":"` + otherProfile + `"}`, `{` + id + `,"name":"newer"}`},
			[]ESIMProfile{{ProfileID: bare.ProfileID, Name: "newer"}, {ProfileID: uuid.MustParse(otherProfile)}},
			nil,
		},
		{
			"members",
			[]string{`{` + id + `,"name":{},"isActive":"perhaps","subscriberIdentifiers":{"subscriberId":[],"iccid":"1","imei":"2","imeisv":"3"}}`},
			with(func(p *ESIMProfile) {
				p.Flags = []Flag{FlagICCIDRejected, FlagIMEIRejected, FlagIMEISVRejected, FlagIsActiveRejected, FlagNameRejected, FlagSubscriberIDRejected}
			}),
			[]refusal{
				{false, "name", "an object or a list where a text is expected"},
				{false, "isActive", "neither true nor false"},
				{false, "subscriberIdentifiers.subscriberId", "neither text nor number"},
				{false, "subscriberIdentifiers.iccid", "not 18 to 22 digits"},
				{false, "subscriberIdentifiers.imei", "not 14 or 15 digits"},
				{false, "subscriberIdentifiers.imeisv", "not 16 digits"},
			},
		},
		{
			"no identifiers",
			[]string{`{` + id + `,"subscriberIdentifiers":"x"}`},
			with(func(p *ESIMProfile) { p.Flags = []Flag{FlagSubscriberIdentifiersRejected} }),
			[]refusal{{false, "subscriberIdentifiers", "not an object"}},
		},
		{
			"pairs and new members",
			[]string{`{` + id + `,"new":1,"subscriberIdentifiers":{"subscriberId":"Sub-1","new":2,"imsiMsisdnPairs":[{"imsi":"x"},{"imsi":"222013090961859","new":3}]}}`},
			with(func(p *ESIMProfile) {
				p.SubscriberID, p.Pairs = "Sub-1", []Pair{{IMSI: "222013090961859"}}
				p.Flags = []Flag{FlagIMSIRejected, FlagSubscriberIDUUID}
				p.Extra = jsontext.Value(`{"new":1,"subscriberIdentifiers":{"imsiMsisdnPairs":{"0":{"new":3}},"new":2}}`)
			}),
			[]refusal{{false, "subscriberIdentifiers.imsiMsisdnPairs[0].imsi", "not 6 to 15 digits"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, rejects := ReadProfiles(profiles(tt.records...), "")
			equal(t, "profiles", got, tt.want)
			equal(t, "rejects", parts(rejects), tt.refused)
			for _, r := range rejects {
				if !r.Whole && r.Subject != profileID {
					t.Errorf("a reject of %q", r.Subject)
				}
			}
		})
	}
}
