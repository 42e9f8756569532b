package report_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jedib0t/go-pretty/v6/text"

	"simsync/internal/load"
	"simsync/internal/report"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// The night is told in a zone an hour east of UTC, without the machine's list of zones.
var (
	cet = time.FixedZone("CET", 3600)
	now = time.Date(2026, 11, 21, 3, 20, 12, 0, time.UTC)
)

var (
	first  = uuid.MustParse("01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11")
	second = uuid.MustParse("01a4b917-aa02-7c0d-8e40-c03d77e9b2a5")
	third  = uuid.MustParse("01a4b94e-0b7f-7d55-b1aa-1f6e90d2873c")
)

func n(v int64) *int64 { return new(v) }

// minute is a time on the last night.
func minute(m int) time.Time {
	return time.Date(2026, 11, 21, 3, m, 0, 0, time.UTC)
}

func started(id uuid.UUID, source string, at time.Time) load.RunRow {
	return load.RunRow{RunID: id, Source: source, Command: "run", StartedAt: at, Version: "1.4.0"}
}

func ended(r load.RunRow, after time.Duration, outcome load.Outcome, exit int, why string) load.RunRow {
	r.FinishedAt, r.Outcome, r.ExitCode = new(r.StartedAt.Add(after)), &outcome, &exit
	if why != "" {
		r.Error = &why
	}
	r.Requests, r.Retries, r.Bytes = n(1204), n(3), n(423_400_000)
	return r
}

func counted(r load.RunRow, inserted, updated, unchanged, repeated, rejected, removed int64) load.RunRow {
	r.Records = new(inserted + updated + unchanged + repeated + rejected)
	r.Inserted, r.Updated, r.Unchanged, r.Repeated, r.Rejected, r.RejectedParts = &inserted, &updated, &unchanged, &repeated, &rejected, new(rejected/5)
	r.Removed = &removed
	return r
}

// Sources as they end, one a case.
var (
	good      = counted(ended(started(first, "flolive", minute(0)), 83*time.Second, load.OutcomeOK, 0, ""), 120, 34_567, 1_000_000, 2, 40, 1012)
	announced = func() load.RunRow { r := good; r.Declared = n(1_034_727); return r }()
	enriched  = func() load.RunRow {
		r := announced
		r.DetailsAsked, r.DetailsFound, r.ProfilesAsked, r.ProfilesFound = n(19_990), n(19_871), n(10), n(23)
		return r
	}()
	firstLoad  = counted(ended(started(first, "iotx", minute(0)), 340*time.Millisecond, load.OutcomeOK, 0, ""), 250, 0, 0, 0, 0, 0)
	heldBack   = counted(ended(started(second, "flolive", minute(5)), 2*time.Hour, load.OutcomeHeldBack, 4, "4,000 of 10,000 subscribers would be removed, more than the limit of 20 %"), 1, 2, 5997, 0, 0, 0)
	incomplete = counted(ended(started(second, "iotx", minute(5)), 12_340*time.Millisecond, load.OutcomeIncomplete, 3, "listing subscribers: drift"), 3, 0, 997, 11, 0, 0)
	failed     = ended(started(second, "東京", minute(5)), 61*time.Second, load.OutcomeFailed, 1, "the provider is out of reach: dial tcp: connection refused")
	stopped    = ended(started(second, "stopped", minute(5)), 3*time.Second, load.OutcomeInterrupted, 143, "stopped by SIGTERM")
	killed     = started(second, "killed", minute(5))
	running    = func() load.RunRow {
		r := started(third, "flolive", minute(19))
		r.Running = true
		return r
	}()
	windowed = func() load.RunRow {
		r := counted(ended(started(third, "iotx", minute(12)), 2*time.Second, load.OutcomeOK, 0, ""), 7, 0, 12, 0, 0, 0)
		r.Command, r.ConnectedSince, r.ConnectedUntil = "backfill", new(minute(0).AddDate(0, -1, 0)), new(minute(0))
		r.AsOf = new(minute(12).Add(time.Second))
		return r
	}()
	replayed = func() load.RunRow {
		r := good
		r.RunID, r.Command, r.StartedAt, r.FinishedAt = third, "backfill", minute(10), new(minute(11))
		r.AsOf = new(minute(0).AddDate(0, 0, -3))
		return r
	}()
	// brokenOff loaded all, and could not read the details.
	brokenOff = func() load.RunRow {
		r := counted(ended(started(first, "slow", minute(0)), 5*time.Second, load.OutcomeOK, 1, "details: the provider is out of reach"), 1, 2, 3, 0, 0, 0)
		r.DetailsAsked, r.DetailsFound, r.ProfilesAsked, r.ProfilesFound = n(7), n(7), n(0), n(0)
		return r
	}()
	// cut are runs of which something came after the load, or nothing else.
	cut = func() []load.RunRow {
		killed := counted(started(second, "killed", minute(5)), 1, 2, 3, 0, 0, 0)
		killed.LoadOutcome, killed.Error = new(load.OutcomeHeldBack), new("400 of 1,000 subscribers (40.0 %) would be removed, more than the removal limit of 20.0 %")
		stopped := counted(ended(started(second, "stopped", minute(5)), time.Second, load.OutcomeInterrupted, 143, "terminated"), 1, 2, 3, 0, 0, 0)
		stopped.LoadOutcome = new(load.OutcomeOK)
		more := ended(started(second, "more", minute(5)), time.Second, load.OutcomeOK, 0, "")
		more.Command, more.ContinuesRunID = "backfill", &first
		return []load.RunRow{killed, stopped, more}
	}()
	ledger = []load.RunRow{running, heldBack, incomplete, killed, stopped, failed, good, firstLoad, brokenOff}
)

