package report_test

import (
	"bytes"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/load"
	"simsync/internal/report"
)

const secretICCID = "8935711001000545451"

// refusals are rejects of each kind: with and without a subject, a field, and text.
var refusals = []load.Reject{
	{
		ID: 7, RunID: first, Source: "flolive", Listing: "3bd92beb-0367-4e68-b50d-72c0fb08beab", IsWhole: true, Subject: new(secretICCID), Field: new("subscriberId"),
		Reason: "missing", Record: new(`{"iccid": "` + secretICCID + `", "nickname": "Zoë\"s"}`), RejectedAt: minute(2),
	},
	{
		ID: 8, RunID: first, Source: "flolive", Listing: "details", Subject: new("Pump 7, hall B"), Field: new("imsiMsisdnPairs[1].msisdn"),
		Reason: "not 5 to 15 digits without a leading 0", Record: new(`{}`), RejectedAt: minute(3),
	},
	{ID: 12, RunID: first, Source: "iotx", Listing: "subscribers", IsWhole: true, Reason: "not an object", RecordBytes: []byte("\xff\x00\""), RejectedAt: minute(4)},
	{ID: 13, RunID: first, Source: "iotx", Listing: "subscribers", Subject: new("short"), Field: new("iccid"), Reason: "not 18 to 22 digits", Record: new("[]"), RejectedAt: minute(4)},
}

func each[T any](all ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, one := range all {
			if !yield(one, nil) {
				return
			}
		}
	}
}

func TestRejectsGolden(t *testing.T) {
	style := func(width int) report.Style { return report.Style{Width: width, Now: now, Location: cet} }
	for name, print := range map[string]func(*bytes.Buffer) (int, error){
		"rejects.txt":      func(b *bytes.Buffer) (int, error) { return report.Rejects(b, each(refusals...), style(0)) },
		"rejects_120.txt":  func(b *bytes.Buffer) (int, error) { return report.Rejects(b, each(refusals...), style(120)) },
		"rejects_40.txt":   func(b *bytes.Buffer) (int, error) { return report.Rejects(b, each(refusals...), style(40)) },
		"rejects.ndjson":   func(b *bytes.Buffer) (int, error) { return report.RejectsJSON(b, each(refusals...)) },
		"records.ndjson":   func(b *bytes.Buffer) (int, error) { return report.RejectRecords(b, each(refusals...)) },
		"rejects_none.txt": func(b *bytes.Buffer) (int, error) { return report.Rejects(b, each[load.Reject](), style(0)) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if _, err := print(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.String())
			if isWhole := name == "records.ndjson"; strings.Contains(b.String(), secretICCID) != isWhole {
				t.Errorf("an identifier is told: %t, want %t", !isWhole, isWhole)
			}
		})
	}
}

// A record comes back from its line as it was received, byte by byte.
func TestRejectRecordsKeepTheRecord(t *testing.T) {
	var b bytes.Buffer
	n, err := report.RejectRecords(&b, each(refusals...))
	if err != nil || n != len(refusals) {
		t.Fatalf("%d rejects, %v; want %d", n, err, len(refusals))
	}
	in := jsontext.NewDecoder(&b)
	for _, want := range refusals {
		var got struct {
			Record *string `json:"record"`
			Bytes  []byte  `json:"record_bytes"`
		}
		if err := json.UnmarshalDecode(in, &got); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got.Bytes, want.RecordBytes) || (got.Record == nil) != (want.Record == nil) || got.Record != nil && *got.Record != *want.Record {
			t.Errorf("reject %d came back as %v and %q", want.ID, got.Record, got.Bytes)
		}
	}
}

// A long list is several tables, and nobody has to hold it whole: what is read is
// written before much more is.
func TestRejectsGoOutAsTheyComeIn(t *testing.T) {
	const many = 1234
	for name, print := range map[string]func(*bytes.Buffer, iter.Seq2[load.Reject, error]) (int, error){
		"text": func(b *bytes.Buffer, all iter.Seq2[load.Reject, error]) (int, error) {
			return report.Rejects(b, all, report.Style{Location: cet})
		},
		"json": func(b *bytes.Buffer, all iter.Seq2[load.Reject, error]) (int, error) {
			return report.RejectsJSON(b, all)
		},
		"records": func(b *bytes.Buffer, all iter.Seq2[load.Reject, error]) (int, error) {
			return report.RejectRecords(b, all)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			most := 0
			n, err := print(&b, func(yield func(load.Reject, error) bool) {
				for i := range many {
					r := refusals[0]
					r.ID = int64(i)
					if !yield(r, nil) {
						return
					}
					most = max(most, i+1-strings.Count(b.String(), "missing"))
				}
			})
			if err != nil || n != many || strings.Count(b.String(), "missing") != many {
				t.Errorf("%d rejects, %v, and %d lines; want %d", n, err, strings.Count(b.String(), "missing"), many)
			}
			if most > 500 {
				t.Errorf("%d rejects were held back", most)
			}
		})
	}
}

// A list that breaks off says so, and what does not arrive is no success.
func TestRejectsThatBreakOff(t *testing.T) {
	broken := func(yield func(load.Reject, error) bool) {
		_ = yield(refusals[0], nil) && yield(load.Reject{}, errFull)
	}
	for name, err := range map[string]error{
		"Rejects, reading":       errorOf(report.Rejects(new(bytes.Buffer), broken, report.Style{})),
		"RejectsJSON, reading":   errorOf(report.RejectsJSON(new(bytes.Buffer), broken)),
		"RejectRecords, reading": errorOf(report.RejectRecords(new(bytes.Buffer), broken)),
		"Rejects, writing":       errorOf(report.Rejects(full{}, each(refusals...), report.Style{})),
		"RejectsJSON, writing":   errorOf(report.RejectsJSON(full{}, each(refusals...))),
		"RejectRecords, writing": errorOf(report.RejectRecords(full{}, each(slices.Repeat(refusals, 1000)...))),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: %v, want %v", name, err, errFull)
		}
	}
}

func errorOf[T any](_ T, err error) error { return err }
