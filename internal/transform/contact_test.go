package transform

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"simsync/internal/fetch/flolive"
)

// equalDetails compares two details; no address equals no address.
func equalDetails(t *testing.T, got, want Detail) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateComparable(netip.Addr{})); diff != "" {
		t.Errorf("detail (-want +got):\n%s", diff)
	}
}

// discreet checks that no reject holds a text.
func discreet(t *testing.T, rejects []Reject, text string) {
	t.Helper()
	for _, r := range rejects {
		if all := r.Subject + r.Field + r.Reason + string(r.Record); strings.Contains(all, text) {
			t.Errorf("a reject holds personal data: %s", all)
		}
	}
}

// TestContactExample compares every field with the example of the provider's page.
func TestContactExample(t *testing.T) {
	want := []Contact{{
		ContactID:    uuid.MustParse("e7fcef24-5c03-41dd-9e33-995b7d6f46e2"),
		EmailAddress: "shaul.cohen@flolive.net", Type: "OWNER", Role: "NONE", Salutation: "MR",
		FirstName: "Shaul", LastName: "Cohen", Gender: "MALE", Birthdate: day(2000, 12, 28), MobilePhone: "972542265160",
		Identities: []ContactIdentity{{"PASSPORT", "123456789"}, {"NATIONAL_ID", "987654321"}},
	}}
	d, rejects, _ := ReadDetail(example[flolive.Detail](t, "details"), floLIVEID, floLIVEICCID, received, KeepContacts)
	equal(t, "contacts", d.Contacts, want)
	equal(t, "rejects", parts(rejects), []refusal(nil))
}

// TestContacts: an odd member costs itself, and its reject keeps nothing of the record.
func TestContacts(t *testing.T) {
	const id = `"id":"e7fcef24-5c03-41dd-9e33-995b7d6f46e2"`
	contactID := uuid.MustParse("e7fcef24-5c03-41dd-9e33-995b7d6f46e2")
	tests := []struct {
		name, contact string
		want          []Contact
		refused       []refusal
	}{
		{"none", `null`, nil, nil},
		{"empty text", `""`, nil, nil},
		{"empty object", `{ }`, nil, nil},
		{"empty list", `[]`, nil, nil},
		{"list", `[{` + id + `,"lastName":" Secret "},{` + id + `}]`, []Contact{{ContactID: contactID, LastName: " Secret "}, {ContactID: contactID}}, nil},
		{"text", `"Secret"`, nil, []refusal{{false, "contact", "neither an object nor a list"}}},
		{
			"no id", `[{"lastName":"Secret"},"Secret",{"id":"Secret"}]`, nil,
			[]refusal{{false, "contact[0].id", "missing"}, {false, "contact[1]", "not an object"}, {false, "contact[2].id", "not a UUID"}},
		},
		{
			"members", `{` + id + `,"birthdate":"Secret","firstName":["Secret"],"gender":"X","identity":[{"idType":"PASSPORT"},"Secret",{"idNumber":7,"new":2}],"new":1}`,
			[]Contact{{
				ContactID: contactID, Gender: "X", Identities: []ContactIdentity{{"", "7"}},
				Extra: jsontext.Value(`{"identity":{"0":{"new":2}},"new":1}`),
			}},
			[]refusal{
				{false, "contact[0].firstName", "an object or a list where a text is expected"},
				{false, "contact[0].birthdate", "not a day as DDMMYYYY or YYYY-MM-DD"},
				{false, "contact[0].identity[0].idNumber", "missing"},
				{false, "contact[0].identity[1]", "not an object"},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			raw := detailWith(`"contact":` + tt.contact)
			d, rejects := onlyDetail(t, raw, KeepContacts)
			equal(t, "contacts", d.Contacts, tt.want)
			equal(t, "rejects", parts(rejects), tt.refused)
			discreet(t, rejects, "Secret")
			for _, r := range rejects {
				equal(t, "record", string(r.Record), `"not kept: personal data"`)
			}
			if (len(tt.refused) > 0) != (len(d.Flags) == 1 && d.Flags[0] == FlagContactRejected) {
				t.Errorf("flags %v", d.Flags)
			}
			d, rejects = onlyDetail(t, raw, DropContacts)
			if d.Contacts != nil || rejects != nil || d.Flags != nil || d.Extra != nil {
				t.Errorf("a contact that is dropped left %v, %v, %v, %s", d.Contacts, rejects, d.Flags, d.Extra)
			}
		})
	}
}

// TestWithheldContacts: the record that a reject keeps has a note where a contact was,
// however its name is written, and says all else as it was received.
func TestWithheldContacts(t *testing.T) {
	const note = `"not kept: personal data"`
	tests := []struct{ raw, want string }{
		{`{"a":1,"contact":{"firstName":"Secret"},"b":[ 2 ]}`, `{"a":1,"contact":` + note + `,"b":[ 2 ]}`},
		{`{ "CONTACT" : "Secret" , "Contacts" : ["Secret"] }`, `{"CONTACT":` + note + `,"Contacts":` + note + `}`},
		{`{"c\u006fntact":"Secret","contact\u0000":"Secret"}`, `{"c\u006fntact":` + note + `,"contact\u0000":` + note + `}`},
		{"{\"contact\":\"Secret\xff\",\"contact\":\"Secret\",\"a\":\"\xff\"}", "{\"contact\":" + note + ",\"contact\":" + note + ",\"a\":\"\xff\"}"},
		{`{"contactless":true}`, `{"contactless":true}`},
		{`{}`, `{}`},
		{`["Secret"]`, note},
		{`"Secret"`, note},
		{`{"a":1,"contact":{"firstName":"Secret"`, note},
		{`{"a":1} "Secret"`, note},
		{``, note},
	}
	for _, tt := range tests {
		equal(t, tt.raw, string(WithoutContacts(jsontext.Value(tt.raw))), tt.want)
	}
	d, rejects := onlyDetail(t, detailWith(`"Contacts":[{"firstName":"Secret"}],"contact":{"firstName":"Secret"},"lastIp":"odd"`), DropContacts)
	equal(t, "extra", string(d.Extra), `{"Contacts":`+note+`}`)
	equal(t, "rejects", parts(rejects), []refusal{{false, "lastIp", "not an IPv4 or IPv6 address"}})
	equal(t, "record", string(rejects[0].Record), detailWith(`"Contacts":`+note+`,"contact":`+note+`,"lastIp":"odd"`))
}
