package transform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
)

const (
	floLIVEID    = "e7fcef24-5c03-41dd-9e33-995b7d6f47a7"
	floLIVEICCID = "8935711001000034535"
)

// floLIVEWith is a good record with one more member, or several.
func floLIVEWith(members string) string {
	return fmt.Sprintf(`{"subscriberId":%q,"iccid":%q,"status":"ACTIVE",%s}`, floLIVEID, floLIVEICCID, members)
}

// TestFloLIVEIdentity: what names a subscriber, and what is rejected whole for want of
// a name. A reject keeps what could be read of it.
func TestFloLIVEIdentity(t *testing.T) {
	tests := []struct {
		name, record string
		want         Reject // without Record; its SubscriberID and ICCID are the row's where it is zero otherwise
		flags        []Flag
	}{
		{
			"UUID in capitals", `{"status":"ACTIVE","subscriberId":" E7FCEF24-5C03-41DD-9E33-995B7D6F47A7 ","iccid":"8935 7110 0100 0034 535F"}`,
			Reject{SubscriberID: floLIVEID, ICCID: floLIVEICCID},
			nil,
		},
		{
			"no UUID", `{"status":"ACTIVE","subscriberId":"Sub-1","iccid":8935711001000034535}`,
			Reject{SubscriberID: "Sub-1", ICCID: floLIVEICCID},
			[]Flag{FlagSubscriberIDUUID},
		},
		{
			"number", `{"status":"ACTIVE","subscriberId":7,"iccid":"8935711001000034535"}`,
			Reject{SubscriberID: "7", ICCID: floLIVEICCID},
			[]Flag{FlagSubscriberIDUUID},
		},
		{
			"NUL", `{"status":"ACTIVE","subscriberId":"Sub\u0000-1","iccid":"8935711001000034535"}`,
			Reject{SubscriberID: "Sub-1", ICCID: floLIVEICCID},
			[]Flag{FlagNULRemoved, FlagSubscriberIDUUID},
		},
		{
			"64 bytes", `{"status":"ACTIVE","subscriberId":"` + strings.Repeat("x", 64) + `","iccid":"8935711001000034535"}`,
			Reject{SubscriberID: strings.Repeat("x", 64), ICCID: floLIVEICCID},
			[]Flag{FlagSubscriberIDUUID},
		},
		{
			"65 bytes", `{"subscriberId":"` + strings.Repeat("x", 65) + `","iccid":"8935711001000034535"}`,
			Reject{Whole: true, Subject: strings.Repeat("x", 65), Field: "subscriberId", Reason: "longer than 64 bytes", ICCID: floLIVEICCID},
			nil,
		},
		{
			"no subscriberId", `{"iccid":"8935711001000034535"}`,
			Reject{Whole: true, Subject: floLIVEICCID, Field: "subscriberId", Reason: "missing", ICCID: floLIVEICCID},
			nil,
		},
		{
			"subscriberId is a list", `{"subscriberId":["a"],"iccid":"8935711001000034535"}`,
			Reject{Whole: true, Subject: floLIVEICCID, Field: "subscriberId", Reason: "neither text nor number", ICCID: floLIVEICCID},
			nil,
		},
		{
			"no ICCID", `{"subscriberId":"` + floLIVEID + `","iccid":""}`,
			Reject{Whole: true, Subject: floLIVEID, Field: "iccid", Reason: "missing", SubscriberID: floLIVEID},
			nil,
		},
		{
			"odd ICCID", `{"subscriberId":"` + floLIVEID + `","iccid":"89357110010"}`,
			Reject{Whole: true, Subject: floLIVEID, Field: "iccid", Reason: "not 18 to 22 digits", SubscriberID: floLIVEID},
			nil,
		},
		{
			"ICCID with an exponent", `{"subscriberId":"` + floLIVEID + `","iccid":8.935711001000034535e18}`,
			Reject{Whole: true, Subject: floLIVEID, Field: "iccid", Reason: "a number with a sign, a fraction or an exponent", SubscriberID: floLIVEID},
			nil,
		},
		{
			"empty", `{}`,
			Reject{Whole: true, Field: "subscriberId", Reason: "missing"},
			nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := floLIVEBatch(tt.record)
			if tt.want.Whole {
				tt.want.Record = []byte(tt.record)
				equal(t, "rejects", b.Rejects, []Reject{tt.want})
				equal(t, "rows", len(b.Rows), 0)
				return
			}
			row := onlyRow(t, b)
			if row.SubscriberID != tt.want.SubscriberID || row.ICCID != tt.want.ICCID {
				t.Errorf("named %q, %q; want %q, %q", row.SubscriberID, row.ICCID, tt.want.SubscriberID, tt.want.ICCID)
			}
			equal(t, "identity", row.Identity, FloLIVEIdentity(tt.want.SubscriberID, tt.want.ICCID))
			equal(t, "flags", row.Flags, tt.flags)
			equal(t, "rejects", refusals(b), []refusal(nil))
		})
	}
}

