package transform

import (
	"strings"
	"testing"
	"time"
)

// iotxWith is a cellular subscriber with more members.
func iotxWith(members string) string {
	return `{"physicalId":"8944000000000000001"` + strings.TrimSuffix(","+members, ",") + `}`
}

// TestKinds: what each kind of physicalId fills.
func TestKinds(t *testing.T) {
	tests := []struct {
		name, record string
		want         Row // physicalId, its identifier and what follows from the kind
		subscription string
		flags        []Flag
	}{
		{
			name: "cellular", record: `{"physicalId":" 8944-0000-0000-0000-001 ","subscriberId":"+44 7000 000001","imsi":"234150000000001"}`,
			want: Row{
				Kind: KindCellular, PhysicalID: "8944-0000-0000-0000-001", ICCID: "8944000000000000001", SubscriberID: "+44 7000 000001",
				Pairs: []Pair{{"234150000000001", "447000000001", true}},
			},
		},
		{
			name: "cellular without an IMSI", record: `{"physicalId":8944000000000000001,"subscriberId":447000000001,"imsi":null}`,
			want: Row{Kind: KindCellular, PhysicalID: "8944000000000000001", ICCID: "8944000000000000001", SubscriberID: "447000000001"},
		},
		{
			name: "cellular, no MSISDN", record: `{"physicalId":"8944000000000000002","subscriberId":"sim-2","imsi":"234150000000001"}`,
			want: Row{
				Kind: KindCellular, PhysicalID: "8944000000000000002", ICCID: "8944000000000000002", SubscriberID: "sim-2",
				Pairs: []Pair{{"234150000000001", "", true}},
			},
			flags: []Flag{FlagICCIDLuhn, FlagMSISDNFormat},
		},
		{
			name: "non-IP", record: `{"physicalId":"0080E1150000ABCD","subscriberId":"0080E1150000ABCD","imsi":""}`,
			want: Row{Kind: KindNonIP, PhysicalID: "0080E1150000ABCD", EUI: "0080e1150000abcd", SubscriberID: "0080E1150000ABCD"},
		},
		{
			name: "satellite", record: `{"physicalId":"354306110218530","subscriberId":"S-77","imsi":"901030000000001"}`,
			want: Row{
				Kind: KindSatellite, PhysicalID: "354306110218530", IMEI: "354306110218530", SubscriberID: "S-77",
				Pairs: []Pair{{"901030000000001", "", true}},
			},
			subscription: "S-77", flags: []Flag{FlagIMEILuhn},
		},
		{
			name: "unknown", record: `{"physicalId":"Gate\u0000way","subscriberId":"447000000001","imsi":"00101"}`,
			want:  Row{Kind: KindUnknown, PhysicalID: "Gateway", SubscriberID: "447000000001"},
			flags: []Flag{FlagIMSIRejected, FlagNULRemoved},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := onlyRow(t, iotxBatch(tt.record))
			equal(t, "flags", got.Flags, tt.flags)
			want := tt.want
			want.Identity, want.Content = PhysicalIdentity(got.PhysicalID), got.Content
			want.Status, want.Top, want.Flags, want.Contract = StatusInactive, true, got.Flags, &Contract{SubscriptionID: tt.subscription}
			equal(t, "row", got, want)
		})
	}
}

// TestIoTXIdentity: what is rejected whole for want of a name.
func TestIoTXIdentity(t *testing.T) {
	long := strings.Repeat("é", 128)
	tests := []struct{ name, record, subject, field, reason string }{
		{"missing", `{"subscriberId":"447000000001"}`, "", "physicalId", "missing"},
		{"blank", `{"physicalId":"  "}`, "", "physicalId", "missing"},
		{"object", `{"physicalId":{}}`, "", "physicalId", "neither text nor number"},
		{"fraction", `{"physicalId":1.5}`, "", "physicalId", "a number with a sign, a fraction or an exponent"},
		{"256 bytes", `{"physicalId":"` + long + `"}`, long[:254], "physicalId", "longer than 255 bytes"},
		{"name twice", `{"physicalId":"894400","imsi":"1","imsi":"2"}`, "894400", "", "a member is given twice"},
		{"null", `null`, "", "", "not an object"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := iotxBatch(tt.record)
			if len(b.Rows) != 0 || b.Records != 1 {
				t.Fatalf("%d rows of %d records", len(b.Rows), b.Records)
			}
			equal(t, "rejects", b.Rejects, []Reject{{
				Whole: true, Subject: tt.subject, Field: tt.field, Reason: tt.reason, Record: []byte(tt.record),
			}})
		})
	}
}

