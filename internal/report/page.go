package report

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"time"

	"simsync/internal/load"
)

var (
	//go:embed page/page.html
	pageHTML string
	//go:embed page/page.css
	pageCSS string

	pageTemplate = template.Must(template.New("page").Parse(pageHTML))
)

// page is what the template shows.
type page struct {
	Title, AsOf, Made string
	// Policy forbids every load and every script; of styles it allows the page's own.
	Policy string
	Style  template.CSS

	Notices []string
	AllWell string
	// IsEmpty: nothing was ever synced, so there is nothing to show but how to begin.
	IsEmpty  bool
	Tiles    []tile
	Sections []section
}

// tile is a number to be seen at a glance.
type tile struct{ Name, Value, Beside string }

// section is a part of the page with a heading of its own.
type section struct {
	ID, Title, Intro string
	Figures          []figure
	Sheets           []sheet
}

// figure is a chart, either of bars over time or of a bar a row, and the table that
// tells the same.
type figure struct {
	ID, Title, Note string
	// Label is what the chart shows, in words, for those who do not see it.
	Label  string
	Class  string // across: as wide as the page; tall: as high as two
	Legend []series
	Plot   *plot
	Rows   []barRow
	Sheet  sheet
}

// series is a kind of bar: its name, and the class that gives it a colour and a
// pattern.
type series struct{ Name, Class string }

// Page writes figures as one HTML page that needs nothing beside it: no network, no
// script. version is the program's.
func Page(w io.Writer, f load.Figures, version string) error {
	hash := sha256.Sum256([]byte(pageCSS))
	p := page{
		Title:   "SIM fleet",
		AsOf:    "As of " + moment(f.At) + ". Nights and usage of " + daysWord(f.Days) + ".",
		Made:    "Made by simsync " + plain(version) + ".",
		Policy:  fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'", base64.StdEncoding.EncodeToString(hash[:])),
		Style:   template.CSS(pageCSS), //nolint:gosec // G203: it is the program's own file
		IsEmpty: len(f.Freshness) == 0 && len(f.Sources) == 0,
	}
	if !p.IsEmpty {
		p.fill(f)
	}
	// Half a page would be read as a whole one.
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		return fmt.Errorf("word the page: %w", err)
	}
	return write(w, b.String())
}

// PageWritten says in a line what a page shows that was written to a file, and of
// which sources it warns.
func PageWritten(w io.Writer, file string, f load.Figures) error {
	all := totalOf(f)
	line := fmt.Sprintf("%s: %s of %s, as of %s", plain(file), countOf(all.Total(), "live subscriber", "live subscribers"),
		countOf(int64(len(f.Sources)), "source", "sources"), moment(f.At))
	if n := int64(len(notices(f))); n > 0 {
		line += "; " + countOf(n, "source needs", "sources need") + " attention: the page says why"
	}
	return write(w, line+"\n")
}

func (p *page) fill(f load.Figures) {
	p.Notices = notices(f)
	if len(p.Notices) == 0 {
		p.AllWell = allWell(f)
	}
	p.Tiles = tiles(f)
	p.Sections = []section{
		fleetSection(f),
		nightsSection(f),
		usageSection(f),
		qualitySection(f),
		freshnessSection(f),
		runsSection(f),
	}
}

// moment words a time for the page, to the minute.
func moment(t time.Time) string { return t.UTC().Format("2 Jan 2006, 15:04 UTC") }

// day words a UTC day.
func day(t time.Time) string { return t.UTC().Format("2 Jan 2006") }

func daysWord(n int) string {
	if n == 1 {
		return "one day"
	}
	return fmt.Sprintf("%d days", n)
}
