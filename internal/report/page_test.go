package report_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"simsync/internal/load"
	"simsync/internal/report"
)

func pageOf(t testing.TB, f load.Figures) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Page(&b, f, "1.4.0"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var style = regexp.MustCompile(`(?s)<style>.*?</style>`)

// The style sheet is a file of its own: of the page, the golden files hold the rest.
func TestPageGolden(t *testing.T) {
	for _, name := range []string{"fleet", "empty", "unloaded", "one"} {
		figures := pages[name]
		t.Run(name, func(t *testing.T) {
			got := style.ReplaceAllString(pageOf(t, figures()), "<style></style>")
			got = regexp.MustCompile(`sha256-.*?&#39;`).ReplaceAllString(got, "sha256-HASH&#39;")
			golden(t, "page_"+name+".html", got)
		})
	}
}

// A page is well-formed as XML is, void elements aside: nothing from outside opens or
// closes an element.
func TestPageIsWellFormed(t *testing.T) {
	for name, figures := range pages {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(pageOf(t, figures()), "<!DOCTYPE html>\n", "", 1)
			text = regexp.MustCompile(`<meta [^>]*>`).ReplaceAllString(text, "")
			d := xml.NewDecoder(strings.NewReader(text))
			ids := make(map[string]bool)
			for {
				token, err := d.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				element, ok := token.(xml.StartElement)
				if !ok {
					continue
				}
				checkElement(t, element, ids)
			}
		})
	}
}

func checkElement(t *testing.T, element xml.StartElement, ids map[string]bool) {
	t.Helper()
	switch element.Name.Local {
	case "script", "link", "img", "iframe", "object", "embed", "video", "audio", "form", "base":
		t.Errorf("<%s> has no place in the page", element.Name.Local)
	}
	for _, a := range element.Attr {
		switch name := a.Name.Local; {
		case name == "id" && ids[a.Value]:
			t.Errorf("id %q is given twice", a.Value)
		case name == "id":
			ids[a.Value] = true
		case name == "src", name == "style", strings.HasPrefix(name, "on"):
			t.Errorf("<%s %s=%q> has no place in the page", element.Name.Local, name, a.Value)
		case name == "href" && !strings.HasPrefix(a.Value, "#"):
			t.Errorf("a link leaves the page: %q", a.Value)
		}
	}
}

// Every number of a chart's bars is in its table, and the sum is the fleet's.
func TestPageTellsTheWholeFleet(t *testing.T) {
	text := pageOf(t, figures())
	for _, want := range []string{
		`<tfoot><tr><th scope="row" class="text"><bdi>All</bdi></th><td class="num">1,034,324</td>`,
		"Others: 385 customers", "No customer told", "O2", "<bdi>شركة الاتصالات",
		"&lt;/td&gt;&lt;/table&gt;&lt;script&gt;", "2 of 4: lost answer and drift", "the value was refused: imei",
		"The data of all 2 sources is complete, as of 21 Nov 2026, 02:00 UTC (5 hours ago) or later.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(text, "Attention") {
		t.Error("the page warns of a fleet that is as it should be")
	}
}

// Why records were refused is told of all runs of the days, beside what the ledger counted
// of them: the reasons may be gone, or be those of details, which it does not count.
func TestPageTellsOfRejects(t *testing.T) {
	rejected := func(whole, parts, listed int64) load.Figures {
		f := figures()
		f.Runs = f.Runs[:1]
		f.Runs[0].Rejected, f.Runs[0].RejectedParts = &whole, &parts
		f.Rejects = nil
		if listed > 0 {
			f.Rejects = []load.RejectFigures{{RejectCount: load.RejectCount{Source: "flolive", Reason: "late", Count: listed}, Last: nightly(7)}}
		}
		return f
	}
	idle := rejected(0, 0, 0)
	idle.Runs = nil
	const anew = ": one that stays as it is counts in every run."
	for name, c := range map[string]struct {
		of   load.Figures
		want string
	}{
		"none":           {rejected(0, 0, 0), "The runs of 30 days rejected nothing.</p>"},
		"one":            {rejected(0, 1, 1), "The runs of 30 days rejected 1 record or part of one" + anew + "</p>"},
		"of details":     {rejected(1, 1, 5), "The runs of 30 days rejected 5 records and parts of them" + anew + "</p>"},
		"not kept":       {rejected(3, 2, 0), "The runs of 30 days rejected 5 records and parts of them" + anew + " Why is no longer kept.</p>"},
		"kept in part":   {rejected(3, 2, 1), "The runs of 30 days rejected 5 records and parts of them" + anew + " Why is no longer kept of all of them.</p>"},
		"with their day": {rejected(3, 2, 5), `<td class="num">5</td><td class="fixed">14 Nov 2026, 02:00 UTC</td>`},
		"no run":         {idle, "They are loaded all the same.</p>"},
	} {
		if !strings.Contains(pageOf(t, c.of), c.want) {
			t.Errorf("%s: the page lacks %q", name, c.want)
		}
	}
}