// TestUnreadableRecord: what is no record is rejected whole, and still tells which
// subscriber it spoke of where it can.
func TestUnreadableRecord(t *testing.T) {
	tests := []struct{ name, record, reason, id, iccid string }{
		{"name twice", floLIVEWith(`"imei":"1","imei":"2"`), "a member is given twice", floLIVEID, floLIVEICCID},
		{"name twice within", floLIVEWith(`"new":{"a":1,"a":2}`), "a member is given twice", floLIVEID, floLIVEICCID},
		{"bytes", floLIVEWith("\"customerName\":\"\xff\""), "not valid Unicode", floLIVEID, floLIVEICCID},
		{"half a surrogate pair", floLIVEWith(`"customerName":"\ud800"`), "not valid Unicode", floLIVEID, floLIVEICCID},
		{"bytes in the name", "{\"subscriberId\":\"\xff\",\"iccid\":\"8935711001000034535\"}", "not valid Unicode", "", floLIVEICCID},
		{"cut off", `{"subscriberId":"` + floLIVEID + `","iccid":"8935711001000034535","status`, "not readable as a JSON object", floLIVEID, floLIVEICCID},
		{"list", `["a"]`, "not an object", "", ""},
		{"text", `"a"`, "not an object", "", ""},
		{"null", `null`, "not an object", "", ""},
		{"nothing", ``, "not an object", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := floLIVEBatch(tt.record)
			if len(b.Rows) != 0 || len(b.Rejects) != 1 || b.Records != 1 {
				t.Fatalf("%d rows, rejects %v, %d records", len(b.Rows), refusals(b), b.Records)
			}
			equal(t, "reject", refusals(b)[0], refusal{true, "", tt.reason})
			got := b.Rejects[0]
			if got.SubscriberID != tt.id || string(got.ICCID) != tt.iccid || string(got.Record) != tt.record {
				t.Errorf("reject of %q, %q: %q", got.SubscriberID, got.ICCID, got.Record)
			}
		})
	}
}

