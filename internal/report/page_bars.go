package report

import "strings"

// barRow is a row of a chart with a bar a row: a name, a bar of parts one after
// another, and the number that the bar stands for.
type barRow struct {
	Name string
	From string // what else tells the name apart: its source
	// Parts are in per cent of the width.
	Parts []barPart
	Value string
}

// barPart is a piece of a bar: where it begins, along the bar's way, and how far it
// goes.
type barPart struct {
	Class      string
	From, Size float64
}

// amount is a number of a series.
type amount struct {
	class string
	n     int64
}

// barOf lays amounts one after another, to the scale that has the greatest bar of the
// chart as wide as it is.
func barOf(greatest int64, amounts []amount) []barPart {
	var parts []barPart
	var at float64
	for _, a := range amounts {
		if a.n == 0 || greatest == 0 {
			continue
		}
		size := 100 * float64(a.n) / float64(greatest)
		parts = append(parts, barPart{Class: a.class, From: rounded(at), Size: rounded(size)})
		at += size
	}
	return parts
}

// rounded keeps the page small: a hundredth of a per cent is less than a pixel.
func rounded(x float64) float64 { return float64(int64(x*100+0.5)) / 100 }

// list words texts as a sentence does.
func list(words []string) string {
	last := len(words) - 1
	if last < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