// detail is a run on sources that each walked two listings, where they came so far.
func detail(sources ...load.RunRow) load.RunDetail {
	d := load.RunDetail{RunID: sources[0].RunID, Sources: sources}
	for _, r := range sources {
		if r.Records == nil {
			continue
		}
		whole := load.WalkRow{
			RunID: r.RunID, Source: r.Source, Listing: "3bd92beb-0367-4e68-b50d-72c0fb08beab", Verdict: "complete",
			Declared: n(1_000_000), DistinctRecords: 1_000_000, Sessions: 1, Requests: 100, StartedAt: r.StartedAt, FinishedAt: r.StartedAt.Add(80 * time.Second),
		}
		part := load.WalkRow{
			RunID: r.RunID, Source: r.Source, Listing: "subscribers", Verdict: "complete",
			DistinctRecords: 34_727, Repeated: 2, Sessions: 3, Requests: 1104, StartedAt: r.StartedAt, FinishedAt: r.StartedAt.Add(400 * time.Millisecond),
		}
		if r.Outcome != nil && *r.Outcome == load.OutcomeIncomplete {
			part.Verdict = "drift"
		}
		d.Walks = append(d.Walks, whole, part)
		if *r.Rejected > 0 {
			d.Rejects = append(d.Rejects,
				load.RejectCount{Source: r.Source, IsWhole: true, Reason: "not an object", Count: *r.Rejected - 3},
				load.RejectCount{Source: r.Source, IsWhole: true, Field: new("iccid"), Reason: "not 18 to 22 digits", Count: 3},
				load.RejectCount{Source: r.Source, Field: new("related.profiles[].imsiMsisdnPairs[].msisdn"), Reason: "not 5 to 15 digits without a leading 0", Count: *r.RejectedParts},
			)
		}
		if r.DetailsAsked != nil && *r.Rejected > 0 {
			d.Rejects = append(d.Rejects, load.RejectCount{Source: r.Source, Field: new("lastIpAddress"), Reason: "not an IP address", Count: 1234})
		}
	}
	return d
}

