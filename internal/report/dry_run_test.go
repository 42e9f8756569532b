package report_test

import (
	"simsync/internal/load"
	"simsync/internal/report"
)

// foretold is what a dry run found at a source with all that there can be, at one where
// the provider was out of reach, and at one that is as it was.
var foretold = []report.Compared{
	{
		As: heldBack,
		Found: &load.Comparison{
			Promoted: load.Promoted{Doubtful: 1012},
			Fields:   []load.FieldCount{{Field: "status", Subscribers: 1200}, {Field: "imsi_pairs", Subscribers: 2}},
			Examples: []load.Example{
				{Change: "inserted", Subscriber: "8935***********4535"},
				{Change: "updated", Subscriber: "8935***********9982", Fields: []load.FieldChange{
					{Field: "imsi_pairs", Old: new("***"), New: new("***")},
					{Field: "nickname", New: new("Pump\x1b[2J 7")},
					{Field: "status", Old: new("active"), New: new("suspended")},
				}},
				{Change: "removed", Subscriber: "8944***********0001", Fields: []load.FieldChange{{Field: "removed_at", New: new("2026-11-21 03:05:00+00")}}},
			},
		},
	},
	{As: failed},
	{As: firstLoad, Found: &load.Comparison{}},
}
