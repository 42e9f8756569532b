package transform

import (
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// The second subscriber of the example of floLIVE's "Get Subscriber Details", a
// sub-customer's.
const childID = "e7fcef24-5c03-41dd-9e33-995b7d6f32b1"

// example reads the records of an example of the provider's pages, mended to be JSON.
func example[R any](t testing.TB, name string) []fetch.Record[R] {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var elements []jsontext.Value
	if err := json.Unmarshal(text, &elements); err != nil {
		t.Fatal(err)
	}
	return fetch.ReadRecords[R](elements)
}

func details(raws ...string) []fetch.Record[flolive.Detail] {
	var records []fetch.Record[flolive.Detail]
	for _, raw := range raws {
		records = append(records, fetch.ReadRecord[flolive.Detail](jsontext.Value(raw)))
	}
	return records
}

// detailWith is a record of the usual subscriber with more members.
func detailWith(members string) string {
	return fmt.Sprintf(`{"subscriberIdentifiers":{"subscriberId":%q,"iccid":%q},%s}`, floLIVEID, floLIVEICCID, members)
}

// onlyDetail reads the details of the usual subscriber out of one record.
func onlyDetail(t *testing.T, raw string, contacts Contacts) (Detail, []Reject) {
	t.Helper()
	d, rejects, found := ReadDetail(details(raw), floLIVEID, floLIVEICCID, received, contacts)
	if !found || d.SubscriberID != floLIVEID || d.ICCID != floLIVEICCID || d.FetchedAt != received {
		t.Fatalf("found %v: %q, %q of %s, rejects %v", found, d.SubscriberID, d.ICCID, d.FetchedAt, rejects)
	}
	return d, rejects
}

func parts(rejects []Reject) []refusal { return refusals(&Batch{Rejects: rejects}) }

func at(year int, month time.Month, day, hour, minute, second, micros int) *time.Time {
	return new(time.Date(year, month, day, hour, minute, second, micros*1000, time.UTC))
}

func day(year int, month time.Month, d int) *time.Time { return at(year, month, d, 0, 0, 0, 0) }

// TestDetailExamples compares every field with the example of the provider's page.
func TestDetailExamples(t *testing.T) {
	plan := Offer{
		OfferID: uuid.MustParse("e7fcef24-5c03-41dd-9e33-995b7d6f47a7"), Name: "roaming 20GB", Description: "roaming bundle 20 GB",
		AttachedAt: at(2020, 11, 11, 8, 47, 46, 758866), RenewsOn: day(2023, 12, 23), ExpiresOn: day(2024, 5, 23), Priority: new(int32(100)),
	}
	linked := plan
	linked.LinkedOfferIDs = []uuid.UUID{
		uuid.MustParse("d7ecef34-5b23-21ae-9e53-905a7d6d43a8"), uuid.MustParse("e1eceff4-5c13-29ee-1d53-901a7a3b13a0"),
	}
	data := Offer{
		OfferID: uuid.MustParse("e7fcef24-5c03-41dd-9e33-995b7d6f46b6"), Name: "Data 10GB", Description: "Data Add-on 10 GB",
		AttachedAt: at(2020, 11, 8, 8, 12, 48, 758823), RenewsOn: day(2023, 12, 23), ExpiresOn: day(2024, 5, 23), Priority: new(int32(200)),
	}
	parent := Detail{
		SubscriberID: floLIVEID, ICCID: floLIVEICCID,
		CustomerID:   uuid.NullUUID{UUID: uuid.MustParse("d7fcef24-5c03-41dd-9e33-995b7d6f47a4"), Valid: true},
		CustomerName: "Motorola", ProviderStatus: "ACTIVE", Alias: "Camera1",
		SystemLabels: []string{"LPWA", "4FF"}, UserLabels: []string{"user label 1", "user label 2"},
		MCC: "257", MNC: "02", LAC: "16", CID: "2224",
		LastRATType: "GSM", LastRATTypeLabel: "3G (UTRAN 1)", LastDataRATType: "6", LastDataRATTypeLabel: "4G (WB-EUTRAN 6)",
		LastAPN: "flolive.net", IsInDataSession: new(false),
		LastDataSessionAt: at(2020, 11, 10, 9, 47, 46, 668866), FirstActivatedAt: at(2020, 7, 11, 9, 48, 42, 365876),
		LastIP:       netip.MustParseAddr("10.84.8.208"),
		CustomFields: jsontext.Value(`[{"keyName":"custom-property1","keyValue":"custom-value"},{"keyName":"custom-property2","keyValue":"custom-value"}]`),
		Extra: jsontext.Value(`{"lastDataSessionRecord":"2020-11-10 09:48:42.365876",` +
			`"lastKnownLocation":{"latitude":70.5,"longitude":230}}`), // the second name is not in the page's tables; 230 degrees are nowhere
		Flags: []Flag{FlagLocationRange}, Offers: []Offer{linked, data}, FetchedAt: received,
	}
	child := parent
	child.SubscriberID = childID
	child.CustomerID.UUID = uuid.MustParse("b8fcef24-5c03-41dd-9e33-956b7d6e47b3")
	child.CustomerName, child.Alias, child.UserLabels = "Gualas", "", nil
	child.IsInDataSession, child.FirstActivatedAt = new(true), at(2020, 4, 11, 9, 18, 41, 115176)
	child.Extra = jsontext.Value(`{"lastDataSessionRecord":"2020-11-10 09:48:42.365876","lastKnownLocation":{"latitude":86.5,"longitude":250}}`)
	child.Offers = []Offer{plan, data}
	records := example[flolive.Detail](t, "details")
	for _, want := range []Detail{parent, child} {
		got, rejects, found := ReadDetail(records, want.SubscriberID, floLIVEICCID, received, DropContacts)
		if !found || rejects != nil {
			t.Errorf("found %v, rejects %v", found, rejects)
		}
		equalDetails(t, got, want)
	}
}

// TestWhoseDetail: an answer's records are told apart by their subscriber, wherever
// they stand in it.
func TestWhoseDetail(t *testing.T) {
	named := func(id, iccid, alias string) string {
		return fmt.Sprintf(`{"subscriberIdentifiers":{"subscriberId":%s,"iccid":%s},"alias":%q,"contact":{"firstName":"Shaul"}}`, id, iccid, alias)
	}
	const id, capitals, iccid, other, otherICCID = `"` + floLIVEID + `"`, `" E7FCEF24-5C03-41DD-9E33-995B7D6F47A7"`,
		`"` + floLIVEICCID + `"`, `"` + childID + `"`, `"8935711001000034536"`
	tests := []struct {
		name    string
		records []string
		alias   string // of the one found; empty: none is
		rejects []refusal
	}{
		{"first", []string{named(id, iccid, "its"), named(other, iccid, "other")}, "its", nil},
		{"last", []string{named(other, iccid, "other"), named(id, iccid, "its")}, "its", nil},
		{"spelled otherwise", []string{named(other, iccid, "other"), named(capitals, `"8935 7110 0100 0034 535F"`, "its")}, "its", nil},
		{"without its ICCID", []string{named(id, `null`, "its")}, "its", nil},
		{"twice", []string{named(id, iccid, "older"), named(id, iccid, "its")}, "its", nil},
		{"beside one that says nothing", []string{`{}`, named(id, iccid, "its")}, "its", nil},
		{"others", []string{named(other, iccid, "other"), named(id, otherICCID, "its other SIM")}, "", nil},
		{"none", nil, "", nil},
		{"nameless", []string{`{"alias":"whose"}`}, "", []refusal{{true, "subscriberIdentifiers.subscriberId", "missing"}}},
		{"name of another kind", []string{named(`[]`, iccid, "whose")}, "", []refusal{{true, "subscriberIdentifiers.subscriberId", "neither text nor number"}}},
		{"nameless, with the ICCID of another", []string{named(`null`, otherICCID, "other")}, "", nil},
		{"its own, no record", []string{`{"alias":1,"alias":2,` + named(id, iccid, "its")[1:]}, "", []refusal{{true, "", "a member is given twice"}}},
		{"another's, no record", []string{`{"alias":1,"alias":2,` + named(other, iccid, "other")[1:]}, "", nil},
		{"no object", []string{`"Shaul"`, `["Shaul"]`}, "", []refusal{{true, "", "not an object"}, {true, "", "not an object"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, rejects, found := ReadDetail(details(tt.records...), floLIVEID, floLIVEICCID, received, KeepContacts)
			if found != (tt.alias != "") || d.Alias != tt.alias {
				t.Errorf("found %v with alias %q, want %q", found, d.Alias, tt.alias)
			}
			if !found {
				equal(t, "rejects", parts(rejects), tt.rejects)
			}
			discreet(t, rejects, "Shaul")
		})
	}
}

// TestDetailMembers: one odd member costs itself, never the record.
func TestDetailMembers(t *testing.T) {
	text := "an object or a list where a text is expected"
	tests := []struct {
		name, members string
		want          Detail // the columns that the members go to
		flags         []Flag
		refused       []refusal
	}{
		{name: "nothing", members: `"tags":"","systemLabels":"","userLabels":null,"alias":null,"lastKnownLocation":"","lastConnectedNetwork":"","lastIp":"","offer":"","customFields":"","lastDataSession":"","isInDataSession":""`},
		{name: "empty", members: `"tags":" , ","systemLabels":[],"userLabels":[""," "],"alias":"","lastKnownLocation":{},"offer":[],"customFields":[ ]`},
		{name: "alias of the word null", members: `"alias":"null"`},
		{name: "alias", members: `"alias":"Null Island"`, want: Detail{Alias: "Null Island"}},
		{
			name: "words", members: `"tags":"b, a ,,b","systemLabels":"LPWA,4FF","userLabels":["x, y"," z ","",7]`,
			want: Detail{Tags: []string{"b", "a", "b"}, SystemLabels: []string{"LPWA", "4FF"}, UserLabels: []string{"x, y", "z", "7"}},
		},
		{
			name: "words refused", members: `"tags":{},"systemLabels":["a",{"b":1},["c"],"d"],"userLabels":true`,
			want: Detail{SystemLabels: []string{"a", "d"}, UserLabels: []string{"true"}}, flags: []Flag{FlagSystemLabelsRejected, FlagTagsRejected},
			refused: []refusal{{false, "tags", text}, {false, "systemLabels[1]", text}, {false, "systemLabels[2]", text}},
		},
		{
			name: "radio", members: `"lastRatType":6,"lastDataRatType":"EUTRAN","lastConnectedNetwork":{"mcc":"001","mnc":"02","lac":16,"cid":"0A"}`,
			want: Detail{LastRATType: "6", LastDataRATType: "EUTRAN", MCC: "001", MNC: "02", LAC: "16", CID: "0A"},
		},
		{
			name: "radio refused", members: `"lastRatType":{},"lastDataRatTypeLabel":[],"lastConnectedNetwork":{"mcc":1.5,"mnc":"02"},"lastApn":[]`,
			want:  Detail{MNC: "02"},
			flags: []Flag{FlagLastAPNRejected, FlagLastConnectedNetworkRejected, FlagLastDataRATTypeRejected, FlagLastRATTypeRejected},
			refused: []refusal{
				{false, "lastRatType", text},
				{false, "lastDataRatTypeLabel", text},
				{false, "lastApn", text},
				{false, "lastConnectedNetwork.mcc", "a number with a sign, a fraction or an exponent"},
			},
		},
		{
			name: "no objects", members: `"lastConnectedNetwork":["257"],"lastKnownLocation":"north","offer":3,"customFields":"x"`,
			flags: []Flag{FlagCustomFieldsRejected, FlagLastConnectedNetworkRejected, FlagLastKnownLocationRejected, FlagOfferRejected},
			refused: []refusal{
				{false, "customFields", "neither an object nor a list"},
				{false, "lastKnownLocation", "not an object"},
				{false, "lastConnectedNetwork", "not an object"},
				{false, "offer", "neither an object nor a list"},
			},
		},
		{name: "IPv6", members: `"lastIp":" 2001:DB8::1 "`, want: Detail{LastIP: netip.MustParseAddr("2001:db8::1")}},
		{
			name: "IP refused", members: `"lastIp":"fe80::1%eth0"`,
			flags: []Flag{FlagLastIPRejected}, refused: []refusal{{false, "lastIp", "not an IPv4 or IPv6 address"}},
		},
		{
			name: "session", members: `"isInDataSession":"True","lastDataSession":"2020-11-10T09:47:46Z","firstActivatedTime":"2020-07-11"`,
			want: Detail{IsInDataSession: new(true), LastDataSessionAt: at(2020, 11, 10, 9, 47, 46, 0), FirstActivatedAt: day(2020, 7, 11)},
		},
		{
			name: "session refused", members: `"isInDataSession":"maybe","lastDataSession":"2020-02-30 09:47:46.668866","firstActivatedTime":20200711`,
			flags: []Flag{FlagFirstActivatedTimeRejected, FlagIsInDataSessionRejected, FlagLastDataSessionRejected},
			refused: []refusal{
				{false, "isInDataSession", "neither true nor false"},
				{false, "lastDataSession", "no such date or time"},
				{false, "firstActivatedTime", "not a date, nor a date and time of RFC 3339"},
			},
		},
		{
			name: "customer and status", members: `"customerId":"x","customerName":"a\u0000b","subsStatus":{}`,
			want: Detail{CustomerName: "ab"}, flags: []Flag{FlagCustomerIDRejected, FlagNULRemoved, FlagStatusRejected},
			refused: []refusal{{false, "customerId", "not a UUID"}, {false, "subsStatus", text}},
		},
		{
			name: "new members", members: `"new":{"b":1.50,"a":[true]},"lastKnownLocation":{"when":"now"},"lastConnectedNetwork":{"tac":"1"},"customFields":[{"keyValue":2,"keyName":"k"}]`,
			want: Detail{
				Extra:        jsontext.Value(`{"lastConnectedNetwork":{"tac":"1"},"lastKnownLocation":{"when":"now"},"new":{"a":[true],"b":1.50}}`),
				CustomFields: jsontext.Value(`[{"keyName":"k","keyValue":2}]`),
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, rejects := onlyDetail(t, detailWith(tt.members), DropContacts)
			equal(t, "rejects", parts(rejects), tt.refused)
			want := tt.want
			want.SubscriberID, want.ICCID, want.FetchedAt, want.Flags = floLIVEID, floLIVEICCID, received, tt.flags
			equalDetails(t, got, want)
			for _, r := range rejects {
				equal(t, "subject", r.Subject, floLIVEID)
				equal(t, "record", string(r.Record), detailWith(tt.members))
			}
		})
	}
}

// TestIdentifiersOfDetails: those that the listing has are left to it; others are kept.
func TestIdentifiersOfDetails(t *testing.T) {
	d, rejects := onlyDetail(t, `{"subscriberIdentifiers":{"subscriberId":"`+floLIVEID+`","iccid":"`+floLIVEICCID+
		`","imei":"odd","imsiMsisdnPairs":"odd","eid":"39049987000001000000004406147560"}}`, DropContacts)
	equal(t, "rejects", parts(rejects), []refusal(nil))
	equal(t, "extra", string(d.Extra), `{"subscriberIdentifiers":{"eid":"39049987000001000000004406147560"}}`)
}

func TestLocation(t *testing.T) {
	tests := []struct {
		name, location      string
		longitude, latitude *float64
		extra               string
		flags               []Flag
	}{
		{"in range", `{"longitude":-180,"latitude":"90.0"}`, new(-180.0), new(90.0), "", nil},
		{"zero", `{"longitude":0,"latitude":-0.0}`, new(0.0), new(0.0), "", nil},
		{"one alone", `{"latitude":70.5}`, nil, new(70.5), "", nil},
		{"longitude", `{"longitude":230,"latitude":70.5}`, nil, nil, `{"latitude":70.5,"longitude":230}`, []Flag{FlagLocationRange}},
		{"latitude, as text", `{"longitude":"12","latitude":"-90.0001"}`, nil, nil, `{"latitude":"-90.0001","longitude":"12"}`, []Flag{FlagLocationRange}},
		{"past every number", `{"longitude":1e400}`, nil, nil, `{"longitude":1e400}`, []Flag{FlagLocationRange}},
		{"no number", `{"longitude":"NaN","latitude":1}`, nil, new(1.0), "", []Flag{FlagLastKnownLocationRejected}},
		{"hexadecimal", `{"longitude":"0x10","latitude":1}`, nil, new(1.0), "", []Flag{FlagLastKnownLocationRejected}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, _ := onlyDetail(t, detailWith(`"lastKnownLocation":`+tt.location), DropContacts)
			equal(t, "longitude", d.Longitude, tt.longitude)
			equal(t, "latitude", d.Latitude, tt.latitude)
			equal(t, "flags", d.Flags, tt.flags)
			if tt.extra != "" {
				tt.extra = `{"lastKnownLocation":` + tt.extra + `}`
			}
			equal(t, "extra", string(d.Extra), tt.extra)
		})
	}
}

// TestOffers: an offer without a readable id is refused alone, and so is a member.
func TestOffers(t *testing.T) {
	const first, second = `"e7fcef24-5c03-41dd-9e33-995b7d6f47a7"`, `"E7FCEF245C0341DD9E33995B7D6F46B6"`
	firstID, secondID := uuid.MustParse("e7fcef24-5c03-41dd-9e33-995b7d6f47a7"), uuid.MustParse("e7fcef24-5c03-41dd-9e33-995b7d6f46b6")
	tests := []struct {
		name, offer string
		want        []Offer
		extra       string
		refused     []refusal
	}{
		{"one by itself", `{"id":` + first + `,"name":"a"}`, []Offer{{OfferID: firstID, Name: "a"}}, "", nil},
		{
			"ids", `[{"name":"a"},{"id":""},{"id":"x"},"y",{"id":` + second + `,"new":1},{"id":` + first + `},{"id":` + first + `}]`,
			[]Offer{{OfferID: secondID}, {OfferID: firstID}, {OfferID: firstID}},
			`{"offer":{"0":{"new":1}}}`,
			[]refusal{
				{false, "offer[0].id", "missing"},
				{false, "offer[1].id", "missing"},
				{false, "offer[2].id", "not a UUID"},
				{false, "offer[3]", "not an object"},
			},
		},
		{
			"members", `[{"id":` + first + `,"name":{},"priority":"7","renewalDate":"2023-12-23","expirationDate":"31022024","attachTimestamp":"soon"}]`,
			[]Offer{{OfferID: firstID, Priority: new(int32(7)), RenewsOn: day(2023, 12, 23)}},
			"",
			[]refusal{
				{false, "offer[0].name", "an object or a list where a text is expected"},
				{false, "offer[0].attachTimestamp", "not a date, nor a date and time of RFC 3339"},
				{false, "offer[0].expirationDate", "no such date or time"},
			},
		},
		{
			"priority out of range", `[{"id":` + first + `,"priority":2147483648}]`,
			[]Offer{{OfferID: firstID}},
			"",
			[]refusal{{false, "offer[0].priority", "a number beyond its column's range"}},
		},
		{
			"links", `[{"id":` + first + `,"linkedOfferIds":["",` + second + `,"x",{}]},{"id":` + second + `,"linkedOfferIds":` + first + `}]`,
			[]Offer{{OfferID: firstID, LinkedOfferIDs: []uuid.UUID{secondID}}, {OfferID: secondID, LinkedOfferIDs: []uuid.UUID{firstID}}},
			"",
			[]refusal{
				{false, "offer[0].linkedOfferIds[2]", "not a UUID"},
				{false, "offer[0].linkedOfferIds[3]", "an object or a list where a text is expected"},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, rejects := onlyDetail(t, detailWith(`"offer":`+tt.offer), DropContacts)
			equal(t, "offers", d.Offers, tt.want)
			equal(t, "extra", string(d.Extra), tt.extra)
			equal(t, "rejects", parts(rejects), tt.refused)
			if (len(tt.refused) > 0) != (len(d.Flags) == 1 && d.Flags[0] == FlagOfferRejected) {
				t.Errorf("flags %v", d.Flags)
			}
		})
	}
}
