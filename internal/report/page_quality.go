package report

import (
	"fmt"
	"slices"
	"strings"

	"simsync/internal/load"
)

// qualitySection is what is odd about what is loaded, and what could not be loaded.
func qualitySection(f load.Figures) section {
	s := section{ID: "quality", Title: "Data quality"}
	var flagged int64
	for _, source := range f.Sources {
		flagged += source.Flagged
	}
	switch all := totalOf(f); {
	case all.Total() == 0:
	case flagged == 0:
		s.Intro = "No live subscriber has a flag."
	default:
		s.Intro = fmt.Sprintf("%s of %s (%s) %s flags: something about them is odd. They are loaded all the same.", number(&flagged),
			countOf(all.Total(), "live subscriber", "live subscribers"), share(flagged, all.Total()), verb(flagged, "has", "have"))
		s.Figures = []figure{flagsFigure(f, all.Total())}
	}
	s.Intro = strings.TrimSpace(s.Intro + rejectsWord(f))
	if len(f.Rejects) > 0 {
		s.Sheets = []sheet{rejectsSheet(f)}
	}
	return s
}

// rejectsWord sums the rejects up that the runs had. The ledger's counts outlive the
// rejects themselves, and leave out those of details and profiles.
func rejectsWord(f load.Figures) string {
	var counted int64
	for _, r := range f.Runs {
		counted += orZero(r.Rejected) + orZero(r.RejectedParts)
	}
	listed := sumOf(f.Rejects)
	most := max(counted, listed)
	text := fmt.Sprintf(" The runs of %s rejected %s: one that stays as it is counts in every run.", daysWord(f.Days),
		countOf(most, "record or part of one", "records and parts of them"))
	switch {
	case len(f.Runs) == 0:
		return ""
	case most == 0:
		return " The runs of " + daysWord(f.Days) + " rejected nothing."
	case listed == 0:
		return text + " Why is no longer kept."
	case listed < counted:
		return text + " Why is no longer kept of all of them."
	}
	return text
}

func sumOf(rejects []load.RejectFigures) int64 {
	var sum int64
	for _, r := range rejects {
		sum += r.Count
	}
	return sum
}

func verb(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// flagsFigure has a bar a flag, over all sources.
func flagsFigure(f load.Figures, whole int64) figure {
	fig := figure{ID: "flags", Title: "Subscribers by flag", Class: "across"}
	var names []string
	counts := make(map[string]int64)
	for _, c := range f.Flags {
		if _, seen := counts[c.Flag]; !seen {
			names = append(names, c.Flag)
		}
		counts[c.Flag] += c.Count
	}
	slices.SortStableFunc(names, func(a, b string) int { return int(counts[b] - counts[a]) })
	for _, name := range names {
		n := counts[name]
		fig.Rows = append(fig.Rows, barRow{Name: named(name), Parts: barOf(counts[names[0]], []amount{{"blue", n}}), Value: number(&n)})
	}
	fig.Label = fmt.Sprintf("Bars of subscribers by flag. The most frequent of %s is %s, on %s.", countOf(int64(len(names)), "flag", "flags"), fig.Rows[0].Name, fig.Rows[0].Value)
	var rows [][]string
	for _, c := range f.Flags {
		rows = append(rows, []string{named(c.Flag), named(c.Source), number(&c.Count), share(c.Count, whole), flagMeaning(c.Flag)})
	}
	fig.Sheet = sheetOf("Live subscribers by flag and source, and what each flag says", []sheetColumn{
		{"Flag", "text"}, {"Source", "text"}, {"Subscribers", "num"}, {"Share", "num"}, {"What is odd", "prose"},
	}, rows)
	return fig
}

// rejectsSheet is why records, or parts of them, were not loaded.
func rejectsSheet(f load.Figures) sheet {
	var rows [][]string
	for _, r := range f.Rejects {
		what, field := "a part", "the record as such"
		if r.IsWhole {
			what = "a record"
		}
		if r.Field != nil {
			field = named(*r.Field)
		}
		rows = append(rows, []string{named(r.Source), what, field, named(r.Reason), number(&r.Count), moment(r.Last)})
	}
	return sheetOf("Rejects by reason, of the runs of "+daysWord(f.Days), []sheetColumn{
		{"Source", "text"}, {"Refused", "fixed"}, {"Field", "text"}, {"Reason", "text"}, {"Rejects", "num"}, {"Last", "fixed"},
	}, rows).summed([]string{"All", "", "", "", number(new(sumOf(f.Rejects))), ""})
}
