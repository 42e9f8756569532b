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
	isKnown  bool  // of some day
}

// word is what was used; unknown where nobody knows.
func (u usage) word() string {
	if !u.isKnown {
		return unknown
	}
	return size(&u.bytes)
}

func usageOf(f load.Figures, s span) usage {
	var u usage
	for _, d := range f.Usage {
		if !s.holds(d.Day) {
			continue
		}
		u.bytes, u.observed, u.isKnown = u.bytes+d.Bytes, max(u.observed, d.Observed), u.isKnown || !d.IsFirst
	}
	return u
}

func usageFigure(f load.Figures) figure {
	fig := figure{ID: "traffic", Class: "across"}
	spans := sinceBegun(spansOf(f.Since, f.Days), func(s span) bool { return usageOf(f, s).observed > 0 })
	each := eachSpan(spans)
	var slots []slot
	var rows [][]string
	sum := usageOf(f, span{f.Since, f.At})
	for _, s := range spans {
		u := usageOf(f, s)
		title := s.String() + ": "
		switch {
		case u.observed == 0:
			title += "not observed"
		case !u.isKnown:
			title += "observed for the first time"
		default:
			title += u.word()
		}
		slots = append(slots, slot{span: s, title: title, amounts: []amount{{"blue", u.bytes}}})
		rows = append(rows, []string{s.String(), u.word(), number(&u.observed)})
	}
	fig.Title = "Data used, by " + each
	exact := func(n int64) string { return size(&n) }
	rough := func(n int64) string { return strings.Replace(exact(n), ".0 ", " ", 1) }
	fig.Plot = drawn(slots, rough, exact)
	if sum.bytes == 0 {
		fig.Note = "Usage shows from the second observation on: the counter of a billing period tells nothing by itself."
	}
	fig.Label = fmt.Sprintf("Bars, one a %s from %s to %s: %s in all.", each, day(spans[0].first), day(spans[len(spans)-1].last), sum.word())
	fig.Sheet = sheetOf(fig.Title, []sheetColumn{
		{capital(each), "fixed"}, {"Data used", "num"}, {"Subscribers observed", "num"},
	}, rows).summed([]string{"All", sum.word(), ""})
	return fig
}