func TestContract(t *testing.T) {
	at := func(s string) *time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return &v
	}
	tests := []struct {
		name, members string
		want          Contract
		flags         []Flag
		refused       []refusal
	}{
		{name: "nothing"},
		{
			name: "all as text",
			members: `"dataNumber":9999,"operatorName":" One ","operatorCode":" op1 ","tariffName":"T","lineRental":"1000","connectionDate":"2018-02-11",
				"expiryDate":"2020-02-11 10:33:30+01:00","contractLength":"24.0","isBarred":"FALSE","isActive":"1","groupId":"99","subscriberType":" virtual ","smdpProvider":"P"`,
			want: Contract{
				DataNumber: "9999", OperatorName: " One ", OperatorCode: "op1", TariffName: "T", LineRentalMinor: new(int64(1000)),
				ConnectedAt: at("2018-02-11T00:00:00Z"), ExpiresAt: at("2020-02-11T09:33:30Z"), ContractMonths: new(int32(24)),
				IsBarred: new(false), IsActive: new(true), GroupID: new(int64(99)), SubscriberType: "virtual", SMDPProvider: "P",
			},
		},
		{
			name:    "all empty",
			members: `"dataNumber":null,"operatorName":"","lineRental":"","connectionDate":null,"contractLength":null,"isBarred":"","groupId":null,"networkState":null,"dataUsage":"","related":""`,
		},
		{
			name: "all refused",
			members: `"subscriberId":[],"dataNumber":true,"imsi":"x","nickname":{},"operatorName":[],"operatorCode":1.5,"tariffName":{},"lineRental":10.5,"connectionDate":"2018-02-30",
				"expiryDate":20200211,"contractLength":2147483648,"isBarred":"yes","isActive":2,"terminateDate":"-0044-03-15T00:00:00Z","groupId":"g","subscriberType":{},"eid":"1","smdpProvider":[],"related":[]`,
			flags: []Flag{
				FlagConnectionDateRejected, FlagContractLengthRejected, FlagDataNumberRejected, FlagEIDRejected, FlagExpiryDateRejected, FlagGroupIDRejected, FlagIMSIRejected,
				FlagIsActiveRejected, FlagIsBarredRejected, FlagLineRentalRejected, FlagNicknameRejected, FlagOperatorCodeRejected, FlagOperatorNameRejected, FlagRelatedRejected,
				FlagSMDPProviderRejected, FlagSubscriberIDRejected, FlagSubscriberTypeRejected, FlagTariffNameRejected, FlagTerminateDateRejected,
			},
			refused: []refusal{
				{false, "subscriberId", "neither text nor number"},
				{false, "imsi", "not 6 to 15 digits"},
				{false, "eid", "not 32 digits"},
				{false, "nickname", "an object or a list where a text is expected"},
				{false, "operatorCode", "a number with a sign, a fraction or an exponent"},
				{false, "operatorName", "an object or a list where a text is expected"},
				{false, "tariffName", "an object or a list where a text is expected"},
				{false, "lineRental", "not a whole number"},
				{false, "connectionDate", "no such date or time"},
				{false, "expiryDate", "not a date, nor a date and time of RFC 3339"},
				{false, "terminateDate", "a year outside 0001 to 9999"},
				{false, "contractLength", "a number beyond its column's range"},
				{false, "isActive", "neither true nor false"},
				{false, "isBarred", "neither true nor false"},
				{false, "groupId", "not a number"},
				{false, "dataNumber", "neither text nor number"},
				{false, "subscriberType", "an object or a list where a text is expected"},
				{false, "smdpProvider", "an object or a list where a text is expected"},
				{false, "related", "not an object"},
			},
		},
		{
			name: "subscriberId of 256 bytes", members: `"subscriberId":"` + strings.Repeat("x", 256) + `"`,
			flags: []Flag{FlagSubscriberIDRejected}, refused: []refusal{{false, "subscriberId", "longer than 255 bytes"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := iotxBatch(iotxWith(tt.members))
			row := onlyRow(t, b)
			equal(t, "contract", *row.Contract, tt.want)
			equal(t, "flags", row.Flags, tt.flags)
			equal(t, "rejects", refusals(b), tt.refused)
		})
	}
}

