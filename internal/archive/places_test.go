package archive

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simsync/internal/fetch"
)

// Any choice of an answer's records is found again in it, also where they are alike.
func TestRecordsAreFoundAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		body := []byte(rapid.SampledFrom([]string{`{"content":[`, `{"pitId":"{}","content" : [ `}).Draw(t, "before"))
		for i, record := range rapid.SliceOfN(rapid.SampledFrom([]string{`{}`, `{"a":1}`, `"{}"`, `1`, `{"a":{}}`}), 1, 20).Draw(t, "records") {
			if i > 0 {
				body = append(body, rapid.SampledFrom([]string{",", " ,\n  "}).Draw(t, "between")...)
			}
			body = append(body, record...)
		}
		body = append(body, `],"total":1}`...)
		envelope, err := fetch.ReadEnvelope(body)
		if err != nil {
			t.Fatal(err)
		}
		var want [][]byte
		for _, raw := range envelope.Content {
			if rapid.Bool().Draw(t, "handed on") {
				want = append(want, raw)
			}
		}
		places, err := locate(body, want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := places.Records(body)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(bytes.Equal)); diff != "" && len(want) > 0 {
			t.Errorf("records (-want +got):\n%s", diff)
		}
	})
}

func TestRecordsOfAnotherAnswer(t *testing.T) {
	t.Parallel()
	if _, err := locate([]byte(`{"content":[{}]}`), [][]byte{[]byte(`{}`), []byte(`{}`)}); err == nil {
		t.Error("a record that is not there was found")
	}
	for _, p := range []Places{{0, 20}, {20, 0}, {-1, 2}, {2, -1}, {5, 5, 5, 5}} {
		if _, err := p.Records([]byte(`{"content":[]}`)); !errors.Is(err, ErrTorn) {
			t.Errorf("%v: %v", p, err)
		}
	}
}
