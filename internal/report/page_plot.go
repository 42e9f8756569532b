package report

import (
	"math"
	"slices"
	"time"
)

// A plot's measures in pixels. Across, everything is in per cent of the width, so that
// the same drawing fits a phone, a screen and a sheet of paper, and its letters keep
// their size.
const (
	plotMargin  = 62  // left of the area: the numbers of the axis
	plotTop     = 14  // above the highest line: half a letter
	plotHeight  = 176 // of the area
	labelHeight = 16  // of a line of letters
	markRoom    = 12  // for the marks under the base line
)

// slot is a bar of a plot before it is drawn: what is stacked, from the base upwards.
type slot struct {
	span    span
	amounts []amount
	title   string
	marked  bool
}

func (s slot) total() int64 {
	var sum int64
	for _, a := range s.amounts {
		sum += a.n
	}
	return sum
}

// plot is a chart of bars over time, drawn.
type plot struct {
	Margin, LabelEnd           int
	Height, Base, MarkY, DateY float64
	Lines                      []plotLine
	Bars                       []plotBar
	Dates                      []plotDate
}

// plotLine is a line across the area, with its number on the axis.
type plotLine struct {
	Y, LabelY float64
	Label     string
}

// plotBar is a bar: Parts are in pixels from the top.
type plotBar struct {
	Title                 string
	X, Width, Middle, End float64
	Parts                 []barPart
	Marked                bool
	Cut                   *plotCut
}

// plotCut is where a bar that is higher than the plot is cut, and the number that it
// would have reached.
type plotCut struct {
	Low, High, X, LabelY float64
	Anchor, Label        string
}

// plotDate is a day under the bars.
type plotDate struct {
	X            float64
	Anchor, Text string
}

// drawn draws slots. rough words a number of the axis, exact that of a bar that is cut.
func drawn(slots []slot, rough, exact func(int64) string) *plot {
	ceiling, cuts := scale(slots)
	step := niceStep(float64(ceiling) / 5)
	top := math.Ceil(float64(ceiling)/step) * step
	roof := float64(plotTop + labelHeight*cuts)
	p := &plot{Margin: plotMargin, LabelEnd: plotMargin - 10, Base: roof + plotHeight}
	p.MarkY = p.Base + 3
	p.DateY = p.Base + markRoom + labelHeight
	p.Height = p.DateY + 6
	for value := 0.0; value <= top; value += step {
		y := rounded(p.Base - plotHeight*value/top)
		p.Lines = append(p.Lines, plotLine{Y: y, LabelY: y + 4, Label: rough(int64(value))})
	}
	width := 100 / float64(len(slots))
	level := 0
	for i, s := range slots {
		bar := plotBar{Title: s.title, Marked: s.marked, X: rounded(width * (float64(i) + 0.12)), Width: rounded(width * 0.76), Middle: rounded(width * (float64(i) + 0.5))}
		bar.End = rounded(bar.X + bar.Width)
		total := float64(s.total())
		height := plotHeight * min(total/top, 1)
		bar.Parts = stacked(s, p.Base, height)
		if total > top {
			at := bar.Middle
			bar.Cut = &plotCut{Low: roof + 26, High: roof + 18, X: at, Anchor: anchor(at), LabelY: roof - 5 - float64(labelHeight*level), Label: exact(s.total())}
			level++
		}
		p.Bars = append(p.Bars, bar)
	}
	p.Dates = dates(slots, width)
	return p
}

// stacked lays a slot's amounts on each other, up to a height.
func stacked(s slot, base, height float64) []barPart {
	var parts []barPart
	total := float64(s.total())
	at := base
	for _, a := range s.amounts {
		if a.n == 0 {
			continue
		}
		size := height * float64(a.n) / total
		at -= size
		parts = append(parts, barPart{Class: a.class, From: rounded(at), Size: rounded(size)})
	}
	return parts
}

// scale is the number that the plot has to reach, and how many bars it may cut for
// that: a first load, beside which no night would be seen.
func scale(slots []slot) (ceiling int64, cuts int) {
	const mostCuts, outlier = 3, 4 // times the next greatest
	totals := make([]int64, 0, len(slots))
	for _, s := range slots {
		totals = append(totals, s.total())
	}
	slices.Sort(totals)
	slices.Reverse(totals)
	for i := range min(mostCuts, len(totals)-1) {
		if next := totals[i+1]; next > 0 && totals[i] > outlier*next {
			ceiling, cuts = next, i+1
		}
	}
	if cuts == 0 && len(totals) > 0 {
		ceiling = totals[0]
	}
	return max(ceiling, 1), cuts
}

// niceStep is the next number of the form 1, 2 or 5 times a power of ten, and no
// fraction.
func niceStep(least float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(max(least, 1))))
	for _, times := range []float64{1, 2, 5} {
		if step := power * times; step >= least {
			return max(step, 1)
		}
	}
	return 10 * power
}

// dates are the days that have room under the bars, the last one among them.
func dates(slots []slot, width float64) []plotDate {
	const most = 4
	every := (len(slots) + most - 1) / most
	var shown []plotDate
	for i := len(slots) - 1; i >= 0; i -= every {
		at := rounded(width * (float64(i) + 0.5))
		shown = append(shown, plotDate{X: at, Anchor: anchor(at), Text: slots[i].span.last.Format("2 Jan")})
	}
	return shown
}

// anchor keeps a label inside the plot.
func anchor(percent float64) string {
	switch {
	case percent < 10:
		return "start"
	case percent > 90:
		return "end"
	}
	return "middle"
}

// longestDaily is the most days that have a bar each; more of them are shown by the
// week.
const longestDaily = 62

// span is what a bar stands for: a day, or several up to and with the last.
type span struct{ first, last time.Time }

// spansOf are the bars of a number of days, so that the last bar is a whole one.
func spansOf(since time.Time, days int) []span {
	each := 1
	if days > longestDaily {
		each = 7
	}
	var spans []span
	for end := days - 1; end >= 0; end -= each {
		spans = append(spans, span{first: since.AddDate(0, 0, max(end-each+1, 0)), last: since.AddDate(0, 0, end)})
	}
	slices.Reverse(spans)
	return spans
}

func (s span) holds(t time.Time) bool {
	d := t.UTC().Truncate(24 * time.Hour)
	return !d.Before(s.first) && !d.After(s.last)
}

func (s span) String() string {
	if s.first.Equal(s.last) {
		return s.first.Format("Mon 2 Jan 2006")
	}
	return s.first.Format("2 Jan") + " to " + day(s.last)
}

// eachSpan words what a bar stands for.
func eachSpan(spans []span) string {
	if len(spans) > 0 && spans[len(spans)-1].first.Before(spans[len(spans)-1].last) {
		return "week"
	}
	return "day"
}

// sinceBegun leaves out what was before anything was recorded, save that a few bars make
// no chart.
func sinceBegun[T any](bars []T, isRecorded func(T) bool) []T {
	const fewest = 14
	for len(bars) > fewest && !isRecorded(bars[0]) {
		bars = bars[1:]
	}
	return bars
}