func TestIoTXStatus(t *testing.T) {
	past, now, future := `"2026-03-01T02:29:59.999999Z"`, `"2026-03-01T02:30:00Z"`, `"2027-01-01"`
	tests := []struct {
		members string
		want    Status
		flags   []Flag
	}{
		{`"terminateDate":` + past + `,"isBarred":true`, StatusTerminated, nil},
		{`"terminateDate":` + past + `,"isActive":true`, StatusTerminated, []Flag{FlagStatusContradiction}},
		{`"terminateDate":` + past + `,"isActive":false`, StatusTerminated, nil},
		{`"terminateDate":` + now + `,"isActive":true`, StatusActive, nil},
		{`"terminateDate":` + future + `,"isActive":true`, StatusActive, nil},
		{`"isBarred":true,"isActive":true`, StatusSuspended, nil},
		{`"isBarred":false,"isActive":true`, StatusActive, nil},
		{`"isBarred":false,"isActive":false`, StatusInactive, nil},
		{``, StatusInactive, nil},
	}
	for _, tt := range tests {
		row := onlyRow(t, iotxBatch(iotxWith(tt.members)))
		if row.Status != tt.want {
			t.Errorf("%s is %s; want %s", tt.members, row.Status, tt.want)
		}
		equal(t, tt.members, row.Flags, tt.flags)
	}
}

// TestObservation: what changes all the time is kept apart, and nothing of it, not even
// what is wrong with it, makes a version.
func TestObservation(t *testing.T) {
	quiet := onlyRow(t, iotxBatch(iotxWith(``)))
	tests := []struct {
		name, members string
		want          *Observation
		refused       []refusal
	}{
		{name: "nothing", members: ``},
		{name: "empty", members: `"networkState":{},"dataUsage":null`},
		{name: "nulls", members: `"networkState":{"isOnline":null,"isTransferring":""}`},
		{
			name: "all", members: `"networkState":{"isOnline":"true","isTransferring":false},"dataUsage":20480.0`,
			want: &Observation{new(true), new(false), new(int64(20480)), received},
		},
		{name: "usage of zero", members: `"dataUsage":"0"`, want: &Observation{DataUsageBytes: new(int64(0)), ObservedAt: received}},
		{
			name: "half readable", members: `"networkState":{"isOnline":true,"isTransferring":"\u0000?","signal":-70}`,
			want:    &Observation{IsOnline: new(true), ObservedAt: received},
			refused: []refusal{{false, "networkState.isTransferring", "neither true nor false"}},
		},
		{
			name: "not readable", members: `"networkState":"online","dataUsage":-1`, want: &Observation{ObservedAt: received},
			refused: []refusal{{false, "networkState", "not an object"}, {false, "dataUsage", "below zero"}},
		},
		{
			name: "fraction", members: `"dataUsage":1.5`, want: &Observation{ObservedAt: received},
			refused: []refusal{{false, "dataUsage", "not a whole number"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := iotxBatch(iotxWith(tt.members))
			row := onlyRow(t, b)
			equal(t, "observation", row.Observation, tt.want)
			equal(t, "rejects", refusals(b), tt.refused)
			if row.Content != quiet.Content {
				t.Error("the observation changes the content hash")
			}
		})
	}
}
