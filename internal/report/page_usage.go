package report

import (
	"fmt"
	"strings"

	"simsync/internal/load"
)

// usageSection is how much data is used.
func usageSection(f load.Figures) section {
	s := section{ID: "usage", Title: "Data usage"}
	if len(f.Usage) == 0 {
		s.Intro = "No usage was observed in the last " + daysWord(f.Days) + ". IoT-X alone tells it."
		return s
	}
	s.Intro = "What IoT-X subscribers sent and received since they were observed the time before, on the day when they were observed."
	s.Figures = []figure{usageFigure(f)}
	return s
}

// usage is what a bar's days add up to.
type usage struct {
	bytes    int64
	observed int64 // on the day of the bar on which the most were
}

func usageOf(f load.Figures, s span) usage {
	var u usage
	for _, d := range f.Usage {
		if !s.holds(d.Day) {
			continue
		}
		u.bytes, u.observed = u.bytes+d.Bytes, max(u.observed, d.Observed)
	}
	return u
}

func usageFigure(f load.Figures) figure {
	fig := figure{ID: "traffic", Class: "across"}
	spans := sinceBegun(spansOf(f.Since, f.Days), func(s span) bool { return usageOf(f, s).observed > 0 })
	each := eachSpan(spans)
	var slots []slot
	var rows [][]string
	var sum int64
	for _, s := range spans {
		u := usageOf(f, s)
		sum += u.bytes
		title, used := s.String()+": not observed", unknown
		if u.observed > 0 {
			used = size(&u.bytes)
			title = s.String() + ": " + used
		}
		slots = append(slots, slot{span: s, title: title, amounts: []amount{{"blue", u.bytes}}})
		rows = append(rows, []string{s.String(), used, number(&u.observed)})
	}
	fig.Title = "Data used, by " + each
	exact := func(n int64) string { return size(&n) }
	rough := func(n int64) string { return strings.Replace(exact(n), ".0 ", " ", 1) }
	fig.Plot = drawn(slots, rough, exact)
	if sum == 0 {
		fig.Note = "Usage shows from the second observation on: the counter of a billing period tells nothing by itself."
	}
	fig.Label = fmt.Sprintf("Bars, one a %s from %s to %s: %s in all.", each, day(spans[0].first), day(spans[len(spans)-1].last), size(&sum))
	fig.Sheet = sheetOf(fig.Title, []sheetColumn{
		{capital(each), "fixed"}, {"Data used", "num"}, {"Subscribers observed", "num"},
	}, rows).summed([]string{"All", size(&sum), ""})
	return fig
}
