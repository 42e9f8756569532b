package report_test

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"simsync/internal/fetch"
	"simsync/internal/load"
)

// morning is when the page is made: a few hours after the last night.
var morning = time.Date(2026, 11, 21, 7, 30, 0, 0, time.UTC)

// nights ago at two in the morning.
func nightly(ago int) time.Time { return time.Date(2026, 11, 21-ago, 2, 0, 0, 0, time.UTC) }

// Names that a provider may send and a page must bear.
var (
	long    = strings.Repeat("Wasserwerke und Zählerfernauslesung ", 6) + "GmbH"
	oneWord = strings.Repeat("Grundstücksverkehrsgenehmigung", 7)
	hostile = `</td></table><script>alert(1)</script><img src=x onerror=alert(2)> & "quotes"`
	leftish = "شركة الاتصالات \u202eevil\u202c 🛰\ufe0f👩\u200d🚀"
)

func group(source, name string, active, suspended int64) load.GroupFigures {
	return load.GroupFigures{Source: source, Name: &name, Groups: 1, StatusCounts: load.StatusCounts{Active: active, Suspended: suspended, Unknown: 3}}
}

func figureRun(source string, ago int, outcome load.Outcome, inserted, updated, removed int64) load.RunFigures {
	at := nightly(ago)
	return load.RunFigures{
		RunID: uuid.UUID{byte(ago)}, Source: source, Command: "run", IsWhole: true, IsOK: outcome == load.OutcomeOK, StartedAt: at, FinishedAt: new(at.Add(90 * time.Second)), Outcome: &outcome,
		AsOf: new(at.Add(time.Minute)), Records: n(1_034_727), Inserted: &inserted, Updated: &updated, Removed: &removed, Rejected: n(40), RejectedParts: n(8),
		Walks: 4, CompleteWalks: 4,
	}
}

// figures are a fleet of two sources whose last night went well.
func figures() load.Figures {
	f := load.Figures{
		At: morning, Since: nightly(29).Truncate(24 * time.Hour), Days: 30,
		Sources: []load.SourceFigures{
			{Source: "flolive", StatusCounts: load.StatusCounts{Active: 800_000, Suspended: 120_000, Inactive: 60_000, Terminated: 50_000, Unknown: 4}, Flagged: 12_034},
			{Source: "iotx", StatusCounts: load.StatusCounts{Active: 4000, Terminated: 320}, Flagged: 1, Observed: 4320, Online: 3001},
		},
		Customers: []load.GroupFigures{
			group("flolive", "Gualas LTD", 600_000, 100_000), group("flolive", long, 90_000, 20), group("flolive", hostile, 70_000, 0),
			group("flolive", leftish, 30_000, 0), group("flolive", oneWord, 100, 0),
			{Source: "iotx", Groups: 1, StatusCounts: load.StatusCounts{Active: 4320}},
			{Groups: 385, StatusCounts: load.StatusCounts{Active: 9884}},
		},
		Operators: []load.GroupFigures{group("iotx", "Operator One", 3000, 10), {Source: "iotx", ID: new("O2"), Groups: 1, StatusCounts: load.StatusCounts{Active: 1307}}},
		Tariffs:   []load.GroupFigures{group("iotx", "TARIFF 5MB", 4000, 317)},
		Flags: []load.FlagCount{
			{Flag: "iccid_luhn", Source: "flolive", Relation: load.RelationSubscriber, Count: 12_000, OfRows: 1_030_004},
			{Flag: "location_range", Source: "flolive", Relation: load.RelationDetail, Count: 170, OfRows: 990_000},
			{Flag: "imei_rejected", Source: "flolive", Relation: load.RelationSubscriber, Count: 40, OfRows: 1_030_004},
			{Flag: "iccid_luhn", Source: "flolive", Relation: load.RelationProfile, Count: 3, OfRows: 1200},
			{Flag: "iccid_luhn", Source: "iotx", Relation: load.RelationSubscriber, Count: 1, OfRows: 4320},
		},
		Freshness: []load.Freshness{
			{Source: "flolive", CompleteAsOf: new(nightly(0)), LoadedAsOf: new(nightly(0)), AttemptedAt: new(nightly(0)), AttemptedOutcome: "ok", IsComplete: true},
			{Source: "iotx", CompleteAsOf: new(nightly(0)), LoadedAsOf: new(nightly(0)), AttemptedAt: new(nightly(0)), AttemptedOutcome: "ok", IsComplete: true},
		},
		Rejects: []load.RejectFigures{
			{RejectCount: load.RejectCount{Source: "flolive", IsWhole: true, Reason: "not an object", Count: 1560}, Last: nightly(0)},
			{RejectCount: load.RejectCount{Source: "flolive", Field: new("imsiMsisdnPairs[].imsi"), Reason: "not 6 to 15 digits", Count: 312}, Last: nightly(7)},
		},
	}
	for ago := range 20 {
		inserted := int64(300 + 17*ago)
		if ago == 19 {
			inserted = 1_030_004 // the first load
		}
		f.Runs = append(f.Runs, figureRun("flolive", ago, load.OutcomeOK, inserted, 2000+int64(ago), 140), figureRun("iotx", ago, load.OutcomeOK, 4, 11, 1))
	}
	late := figureRun("flolive", 5, load.OutcomeIncomplete, 20, 30, 0)
	late.CompleteWalks, late.Reasons, late.Error = 2, []fetch.Verdict{"lost_answer", "drift"}, new("walk listing 3bd92beb: lost_answer in each of 3 sessions")
	f.Runs = append(f.Runs[:10], append([]load.RunFigures{late}, f.Runs[12:]...)...)
	for ago := 18; ago >= 0; ago-- {
		if ago == 6 {
			continue // a night on which nothing was observed
		}
		f.Usage = append(f.Usage, load.UsageFigures{Day: nightly(ago).Truncate(24 * time.Hour), Bytes: 14_000_000_000 + 300_000_000*int64(ago%5), Observed: 4320})
	}
	f.Usage[0].Bytes, f.Usage[0].IsFirst = 0, true
	return f
}

