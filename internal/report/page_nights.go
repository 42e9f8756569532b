package report

import (
	"fmt"
	"slices"
	"time"

	"simsync/internal/load"
)

// kindsOfChange are the series of the chart of nights.
var kindsOfChange = []series{{"Inserted", "blue"}, {"Updated", "slate"}, {"Removed", "brick"}}

// night is what the runs of a bar's days did.
type night struct {
	span                       span
	inserted, updated, removed int64
	runs                       int64
	// broken are the sources of which a run was not complete, by name.
	broken []string
}

// nightsOf adds runs up. A run that is alive is not broken, nor is one that was told to
// read a part only.
func nightsOf(f load.Figures) []night {
	var nights []night
	for _, s := range spansOf(f.Since, f.Days) {
		n := night{span: s}
		for _, r := range f.Runs {
			if !s.holds(nightOf(r)) {
				continue
			}
			n.runs++
			n.inserted += orZero(r.Inserted)
			n.updated += orZero(r.Updated)
			n.removed += orZero(r.Removed)
			if !r.IsOK && !r.Running && r.IsWhole && !slices.Contains(n.broken, r.Source) {
				n.broken = append(n.broken, r.Source)
			}
		}
		slices.Sort(n.broken)
		nights = append(nights, n)
	}
	return nights
}

// nightOf is the time that a run's changes belong to: a replay of an archive has that of
// the run that it replays.
func nightOf(r load.RunFigures) time.Time {
	if r.AsOf != nil {
		return *r.AsOf
	}
	return r.StartedAt
}

func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

// nightsSection is what the nights changed.
func nightsSection(f load.Figures) section {
	s := section{ID: "nights", Title: "Nights"}
	nights := nightsOf(f)
	if !slices.ContainsFunc(nights, func(n night) bool { return n.runs > 0 }) {
		s.Intro = "No run is recorded in the last " + daysWord(f.Days) + "."
		return s
	}
	s.Intro = "What the runs found new, changed and gone."
	s.Figures = []figure{nightsFigure(sinceBegun(nights, func(n night) bool { return n.runs > 0 }))}
	return s
}

func nightsFigure(nights []night) figure {
	fig := figure{ID: "changes", Class: "across", Legend: kindsOfChange}
	var slots []slot
	var rows [][]string
	var sum night
	var spans []span
	for _, n := range nights {
		spans = append(spans, n.span)
		words := fmt.Sprintf("%s: %s inserted, %s updated, %s removed", n.span, number(&n.inserted), number(&n.updated), number(&n.removed))
		if len(n.broken) > 0 {
			words += "; not complete: " + named(list(n.broken))
		}
		slots = append(slots, slot{
			span: n.span, title: words, marked: len(n.broken) > 0,
			amounts: []amount{{"blue", n.inserted}, {"slate", n.updated}, {"brick", n.removed}},
		})
		rows = append(rows, []string{n.span.String(), number(&n.runs), number(&n.inserted), number(&n.updated), number(&n.removed), named(list(n.broken))})
		sum.runs, sum.inserted, sum.updated, sum.removed = sum.runs+n.runs, sum.inserted+n.inserted, sum.updated+n.updated, sum.removed+n.removed
		sum.broken = append(sum.broken, n.broken...)
	}
	each := eachSpan(spans)
	fig.Title = "Subscribers inserted, updated and removed, by " + each
	fig.Plot = drawn(slots, compact, func(v int64) string { return number(&v) })
	if slices.ContainsFunc(fig.Plot.Bars, func(b plotBar) bool { return b.Cut != nil }) {
		fig.Note = "A bar with a slit is cut short: the number over it is its height."
	}
	if len(sum.broken) > 0 {
		fig.Legend = append(slices.Clone(kindsOfChange), series{"A run was not complete", "mark"})
	}
	fig.Label = fmt.Sprintf("Stacked bars, one a %s from %s to %s: %s inserted, %s updated and %s removed in all.", each,
		day(spans[0].first), day(spans[len(spans)-1].last), number(&sum.inserted), number(&sum.updated), number(&sum.removed))
	fig.Sheet = sheetOf(fig.Title, []sheetColumn{
		{capital(each), "fixed"}, {"Runs", "num"}, {"Inserted", "num"}, {"Updated", "num"}, {"Removed", "num"}, {"Not complete", "text"},
	}, rows).summed([]string{"All", number(&sum.runs), number(&sum.inserted), number(&sum.updated), number(&sum.removed), ""})
	return fig
}
