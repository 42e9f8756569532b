package fetch_test

import (
	"errors"
	"testing"

	"simsync/internal/fetch"

	"github.com/go-json-experiment/json/jsontext"
)

// A record that is none costs itself alone, not its page.
func TestBadRecordsInAGoodPage(t *testing.T) {
	body := []byte(`{"next":1,"content":[{"id":"1"},{"id":"1","id":"2"},{"id":"` + "\xff" + `"},{"id":"\ud800"},null,"x",[{}],{"id":{"a":1,"a":2}},{"ID":"3"},{}]}`)
	want := []error{
		nil, fetch.ErrDuplicateName, fetch.ErrInvalidUTF8, fetch.ErrInvalidUTF8, fetch.ErrNotObject, fetch.ErrNotObject,
		fetch.ErrNotObject, fetch.ErrDuplicateName, nil, nil,
	}
	envelope, err := fetch.ReadEnvelope(body)
	if err != nil {
		t.Fatal(err)
	}
	type record struct {
		ID      jsontext.Value `json:"id"`
		Unknown jsontext.Value `json:",embed"`
	}
	records := fetch.ReadRecords[record](envelope.Content)
	if len(records) != len(want) {
		t.Fatalf("%d records, want %d", len(records), len(want))
	}
	for i, rec := range records {
		if !errors.Is(rec.Err, want[i]) || rec.Err != nil && (rec.Value.ID != nil || rec.Value.Unknown != nil) {
			t.Errorf("%s: error %v with value %s, want %v", rec.Raw, rec.Err, rec.Value.ID, want[i])
		}
	}
	if got := records[8].Value; got.ID != nil || string(got.Unknown) != `{"ID":"3"}` {
		t.Errorf("a member in another case is %s, unknown %s", got.ID, got.Unknown)
	}
	if got := append(envelope.Content[0], "overwritten"...); string(envelope.Content[1][:5]) != `{"id"` {
		t.Errorf("an append to a record wrote into the next: %s", got)
	}
}

func TestCode(t *testing.T) {
	for code, want := range map[string]string{
		"GLOBAL_1001": "GLOBAL_1001", "NotFound": "NotFound", "subscriber.not-found": "subscriber.not-found", "404": "404",
		"8944000000000000001": "", "No such subscriber": "", "CUSTOMER_123456": "", "": "",
		"A_VERY_LONG_WORD_THAT_IS_NOT_A_CODE_AT_ALL": "",
	} {
		if got := fetch.Code(code); got != want {
			t.Errorf("%q: got %q, want %q", code, got, want)
		}
	}
}

func TestKindsAreErrors(t *testing.T) {
	err := error(&fetch.Error{Kind: fetch.KindRefused, Op: "do it", Status: 403, Code: "X_1", Err: errors.New("because")})
	if !errors.Is(err, fetch.KindRefused) || errors.Is(err, fetch.KindNotFound) {
		t.Errorf("%v is of another kind", err)
	}
	if got, want := err.Error(), "do it: refused, HTTP status 403, code X_1: because"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
