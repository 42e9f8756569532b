package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"simsync/internal/load"
)

// Compared is what a dry run found at one source.
type Compared struct {
	// As is the line that a run would have left in the ledger, its IDs and requests aside;
	// its counts are null where there was nothing to compare.
	As load.RunRow
	// Found is nil where there was nothing to compare.
	Found *load.Comparison
}

// DryRun writes what a run would do at each source: how it would end, the fields that
// would change, and the first subscribers of each sort.
func DryRun(w io.Writer, sources []Compared, o Style) error {
	var b strings.Builder
	b.WriteString(o.paint(bold, "Dry run") + ": nothing was written. A run would have done this:\n\n")
	rows := each(sources, func(c Compared) load.RunRow { return c.As })
	b.WriteString(grid(o, resultColumns(o), rows))
	b.WriteString(reasons(o, rows))
	for _, c := range sources {
		if c.Found == nil {
			continue
		}
		name := o.paint(bold, plain(c.As.Source))
		if n := c.Found.Doubtful; n > 0 {
			b.WriteString("\n" + hang(o, "", fmt.Sprintf("%s: missing, but kept, since a rejected record may be theirs: %s", name, number(&n))))
		}
		if len(c.Found.Fields) > 0 {
			b.WriteString("\n" + name + "  fields that would change\n\n" + indent(grid(o.indented(2), fieldColumns(), c.Found.Fields)))
		}
		if changes := changesOf(c.Found.Examples); len(changes) > 0 {
			b.WriteString("\n" + name + "  the first of each sort\n\n" + indent(grid(o.indented(2), changeColumns(o), changes)))
		}
	}
	return write(w, b.String())
}

func fieldColumns() []column[load.FieldCount] {
	return []column[load.FieldCount]{
		{name: "field", cell: func(f load.FieldCount) string { return plain(f.Field) }},
		{name: "subscribers", align: text.AlignRight, cell: func(f load.FieldCount) string { return number(&f.Subscribers) }},
	}
}

// changeLine is a field of an example, or an example of which no field is told.
type changeLine struct {
	load.Example
	load.FieldChange
	isFirst bool
}

func changesOf(examples []load.Example) []changeLine {
	var lines []changeLine
	for _, e := range examples {
		if len(e.Fields) == 0 {
			lines = append(lines, changeLine{Example: e, isFirst: true})
		}
		for i, f := range e.Fields {
			lines = append(lines, changeLine{Example: e, FieldChange: f, isFirst: i == 0})
		}
	}
	return lines
}

func changeColumns(o Style) []column[changeLine] {
	first := func(cell func(changeLine) string) func(changeLine) string {
		return func(l changeLine) string {
			if !l.isFirst {
				return ""
			}
			return cell(l)
		}
	}
	value := func(of func(changeLine) *string) func(changeLine) string {
		return func(l changeLine) string {
			if v := of(l); v != nil {
				return plain(*v)
			}
			return unknown
		}
	}
	return []column[changeLine]{
		{name: "would be", cell: first(func(l changeLine) string { return o.sort(l.Change) })},
		{name: "subscriber", cell: first(func(l changeLine) string { return plain(l.Subscriber) })},
		{name: "field", cell: func(l changeLine) string { return cmp.Or(plain(l.Field), unknown) }},
		{name: "old", drop: 1, cell: value(func(l changeLine) *string { return l.Old })},
		{name: "new", drop: 2, cell: value(func(l changeLine) *string { return l.New })},
	}
}

// sort paints what would become of a subscriber.
func (o Style) sort(change string) string {
	switch change {
	case "inserted":
		return o.paint(green, change)
	case "removed":
		return o.paint(red, change)
	}
	return o.paint(yellow, plain(change))
}
