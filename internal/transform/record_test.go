package transform

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
)

// received is the now of these tests.
var received = time.Date(2026, 3, 1, 2, 30, 0, 0, time.UTC)

// record reads raw strictly, as a page's records are.
func record[R any](raw string) fetch.Record[R] {
	rec := fetch.Record[R]{Raw: jsontext.Value(raw)}
	var v R
	if rec.Err = json.Unmarshal([]byte(raw), &v); rec.Err == nil {
		rec.Value = v
	}
	return rec
}

func floLIVEBatch(raw string) *Batch {
	b := new(Batch)
	b.FloLIVE(record[flolive.Subscriber](raw))
	return b
}

func iotxBatch(raw string) *Batch {
	b := new(Batch)
	b.IoTX(record[iotx.Subscriber](raw), received)
	return b
}

// onlyRow is the one row of a batch.
func onlyRow(t *testing.T, b *Batch) Row {
	t.Helper()
	if len(b.Rows) != 1 || b.Records != 1 {
		t.Fatalf("%d rows of %d records, rejects %v; want one row", len(b.Rows), b.Records, refusals(b))
	}
	return b.Rows[0]
}

// refusal is what a test looks at of a reject.
type refusal struct {
	Whole         bool
	Field, Reason string
}

func refusals(b *Batch) []refusal {
	var all []refusal
	for _, r := range b.Rejects {
		all = append(all, refusal{r.Whole, r.Field, r.Reason})
	}
	return all
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