// bad is a fleet of which nothing is complete, or nothing is loaded.
func bad() load.Figures {
	f := figures()
	f.Freshness = []load.Freshness{
		{Source: "flolive", CompleteAsOf: new(nightly(3)), LoadedAsOf: new(nightly(0)), AttemptedAt: new(nightly(0)), AttemptedOutcome: "incomplete", AttemptsSince: 3},
		{Source: "iotx", LoadedAsOf: new(nightly(0)), AttemptedAt: new(nightly(0)), AttemptedOutcome: "held_back", AttemptedError: new("too many rejects: 3.59 % of the records, more than the 1.00 % that --max-rejects allows"), AttemptsSince: 20},
		{Source: "never", AttemptedAt: new(nightly(0)), AttemptedOutcome: "failed", AttemptsSince: 1},
		{Source: "stopped", CompleteAsOf: new(nightly(1)), LoadedAsOf: new(nightly(1)), AttemptedAt: new(nightly(0)), AttemptedOutcome: "interrupted", AttemptsSince: 1},
		{Source: "old", CompleteAsOf: new(nightly(2)), LoadedAsOf: new(nightly(2)), AttemptedAt: new(nightly(2)), AttemptedOutcome: "ok", IsComplete: true},
		{Source: "killed", CompleteAsOf: new(nightly(1)), LoadedAsOf: new(nightly(1)), AttemptedAt: new(nightly(0)), AttemptedOutcome: "killed", AttemptsSince: 1},
		{Source: "at it", CompleteAsOf: new(nightly(1)), LoadedAsOf: new(nightly(1)), AttemptedAt: new(morning), AttemptedOutcome: "running", AttemptsSince: 1},
		{Source: "at it again", CompleteAsOf: new(nightly(4)), LoadedAsOf: new(nightly(4)), AttemptedAt: new(morning), AttemptedOutcome: "running", AttemptsSince: 1},
	}
	return f
}

// unloaded is a ledger without a fleet: the first sync failed.
func unloaded() load.Figures {
	failed := figureRun("flolive", 0, load.OutcomeFailed, 0, 0, 0)
	failed.AsOf, failed.Records, failed.Inserted, failed.Updated, failed.Removed, failed.Rejected = nil, nil, nil, nil, nil, nil
	failed.RejectedParts = nil
	failed.Walks, failed.CompleteWalks, failed.Error = 0, 0, new("the provider is out of reach")
	return load.Figures{
		At: morning, Since: nightly(29).Truncate(24 * time.Hour), Days: 30, Runs: []load.RunFigures{failed},
		Freshness: []load.Freshness{{Source: "flolive", AttemptedAt: new(nightly(0)), AttemptedOutcome: "failed", AttemptsSince: 1}},
	}
}

// quarter is three months, which are shown by the week.
func quarter() load.Figures {
	f := figures()
	f.Days, f.Since = 90, nightly(89).Truncate(24*time.Hour)
	for ago := 20; ago < 90; ago++ {
		f.Runs = append(f.Runs, figureRun("iotx", ago, load.OutcomeOK, 70, 30, 10))
	}
	return f
}

// namedSources is a fleet of a source whose name is as long as the settings let it be, and
// of one whose name is just short enough to be kept whole.
func namedSources() load.Figures {
	f := figures()
	rename := func(source *string) {
		*source = map[string]string{"flolive": "emea_wholesale", "iotx": strings.Repeat("long_name_", 6) + "end"}[*source]
	}
	for i := range f.Sources {
		rename(&f.Sources[i].Source)
		rename(&f.Freshness[i].Source)
	}
	for i := range f.Customers {
		if f.Customers[i].Source != "" {
			rename(&f.Customers[i].Source)
		}
	}
	for i := range f.Runs {
		rename(&f.Runs[i].Source)
	}
	for i := range f.Flags {
		rename(&f.Flags[i].Source)
	}
	for i := range f.Rejects {
		rename(&f.Rejects[i].Source)
	}
	return f
}

// oneSource has neither customers nor contracts, nor usage.
func oneSource() load.Figures {
	f := figures()
	f.Sources, f.Freshness, f.Runs = f.Sources[:1], f.Freshness[:1], f.Runs[:1]
	f.Sources[0].Flagged = 0
	f.Customers, f.Operators, f.Tariffs, f.Flags, f.Usage, f.Rejects = nil, nil, nil, nil, nil, nil
	return f
}

var pages = map[string]func() load.Figures{
	"fleet":    figures,
	"bad":      bad,
	"empty":    func() load.Figures { return load.Figures{At: morning, Since: nightly(29), Days: 30} },
	"unloaded": unloaded,
	"quarter":  quarter,
	"one":      oneSource,
	"named":    namedSources,
}
