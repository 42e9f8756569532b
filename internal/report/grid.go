package report

import (
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// column is a column of a table of T.
type column[T any] struct {
	name  string
	align text.Align
	// drop is the column's place in the order of leaving out, 1 first; 0 stays always.
	drop int
	// instead is the place in that order from which on the column stands for those that
	// were left out there; 0 is from the beginning.
	instead int
	cell    func(T) string
}

// grid words rows as a table with the columns given, as many as there is room for. Each
// line ends with a newline and has no spaces before it.
func grid[T any](o Style, columns []column[T], rows []T) string {
	drops := 0
	for _, c := range columns {
		drops = max(drops, c.drop)
	}
	for dropped := 0; ; dropped++ {
		var kept []column[T]
		for _, c := range columns {
			if c.instead <= dropped && (c.drop == 0 || c.drop > dropped) {
				kept = append(kept, c)
			}
		}
		drawn := draw(o, kept, rows)
		if o.Width == 0 || dropped == drops || width(drawn) <= o.Width {
			return drawn
		}
	}
}

// draw lays the table out, two spaces between columns, and no lines.
func draw[T any](o Style, columns []column[T], rows []T) string {
	t := table.NewWriter()
	style := table.StyleDefault
	style.Options = table.OptionsNoBordersAndSeparators
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	t.SuppressTrailingSpaces()

	var header table.Row
	var configs []table.ColumnConfig
	for i, c := range columns {
		header = append(header, o.paint(bold, strings.ToUpper(c.name)))
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: c.align, AlignHeader: c.align})
	}
	t.AppendHeader(header)
	t.SetColumnConfigs(configs)
	for _, r := range rows {
		var cells table.Row
		for _, c := range columns {
			cells = append(cells, c.cell(r))
		}
		t.AppendRow(cells)
	}
	return t.Render() + "\n"
}

// width is how many columns of a terminal the widest line takes.
func width(lines string) int {
	widest := 0
	for line := range strings.Lines(lines) {
		widest = max(widest, text.StringWidthWithoutEscSequences(strings.TrimSuffix(line, "\n")))
	}
	return widest
}

// indent puts two spaces before each line.
func indent(lines string) string {
	var b strings.Builder
	for line := range strings.Lines(lines) {
		b.WriteString("  " + line)
	}
	return b.String()
}

// hang writes a label and a text, which goes on under its own beginning where it is
// wider than the style allows. It breaks between words only, so no number is cut.
func hang(o Style, label, words string) string {
	var b strings.Builder
	margin := width(label)
	used := 0
	for i, word := range strings.Fields(words) {
		w := width(word)
		switch {
		case i == 0:
			b.WriteString(label + word)
			used = margin + w
		case o.Width > 0 && used+1+w > o.Width:
			b.WriteString("\n" + strings.Repeat(" ", margin) + word)
			used = margin + w
		default:
			b.WriteString(" " + word)
			used += 1 + w
		}
	}
	return b.String() + "\n"
}