func TestGolden(t *testing.T) {
	style := func(width int) report.Style { return report.Style{Width: width, Now: now, Location: cet} }
	colored := style(0)
	colored.Color = true
	backfills := []load.RunRow{windowed, replayed, good}
	for name, print := range map[string]func(*bytes.Buffer) error{
		"runs.txt":     func(b *bytes.Buffer) error { return report.Runs(b, ledger, style(0)) },
		"runs_120.txt": func(b *bytes.Buffer) error { return report.Runs(b, ledger, style(120)) },
		"runs_80.txt":  func(b *bytes.Buffer) error { return report.Runs(b, ledger, style(80)) },
		"runs_40.txt":  func(b *bytes.Buffer) error { return report.Runs(b, ledger, style(40)) },
		"runs_backfill.txt": func(b *bytes.Buffer) error {
			return report.Runs(b, backfills, style(200))
		},
		"runs_backfill_80.txt": func(b *bytes.Buffer) error { return report.Runs(b, backfills, style(80)) },
		"detail_backfill.txt":  func(b *bytes.Buffer) error { return report.RunDetail(b, detail(replayed, windowed), style(100)) },
		"runs_1.txt":           func(b *bytes.Buffer) error { return report.Runs(b, ledger, style(1)) },
		"runs_color.txt":       func(b *bytes.Buffer) error { return report.Runs(b, ledger, colored) },
		"runs_empty.txt":       func(b *bytes.Buffer) error { return report.Runs(b, nil, style(80)) },
		"runs.json":            func(b *bytes.Buffer) error { return report.RunsJSON(b, []load.RunRow{running, failed, good, windowed}) },
		"runs_empty.json":      func(b *bytes.Buffer) error { return report.RunsJSON(b, nil) },
		"summary.txt":          func(b *bytes.Buffer) error { return report.Summary(b, ledger[1:6], style(100)) },
		"summary_60.txt":       func(b *bytes.Buffer) error { return report.Summary(b, ledger[1:6], style(60)) },
		"summary_ok.txt":       func(b *bytes.Buffer) error { return report.Summary(b, ledger[6:], style(100)) },
		"summary_empty.txt":    func(b *bytes.Buffer) error { return report.Summary(b, nil, style(100)) },
		"detail.txt":           func(b *bytes.Buffer) error { return report.RunDetail(b, detail(enriched, incomplete), style(0)) },
		"detail_80.txt":        func(b *bytes.Buffer) error { return report.RunDetail(b, detail(announced), style(80)) },
		"detail_1.txt":         func(b *bytes.Buffer) error { return report.RunDetail(b, detail(announced), style(1)) },
		"detail_color.txt":     func(b *bytes.Buffer) error { return report.RunDetail(b, detail(announced), colored) },
		"detail_bad_ends.txt":  func(b *bytes.Buffer) error { return report.RunDetail(b, detail(killed, stopped, failed), style(100)) },
		"detail_cut.txt":       func(b *bytes.Buffer) error { return report.RunDetail(b, detail(cut...), style(100)) },
		"detail_running.txt":   func(b *bytes.Buffer) error { return report.RunDetail(b, detail(running), style(100)) },
		"dry_run.txt":          func(b *bytes.Buffer) error { return report.DryRun(b, foretold, style(0)) },
		"dry_run_60.txt":       func(b *bytes.Buffer) error { return report.DryRun(b, foretold, style(60)) },
		"dry_run_color.txt":    func(b *bytes.Buffer) error { return report.DryRun(b, foretold, colored) },
		"dry_run.json":         func(b *bytes.Buffer) error { return report.DryRunJSON(b, foretold) },
		"detail.json":          func(b *bytes.Buffer) error { return report.RunDetailJSON(b, detail(good)) },
		"detail_bad_ends.json": func(b *bytes.Buffer) error { return report.RunDetailJSON(b, detail(killed)) },
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := print(&b); err != nil {
				t.Fatal(err)
			}
			golden(t, name, b.String())
		})
	}
}

// What the provider announced, and what was refused, is told as it was: also where no
// listing announced a total, and so that the rejects that are listed add up.
func TestDetailReconciles(t *testing.T) {
	whole := detail(announced)
	whole.Sources[0].Declared = nil
	unannounced := detail(good)
	for i := range unannounced.Walks {
		unannounced.Walks[i].Declared = nil
	}
	answers := detail(enriched)
	answers.Rejects = append(answers.Rejects, load.RejectCount{Source: "flolive", IsWhole: true, Reason: "not an object", Count: 1})
	gone := detail(enriched)
	gone.Rejects = nil
	const ofWalks = "  refused   8 pairs and fields of records that were loaded"
	for name, c := range map[string]struct {
		of   load.RunDetail
		want string
	}{
		"announced in part":            {whole, "  declared  1,000,000 by 1 of 2 listings; the others announced no total\n"},
		"announced by none":            {unannounced, "  declared  no total was announced\n"},
		"all rejects of walks":         {unannounced, ofWalks + "\n"},
		"rejects of details":           {detail(enriched), ofWalks + "; of details and profiles 1,234 parts\n"},
		"an answer refused":            {answers, ofWalks + "; of details and profiles 1 record and 1,234 parts\n"},
		"rejects that are not kept":    {gone, ofWalks + "\n"},
		"another source's are its own": {detail(good, func() load.RunRow { r := enriched; r.Source = "other"; return r }()), ofWalks + "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := report.RunDetail(&b, c.of, report.Style{Now: now, Location: cet}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(b.String(), c.want) {
				t.Errorf("it lacks %q:\n%s", c.want, b.String())
			}
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (go test -update writes it)", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; if that is meant, go test -update (-want +got):\n%s", path, diff)
	}
}