// TestFloLIVEMembers: one odd member costs itself, never the record.
func TestFloLIVEMembers(t *testing.T) {
	tests := []struct {
		name, members string
		want          Row // the columns that the members go to
		flags         []Flag
		refused       []refusal
	}{
		{name: "IMEI as a number", members: `"imei":354306110218529`, want: Row{IMEI: "354306110218529"}},
		{name: "empty", members: `"imei":"","imeisv":null,"customerId":"","customerName":"","imsiMsisdnPairs":""`},
		{
			name: "IMEI of 16 digits", members: `"imei":"3543061102185201"`,
			flags: []Flag{FlagIMEIRejected}, refused: []refusal{{false, "imei", "not 14 or 15 digits"}},
		},
		{
			name: "IMEISV refused", members: `"imei":"354306110218529","imeisv":{"a":1}`, want: Row{IMEI: "354306110218529"},
			flags: []Flag{FlagIMEISVRejected}, refused: []refusal{{false, "imeisv", "neither text nor number"}},
		},
		{
			name: "IMEISV of another device", members: `"imei":"354306110218529","imeisv":"3543061102185301"`,
			want: Row{IMEI: "354306110218529", IMEISV: "3543061102185301"}, flags: []Flag{FlagIMEISVIMEI},
		},
		{name: "IMEISV alone", members: `"imeisv":"3543061102185301"`, want: Row{IMEISV: "3543061102185301"}},
		{
			name: "customer", members: `"customerId":" 3BD92BEB-0367-4E68-B50D-72C0FB08BEAB ","customerName":" Gualas LTD "`,
			want: Row{CustomerID: uuid.NullUUID{UUID: uuid.MustParse("3bd92beb-0367-4e68-b50d-72c0fb08beab"), Valid: true}, CustomerName: " Gualas LTD "},
		},
		{
			name: "customer by number", members: `"customerId":42,"customerName":true`, want: Row{CustomerName: "true"},
			flags: []Flag{FlagCustomerIDRejected}, refused: []refusal{{false, "customerId", "not a UUID"}},
		},
		{
			name: "objects", members: `"customerId":{},"customerName":[]`,
			flags: []Flag{FlagCustomerIDRejected, FlagCustomerNameRejected},
			refused: []refusal{
				{false, "customerId", "neither text nor number"},
				{false, "customerName", "an object or a list where a text is expected"},
			},
		},
		{name: "NUL", members: `"customerName":"a\u0000b"`, want: Row{CustomerName: "ab"}, flags: []Flag{FlagNULRemoved}},
		{name: "new member", members: `"new":{"b":1.50,"a":[true]},"ICCID":7`, want: Row{Extra: []byte(`{"ICCID":7,"new":{"a":[true],"b":1.50}}`)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := floLIVEBatch(floLIVEWith(tt.members))
			got := onlyRow(t, b)
			equal(t, "flags", got.Flags, tt.flags)
			equal(t, "rejects", refusals(b), tt.refused)
			want := tt.want
			want.Identity, want.Content = got.Identity, got.Content
			want.SubscriberID, want.ICCID = floLIVEID, floLIVEICCID
			want.Kind, want.Status, want.ProviderStatus, want.Top, want.Flags = KindCellular, StatusActive, "ACTIVE", true, got.Flags
			equal(t, "row", got, want)
		})
	}
}

func TestFloLIVEStatus(t *testing.T) {
	tests := []struct {
		raw      string
		want     Status
		provider string
		flags    []Flag
	}{
		{`"ACTIVE"`, StatusActive, "ACTIVE", nil},
		{`"active"`, StatusActive, "active", nil},
		{`"SUSPEND"`, StatusSuspended, "SUSPEND", nil},
		{`"Suspended"`, StatusSuspended, "Suspended", nil},
		{`" In-Active "`, StatusInactive, "In-Active", nil},
		{`"in_active"`, StatusInactive, "in_active", nil},
		{`"TERMI NATED"`, StatusTerminated, "TERMI NATED", nil},
		{`"PRE_ACTIVE"`, StatusUnknown, "PRE_ACTIVE", []Flag{FlagStatusUnknown}},
		{`5`, StatusUnknown, "5", []Flag{FlagStatusUnknown}},
		{`""`, StatusUnknown, "", []Flag{FlagStatusUnknown}},
		{`null`, StatusUnknown, "", []Flag{FlagStatusUnknown}},
		{`{"code":1}`, StatusUnknown, "", []Flag{FlagStatusRejected, FlagStatusUnknown}},
	}
	for _, tt := range tests {
		row := onlyRow(t, floLIVEBatch(fmt.Sprintf(`{"subscriberId":%q,"iccid":%q,"status":%s}`, floLIVEID, floLIVEICCID, tt.raw)))
		if row.Status != tt.want || row.ProviderStatus != tt.provider {
			t.Errorf("%s is %s, %q; want %s, %q", tt.raw, row.Status, row.ProviderStatus, tt.want, tt.provider)
		}
		equal(t, tt.raw, row.Flags, tt.flags)
	}
}
