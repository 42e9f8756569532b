package flolive

import (
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"simsync/internal/fetch"
)

// FuzzSubscriber holds the two ways in which a record is read to one result: member
// by member where it is of the known shape, by reflection where it is not.
func FuzzSubscriber(f *testing.F) {
	for _, text := range []string{
		`{}`,
		`{"subscriberId":"a","iccid":8935711001000034535,"status":null,"imei":"","imeisv":[1],"customerId":{},"customerName":"x"}`,
		`{ "iccid" : "1" , "imsiMsisdnPairs" : [ { "imsi" : "2" } ] }`,
		`{"iccid":"1","iccid":"2"}`,
		`{"iccid":"1","new":true}`,
		`{"\u0069ccid":"1"}`,
		`{"iccid":"1"`,
		`{"iccid":"1"} x`,
		"{\"iccid\":\"\xff\"}",
		`{"iccid":"\ud800"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		raw := jsontext.Value(text)
		if raw.Kind() != '{' {
			return
		}
		var want Subscriber
		wantErr := json.Unmarshal(raw, &want)
		got := fetch.ReadRecord[Subscriber](raw)
		if (wantErr != nil) != (got.Err != nil) {
			t.Fatalf("%q: %v, want %v", text, got.Err, wantErr)
		}
		if wantErr == nil && !cmp.Equal(want, got.Value) {
			t.Errorf("%q: %s", text, cmp.Diff(want, got.Value))
		}
	})
}