// At every width the table fits or has nothing left to leave out, and no number of it
// is cut or wrapped.
func TestRunsFitsTheWidth(t *testing.T) {
	words := make(map[string]bool)
	for _, width := range []int{0, 85} { // with all columns, and with the narrow ones in the place of wide ones
		var whole bytes.Buffer
		if err := report.Runs(&whole, ledger, report.Style{Width: width, Now: now, Location: cet}); err != nil {
			t.Fatal(err)
		}
		for word := range strings.FieldsSeq(whole.String()) {
			words[word] = true
		}
	}
	for columns := 1; columns <= 160; columns++ {
		var b bytes.Buffer
		if err := report.Runs(&b, ledger, report.Style{Width: columns, Now: now, Location: cet}); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
		if len(lines) != len(ledger)+1 {
			t.Errorf("width %d: %d lines, want one a row and the header", columns, len(lines))
		}
		for _, line := range lines {
			if width := text.StringWidthWithoutEscSequences(line); width > columns && len(strings.Fields(lines[0])) > 3 {
				t.Errorf("width %d: a line of %d columns, though more could be left out: %q", columns, width, line)
			}
			for word := range strings.FieldsSeq(line) {
				if !words[word] {
					t.Errorf("width %d: %q is not in the whole table", columns, word)
				}
			}
		}
	}
}

// A short id is as long as it must be for the table to tell its runs apart, and the
// rows of one run share theirs.
func TestRunsTellsAlikeIDsApart(t *testing.T) {
	alike := third
	alike[11] ^= 0xf0 // the last nine digits of it stay
	other := started(alike, "flolive", minute(1))
	for name, c := range map[string]struct {
		rows []load.RunRow
		want []string
	}{
		"far apart": {[]load.RunRow{running, killed}, []string{"90d2873c", "77e9b2a5"}},
		"one run":   {[]load.RunRow{killed, failed}, []string{"77e9b2a5", "77e9b2a5"}},
		"alike":     {[]load.RunRow{running, other}, []string{"6e90d2873c", "9e90d2873c"}},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := report.Runs(&b, c.rows, report.Style{Width: 1, Now: now, Location: cet}); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, line := range strings.Split(b.String(), "\n")[1:] {
				if line != "" {
					got = append(got, strings.Fields(line)[0])
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("short ids (-want +got):\n%s", diff)
			}
		})
	}
}

// What comes from settings or a provider cannot steer the terminal.
func TestControlCharactersAreTakenOut(t *testing.T) {
	const evil = "a\x1b[2Jb\rc\nd\u202ee"
	r := ended(started(first, evil, minute(0)), time.Second, evil, 1, evil)
	r = counted(r, 0, 0, 0, 0, 40, 0)
	r.Command, r.Version = evil, evil
	d := detail(r)
	for i := range d.Walks {
		d.Walks[i].Listing, d.Walks[i].Verdict = evil, evil
	}
	for i := range d.Rejects {
		d.Rejects[i].Field, d.Rejects[i].Reason = new(evil), evil
	}
	var b bytes.Buffer
	style := report.Style{Now: now, Location: cet}
	if err := errors.Join(report.RunDetail(&b, d, style), report.Runs(&b, d.Sources, style), report.Summary(&b, d.Sources, style)); err != nil {
		t.Fatal(err)
	}
	if at := strings.IndexAny(b.String(), "\x1b\r\u202e"); at >= 0 || strings.Contains(b.String(), "\nd") {
		t.Errorf("a control character came through:\n%q", b.String())
	}
}

type full struct{}

var errFull = errors.New("no space left")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestAWriteThatFailsIsReported(t *testing.T) {
	for name, err := range map[string]error{
		"Runs":          report.Runs(full{}, ledger, report.Style{}),
		"Runs of none":  report.Runs(full{}, nil, report.Style{}),
		"Summary":       report.Summary(full{}, ledger, report.Style{}),
		"RunDetail":     report.RunDetail(full{}, detail(good), report.Style{}),
		"RunsJSON":      report.RunsJSON(full{}, ledger),
		"RunDetailJSON": report.RunDetailJSON(full{}, detail(good)),
	} {
		if !errors.Is(err, errFull) {
			t.Errorf("%s: %v, want %v", name, err, errFull)
		}
	}
}