// A day on which nothing was observed, or for the first time, has no usage of 0 B.
func TestPageTellsNoUsageFromNone(t *testing.T) {
	f := figures()
	f.Usage[1].Bytes = 0
	text := pageOf(t, f)
	for _, want := range []string{
		`<title>Sun 15 Nov 2026: not observed</title>`,
		`<bdi>Sun 15 Nov 2026</bdi></th><td class="num">-</td><td class="num">0</td>`,
		`<title>Tue 3 Nov 2026: observed for the first time</title>`,
		`<bdi>Tue 3 Nov 2026</bdi></th><td class="num">-</td><td class="num">4,320</td>`,
		`<title>Wed 4 Nov 2026: 0 B</title>`,
		`<bdi>Wed 4 Nov 2026</bdi></th><td class="num">0 B</td><td class="num">4,320</td>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// A flag of details or of a profile is told from one of the row, and counts beside it.
func TestPageTellsWhatAFlagIsOn(t *testing.T) {
	f := figures()
	text := pageOf(t, f)
	for _, want := range []string{
		`<bdi>location_range</bdi> <span class="from">details</span>`, `<bdi>iccid_luhn</bdi> <span class="from">eSIM profile</span>`, `<bdi>iccid_luhn</bdi></div>`,
		`<td class="fixed">details</td><td class="text"><bdi>flolive</bdi></td><td class="num">170</td>`,
		"12,035 of 1,034,324 live subscribers (1.2\u00a0%) have flags, on the row, its details or its eSIM profile: ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for i := range f.Sources {
		f.Sources[i].Flagged = 0
	}
	f.Flags = f.Flags[3:4]
	if text := pageOf(t, f); !strings.Contains(text, "No live subscriber has a flag.") || !strings.Contains(text, "iccid_luhn") {
		t.Error("the page does not tell of the flag of a profile that is no live subscriber's")
	}
}

// A source that is not complete, or not fresh, is told of first of all.
func TestPageWarns(t *testing.T) {
	text := pageOf(t, bad())
	first := text[strings.Index(text, "Attention"):strings.Index(text, "<main")]
	for _, want := range []string{
		"flolive: the data was last complete 3 days ago (18 Nov 2026, 02:00 UTC). The last sync, of 21 Nov 2026, 02:00 UTC, could not be proved complete: what was read is loaded, nothing was removed.",
		"iotx: it was never read completely: subscribers may be missing, and some that are shown may be gone. The last sync, of 21 Nov 2026, 02:00 UTC, loaded its changes, and held its removals back (too many rejects: 3.59 % of the records, more than the 1.00 % that --max-rejects allows).",
		"never: nothing of it was ever loaded. The last sync, of 21 Nov 2026, 02:00 UTC, failed.",
		"stopped: the data was last complete 29 hours ago. The last sync, of 21 Nov 2026, 02:00 UTC, was stopped.",
		"old: the data was last complete 2 days ago (19 Nov 2026, 02:00 UTC).</p>",
		"killed: the data was last complete 29 hours ago. The last sync, of 21 Nov 2026, 02:00 UTC, did not end: it was killed.",
		"at it again: the data was last complete 4 days ago (17 Nov 2026, 02:00 UTC). It is being synced at this moment.",
	} {
		if !strings.Contains(first, want) {
			t.Errorf("before its numbers the page lacks %q:\n%s", want, first)
		}
	}
	if strings.Contains(first, ">at it:") {
		t.Error("the page warns of a source that is being synced in time")
	}
}

// Only what has a long word may be broken anywhere: a column of short names would shrink
// below them. Behind an underscore a line may end.
func TestPageBreaksLongWordsAlone(t *testing.T) {
	text := pageOf(t, namedSources())
	for _, want := range []string{
		`class="text"><bdi>emea_<wbr/>wholesale</bdi>`, `class="text"><bdi>long_<wbr/>name_<wbr/>`, `class="text long"><bdi>` + oneWord, `class="text long"><bdi>Wasserwerke und Zählerfernauslesung`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// Many days are shown by the week, and the last bar is a whole one.
func TestPageOfAQuarter(t *testing.T) {
	text := pageOf(t, quarter())
	for _, want := range []string{
		"by week", "<bdi>24 Aug to 29 Aug 2026</bdi>", "<bdi>15 Nov to 21 Nov 2026</bdi>",
		"Stacked bars, one a week from 24 Aug 2026 to 21 Nov 2026: 1,043,222 inserted", "The newest 40; 69 runs are before them.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// What the page says of a flag is what docs/flags.md does.
func TestFlagMeanings(t *testing.T) {
	text, err := os.ReadFile("../../docs/flags.md")
	if err != nil {
		t.Fatal(err)
	}
	told, _, _ := strings.Cut(string(text), "## The value was refused")
	f := figures()
	rows := regexp.MustCompile("(?m)^\\| `(\\w+)` \\| (.*?) \\| .*\\|$").FindAllStringSubmatch(told, -1)
	if len(rows) < 10 {
		t.Fatalf("docs/flags.md tells of %d flags", len(rows))
	}
	f.Flags = nil
	for _, row := range rows {
		f.Flags = append(f.Flags, load.FlagCount{Flag: row[1], Source: "flolive", Count: 1})
	}
	page := pageOf(t, f)
	for _, row := range rows {
		meaning := strings.NewReplacer("`", "", "'", "&#39;").Replace(row[2])
		if !strings.Contains(page, "<bdi>"+meaning+"</bdi>") {
			t.Errorf("the page does not say of %s: %s", row[1], meaning)
		}
	}
}

func TestPageWritten(t *testing.T) {
	var b bytes.Buffer
	for _, f := range []load.Figures{figures(), unloaded()} {
		if err := report.PageWritten(&b, "fleet.html", f); err != nil {
			t.Fatal(err)
		}
	}
	const want = "fleet.html: 1,034,324 live subscribers of 2 sources, as of 21 Nov 2026, 07:30 UTC\n" +
		"fleet.html: 0 live subscribers of 0 sources, as of 21 Nov 2026, 07:30 UTC; 1 source needs attention: the page says why\n"
	if b.String() != want {
		t.Errorf("got  %swant %s", b.String(), want)
	}
}
