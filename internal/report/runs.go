package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jedib0t/go-pretty/v6/text"

	"simsync/internal/load"
)

// Runs writes the table of recent runs, a line a run and source, in the order of
// rows. It names a run by the end of its id, which load's ResolveRun takes back.
func Runs(w io.Writer, rows []load.RunRow, o Style) error {
	if len(rows) == 0 {
		return write(w, "No run is recorded yet. To sync every source once: simsync run\n")
	}
	digits := tailDigits(rows)
	columns := []column[load.RunRow]{
		{name: "when", drop: 4, cell: func(r load.RunRow) string { return o.moment(r.StartedAt) }},
		{name: "when", drop: 10, instead: 4, cell: func(r load.RunRow) string { return o.local(r.StartedAt).Format("Jan 02 15:04") }},
		{name: "run", cell: func(r load.RunRow) string { return tail(r.RunID, digits) }},
	}
	if slices.ContainsFunc(rows, func(r load.RunRow) bool { return command(r) != nightly }) {
		columns = append(columns, column[load.RunRow]{name: "command", drop: 6, cell: command})
	}
	return write(w, grid(o, append(columns, resultColumns(o)...), rows))
}

// nightly is the command that needs no word: nearly every run is one.
const nightly = "run"

// command names what ran, and whether it asked for a part of the source only.
func command(r load.RunRow) string {
	if r.IsWindow() {
		return plain(r.Command) + " (window)"
	}
	return plain(r.Command)
}

// Summary writes how one run ended on each of its sources, and why where that was not
// well: what a run says last.
func Summary(w io.Writer, rows []load.RunRow, o Style) error {
	if len(rows) == 0 {
		return write(w, "No source was synced.\n")
	}
	var b strings.Builder
	b.WriteString(title(o, rows[0]) + "\n\n" + grid(o, resultColumns(o), rows))
	b.WriteString(reasons(o, rows))
	return write(w, b.String())
}

// reasons words why sources did not end well, a line each after an empty one.
func reasons(o Style, rows []load.RunRow) string {
	var b strings.Builder
	gap := "\n"
	for _, r := range rows {
		if r.Error != nil {
			b.WriteString(gap + hang(o, plain(r.Source)+": ", plain(*r.Error)))
			gap = ""
		}
	}
	return b.String()
}

// title names a run in one line.
func title(o Style, r load.RunRow) string {
	return fmt.Sprintf("%s  %s, simsync %s", o.paint(bold, "Run "+r.RunID.String()), plain(r.Command), plain(r.Version))
}

// resultColumns are the columns that tell what became of a source.
func resultColumns(o Style) []column[load.RunRow] {
	return []column[load.RunRow]{
		{name: "source", cell: func(r load.RunRow) string { return plain(r.Source) }},
		{name: "outcome", drop: 1, cell: o.outcome},
		{name: "outcome", instead: 1, cell: o.outcomeAlone},
		{name: "exit", align: text.AlignRight, drop: 1, cell: func(r load.RunRow) string { return number(r.ExitCode) }},
		{name: "records", align: text.AlignRight, drop: 7, cell: func(r load.RunRow) string { return number(r.Records) }},
		{name: "+inserted", align: text.AlignRight, drop: 3, cell: func(r load.RunRow) string { return number(r.Inserted) }},
		{name: "~updated", align: text.AlignRight, drop: 3, cell: func(r load.RunRow) string { return number(r.Updated) }},
		{name: "unchanged", align: text.AlignRight, drop: 2, cell: func(r load.RunRow) string { return number(r.Unchanged) }},
		{name: "-removed", align: text.AlignRight, drop: 3, cell: func(r load.RunRow) string { return number(r.Removed) }},
		{name: "changes", align: text.AlignRight, drop: 9, instead: 3, cell: func(r load.RunRow) string { return number(changes(r)) }},
		{name: "rejected", align: text.AlignRight, drop: 8, cell: func(r load.RunRow) string { return number(r.Rejected) }},
		{name: "duration", align: text.AlignRight, drop: 5, cell: o.lasted},
	}
}

// changes counts what is otherwise in fleet now; nil where nothing was promoted.
func changes(r load.RunRow) *int64 {
	if r.Inserted == nil || r.Updated == nil || r.Removed == nil {
		return nil
	}
	return new(*r.Inserted + *r.Updated + *r.Removed)
}

// tailDigits is how many digits of the end of an id tell the runs of rows apart. The
// beginning of an id is its time: runs of one minute have it in common.
func tailDigits(rows []load.RunRow) int {
	const fewest, all = 8, 32
	for digits := fewest; digits < all; digits++ {
		owner := make(map[string]uuid.UUID)
		unique := true
		for _, r := range rows {
			short := tail(r.RunID, digits)
			if other, taken := owner[short]; taken && other != r.RunID {
				unique = false
			}
			owner[short] = r.RunID
		}
		if unique {
			return digits
		}
	}
	return all
}

// tail is the end of an id in hexadecimal digits.
func tail(id uuid.UUID, digits int) string {
	return fmt.Sprintf("%x", id[:])[32-digits:]
}

func write(w io.Writer, s string) error {
	if _, err := io.WriteString(w, s); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
