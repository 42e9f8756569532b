package progress

import (
	"fmt"
	"strings"
	"time"
)

// A bar has so many columns at least, or there is none, and at most.
const narrowestBar, widestBar = 8, 40

// gap stands between columns.
const gap = "  "

// column is what all lines tell in one place.
type column struct {
	// drop tells when the column is left out for want of room: the highest first, and 0
	// never.
	drop    int
	isRight bool // aligned to the right, as numbers are
	word    func(sight) string
}

// columns are those of a line. The bar is as wide as they leave room for, and stands
// after the first.
var columns = []column{
	{word: sight.name},
	{isRight: true, word: sight.percent},
	{drop: 3, isRight: true, word: sight.count},
	{drop: 6, isRight: true, word: sight.speed},
	{drop: 1, isRight: true, word: sight.clock},
	{drop: 2, word: sight.attempt},
	{drop: 5, word: sight.repeats},
	{drop: 7, isRight: true, word: sight.stage},
}

// barDrop is the bar's place among what is left out.
const barDrop = 4

// lines words the sights, a line each, none wider than width columns. All characters
// are ASCII, so that a byte is a column; color alone adds to the bytes.
func lines(sights []sight, width int, color bool) []string {
	table := make([][]string, len(columns))
	for c, column := range columns {
		table[c] = column.of(sights)
	}
	bar := fit(table, width)
	all := make([]string, len(sights))
	for i, s := range sights {
		var cells []string
		for c, column := range table {
			if column != nil {
				cells = append(cells, column[i])
			}
			if c == 0 && bar > 0 {
				cells = append(cells, s.bar(bar, color))
			}
		}
		all[i] = strings.TrimRight(strings.Join(cells, gap), " ")
		if bar == 0 {
			all[i] = all[i][:min(len(all[i]), width)]
		}
	}
	return all
}

// of are the column's words for all sights, padded to one width; nil where none has
// anything to say.
func (c column) of(sights []sight) []string {
	words := make([]string, len(sights))
	widest := 0
	for i, s := range sights {
		words[i] = c.word(s)
		widest = max(widest, len(words[i]))
	}
	if widest == 0 {
		return nil
	}
	format := "%-*s"
	if c.isRight {
		format = "%*s"
	}
	for i, word := range words {
		words[i] = fmt.Sprintf(format, widest, word)
	}
	return words
}

// fit leaves columns out of the table until it is no wider than width, and returns how
// wide the bar is: 0 where there is none.
func fit(table [][]string, width int) (bar int) {
	for drop := 8; ; drop-- {
		used := 0
		for c, words := range table {
			if words == nil {
				continue
			}
			if columns[c].drop > 0 && columns[c].drop >= drop {
				table[c] = nil
				continue
			}
			used += len(words[0]) + len(gap)
		}
		if rest := width - used; drop > barDrop && rest >= narrowestBar {
			return min(rest, widestBar)
		}
		if drop <= barDrop && used-len(gap) <= width || drop <= 1 {
			return 0
		}
	}
}

// bar is as full as the phase is done. Where nobody knows, something moves in it.
func (s sight) bar(width int, color bool) string {
	const block = 3
	inside := width - 2
	var before, full int
	if s.Total > 0 {
		full = int(min(s.Done, s.Total) * int64(inside) / s.Total)
	} else {
		way := inside - block
		at := int(s.took/(200*time.Millisecond)) % (2 * way)
		before, full = min(at, 2*way-at), block
	}
	filled := strings.Repeat("=", full)
	if s.Total > 0 && full > 0 && full < inside {
		filled = filled[1:] + ">"
	}
	after := strings.Repeat(" ", inside-before-full)
	if color && filled != "" {
		filled = cyan + filled + plain
	}
	return "[" + strings.Repeat(" ", before) + filled + after + "]"
}

// The colour of what is done, and its end (ECMA-48: SGR).
const cyan, plain = "\x1b[36m", "\x1b[0m"
