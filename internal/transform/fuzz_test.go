package transform

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
)

func FuzzFloLIVE(f *testing.F) {
	seed(f, "flolive")
	for _, s := range []string{
		`{}`, `null`, `{"subscriberId":"a","subscriberId":"b","iccid":8935711001000034535}`,
		floLIVEWith(`"imsiMsisdnPairs":[{"imsi":"001010","msisdn":"x","isLastActive":3,"n\u0000":1e99999},[],null]`),
		floLIVEWith(`"imei":{},"imeisv":true,"customerId":"x","a":[[[{"\u0000":"\u0000"}]]]`),
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		check(t, raw, func(b *Batch) { b.FloLIVE(record[flolive.Subscriber](raw)) })
	})
}

func FuzzIoTX(f *testing.F) {
	seed(f, "iotx")
	for _, s := range []string{
		`{}`, `[]`, `{"physicalId":"354306110218530","imsi":"x","dataUsage":1e400,"connectionDate":"-1-1"}`,
		`{"physicalId":"0080E1150000ABCD","related":{"parent":{"physicalId":"p"},"profiles":[{"physicalId":"p","isEnabled":1,"a":1},{},3]}}`,
		`{"physicalId":1234,"related":{"profiles":[{"physicalId":5,"related":{"profiles":[{"physicalId":1234,"related":{"x":"\u0000"}}]}}]}}`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		check(t, raw, func(b *Batch) { b.IoTX(record[iotx.Subscriber](raw), received) })
	})
}

// seed adds the records of the providers' pages.
func seed(f *testing.F, name string) {
	f.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		f.Fatal(err)
	}
	var elements []jsontext.Value
	if err := json.Unmarshal(text, &elements); err != nil {
		f.Fatal(err)
	}
	for _, element := range elements {
		f.Add(string(element))
	}
}

// check adds a record to a fresh batch and to one used before: both become the same,
// the sum is right, and the database can hold every row.
func check(t *testing.T, raw string, add func(*Batch)) {
	var fresh Batch
	add(&fresh)
	balanced(t, &fresh)
	for i := range fresh.Rows {
		storable(t, &fresh.Rows[i])
	}
	for _, r := range fresh.Rejects {
		if r.Reason == "" || len(r.Subject) > longestName || !storableText(r.Subject) {
			t.Errorf("reject %+v", r)
		}
		if !r.Whole && (r.SubscriberID != "" || r.ICCID != "") {
			t.Errorf("a part of a record is rejected with the identity: %+v", r)
		}
	}
	used := floLIVEBatch(floLIVEWith(`"imsiMsisdnPairs":[{"imsi":"222013090961859","a":1}],"imei":"x"`))
	used.Reset()
	add(used)
	empty := cmpopts.EquateEmpty()
	if !cmp.Equal(fresh.Rows, used.Rows, empty) || !cmp.Equal(fresh.Rejects, used.Rejects, empty) {
		t.Errorf("%q becomes something else in a batch that was used before", raw)
	}
}

// The checks of the table fleet.subscriber and its children.
var (
	iccidColumn  = regexp.MustCompile(`^([0-9]{18,22})?$`)
	eidColumn    = regexp.MustCompile(`^([0-9]{32})?$`)
	imeiColumn   = regexp.MustCompile(`^([0-9]{14,15})?$`)
	imeisvColumn = regexp.MustCompile(`^([0-9]{16})?$`)
	euiColumn    = regexp.MustCompile(`^([0-9a-f]{16})?$`)
	imsiColumn   = regexp.MustCompile(`^[0-9]{6,15}$`)
	msisdnColumn = regexp.MustCompile(`^([1-9][0-9]{4,14})?$`)
)

func storable(t *testing.T, r *Row) {
	t.Helper()
	fits := iccidColumn.MatchString(string(r.ICCID)) && eidColumn.MatchString(string(r.EID)) &&
		imeiColumn.MatchString(string(r.IMEI)) && imeisvColumn.MatchString(string(r.IMEISV)) && euiColumn.MatchString(string(r.EUI)) &&
		len(r.SubscriberID) <= longestName && len(r.PhysicalID) <= longestName &&
		(r.PhysicalID != "" || r.SubscriberID != "" && r.ICCID != "") &&
		(r.PhysicalID == "") == (r.Contract == nil)
	for _, text := range []string{r.SubscriberID, r.PhysicalID, r.Nickname, r.ProviderStatus, r.CustomerName} {
		fits = fits && storableText(text)
	}
	active := 0
	for _, p := range r.Pairs {
		fits = fits && imsiColumn.MatchString(string(p.IMSI)) && msisdnColumn.MatchString(string(p.MSISDN))
		if p.IsLastActive {
			active++
		}
	}
	if !fits || active > 1 || len(r.Pairs) > maxPairs {
		t.Errorf("no column holds %+v", r)
	}
	if !slices.IsSorted(r.Flags) || len(slices.Compact(slices.Clone(r.Flags))) != len(r.Flags) {
		t.Errorf("flags %v are not sorted and unique", r.Flags)
	}
	if r.Extra != nil && (r.Extra.Kind() != '{' || !r.Extra.IsValid() || level(t, r.Extra) > deepest) {
		t.Errorf("extra is %s", r.Extra)
	}
	if r.Parent != nil && r.Parent.Parent == r.Identity {
		t.Error("a row is its own parent")
	}
}

func storableText(s string) bool {
	return utf8.ValidString(s) && !slices.Contains([]byte(s), 0)
}
