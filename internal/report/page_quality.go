package report

import (
	"cmp"
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
		s.Intro = fmt.Sprintf("%s of %s (%s) %s flags, on the row, its details or its eSIM profile: something about them is odd. They are loaded all the same.",
			number(&flagged), countOf(all.Total(), "live subscriber", "live subscribers"), share(flagged, all.Total()), verb(flagged, "has", "have"))
	}
	if len(f.Flags) > 0 {
		s.Figures = []figure{flagsFigure(f)}
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

// flagOn is a flag on the rows of one relation: a subscriber may have the same flag on its
// row and on its details, and the two do not add up.
type flagOn struct{ flag, relation string }

// flagsFigure has a bar a flag and relation, over all sources.
func flagsFigure(f load.Figures) figure {
	fig := figure{ID: "flags", Title: "Flags", Class: "across"}
	var kinds []flagOn
	counts := make(map[flagOn]int64)
	for _, c := range f.Flags {
		kind := flagOn{c.Flag, c.Relation}
		if _, seen := counts[kind]; !seen {
			kinds = append(kinds, kind)
		}
		counts[kind] += c.Count
	}
	slices.SortStableFunc(kinds, func(a, b flagOn) int { return cmp.Compare(counts[b], counts[a]) })
	for _, kind := range kinds {
		n := counts[kind]
		row := barRow{Name: named(kind.flag), Parts: barOf(counts[kinds[0]], []amount{{"blue", n}}), Value: number(&n)}
		if kind.relation != load.RelationSubscriber {
			row.From = flagIsOn(kind.relation)
		}
		fig.Rows = append(fig.Rows, row)
	}
	fig.Label = fmt.Sprintf("Bars of rows by flag. The most frequent of %s is %s, on %s.", countOf(int64(len(kinds)), "flag", "flags"), fig.Rows[0].Name, fig.Rows[0].Value)
	var rows [][]string
	for _, c := range f.Flags {
		rows = append(rows, []string{named(c.Flag), flagIsOn(c.Relation), named(c.Source), number(&c.Count), share(c.Count, c.OfRows), flagMeaning(c.Flag)})
	}
	fig.Sheet = sheetOf("Live rows by flag, what they are of, and source", []sheetColumn{
		{"Flag", "text"}, {"On", "fixed"}, {"Source", "text"}, {"Rows", "num"}, {"Of all such rows", "num"}, {"What is odd", "prose"},
	}, rows)
	return fig
}

// flagIsOn words a relation whose rows have flags.
func flagIsOn(relation string) string {
	switch relation {
	case load.RelationDetail:
		return "details"
	case load.RelationProfile:
		return "eSIM profile"
	}
	return "subscriber"
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
