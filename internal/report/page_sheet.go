package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// sheet is a table of the page. The first cell of a row names it.
type sheet struct {
	Caption string
	Columns []sheetColumn
	Body    [][]sheetCell
	Foot    []sheetCell // the sum, where there is one
}

// sheetColumn has a class for how its cells are set: num, fixed (never broken), text
// (of any length) or prose.
type sheetColumn struct{ Name, Class string }

// sheetCell is one cell as the template needs it.
type sheetCell struct {
	Text, Class    string
	IsHead, IsText bool
}

// Parts are the pieces between which a line may end: a flag is broken behind an underscore
// rather than in a word.
func (c sheetCell) Parts() []string { return strings.SplitAfter(c.Text, "_") }

// sheetOf lays out rows of texts under columns.
func sheetOf(caption string, columns []sheetColumn, rows [][]string) sheet {
	s := sheet{Caption: caption, Columns: columns}
	for _, row := range rows {
		s.Body = append(s.Body, s.cells(row))
	}
	return s
}

// summed adds the row that sums the others up.
func (s sheet) summed(row []string) sheet {
	s.Foot = s.cells(row)
	return s
}

func (s sheet) cells(row []string) []sheetCell {
	var cells []sheetCell
	for i, text := range row {
		class := s.Columns[i].Class
		cell := sheetCell{Text: text, Class: class, IsHead: i == 0, IsText: class == "text" || class == "prose"}
		if cell.IsText && longestWord(text) > wholeWord {
			cell.Class += " long"
		}
		cells = append(cells, cell)
	}
	return cells
}

// wholeWord is how many letters a word may have to be kept whole: with it as the widest of
// two columns, the tables with the most numbers still fit on paper. A longer one is broken
// where the line ends, or a name from outside would be wider than the page.
const wholeWord = 14

func longestWord(text string) int {
	longest := 0
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return unicode.IsSpace(r) || r == '_' }) {
		longest = max(longest, utf8.RuneCountInString(word))
	}
	return longest
}

// named makes a name from outside fit for the page: of any script and length, but
// without control characters.
func named(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// share words a part of a whole in per cent. What is there is never 0, and what is not
// all never 100.
func share(part, whole int64) string {
	const narrow = "\u00a0" // keeps the sign with its number
	if whole == 0 {
		return unknown
	}
	percent := 100 * float64(part) / float64(whole)
	switch {
	case part > 0 && percent < 0.1:
		return "<0.1" + narrow + "%"
	case part < whole && percent > 99.9:
		return ">99.9" + narrow + "%"
	}
	return fmt.Sprintf("%.1f%s%%", percent, narrow)
}

// countOf words a number of things by the name of one and of several.
func countOf(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(&n) + " " + many
}

// capital begins a word of ours as a heading does.
func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }
