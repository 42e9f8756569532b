package report

import (
	"fmt"
	"io"
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
	columns := append([]column[load.RunRow]{
		{name: "when", drop: 9, cell: func(r load.RunRow) string { return o.moment(r.StartedAt) }},
		{name: "run", cell: func(r load.RunRow) string { return tail(r.RunID, digits) }},
	}, resultColumns(o)...)
	return write(w, grid(o, columns, rows))
}

// Summary writes how one run ended on each of its sources, and why where that was not
// well: what a run says last.
func Summary(w io.Writer, rows []load.RunRow, o Style) error {
	if len(rows) == 0 {
		return write(w, "No source was synced.\n")
	}
	var b strings.Builder
	b.WriteString(title(o, rows[0]) + "\n\n" + grid(o, resultColumns(o), rows))
	gap := "\n"
	for _, r := range rows {
		if r.Error != nil {
			b.WriteString(gap + hang(o, plain(r.Source)+": ", plain(*r.Error)))
			gap = ""
		}
	}
	return write(w, b.String())
}

// title names a run in one line.
func title(o Style, r load.RunRow) string {
	return fmt.Sprintf("%s  %s, simsync %s", o.paint(bold, "Run "+r.RunID.String()), plain(r.Command), plain(r.Version))
}

// resultColumns are the columns that tell what became of a source.
func resultColumns(o Style) []column[load.RunRow] {
	return []column[load.RunRow]{
		{name: "source", cell: func(r load.RunRow) string { return plain(r.Source) }},
		{name: "outcome", cell: o.outcome},
		{name: "exit", align: text.AlignRight, drop: 1, cell: func(r load.RunRow) string { return number(r.ExitCode) }},
		{name: "records", align: text.AlignRight, drop: 4, cell: func(r load.RunRow) string { return number(r.Records) }},
		{name: "+inserted", align: text.AlignRight, drop: 7, cell: func(r load.RunRow) string { return number(r.Inserted) }},
		{name: "~updated", align: text.AlignRight, drop: 6, cell: func(r load.RunRow) string { return number(r.Updated) }},
		{name: "unchanged", align: text.AlignRight, drop: 2, cell: func(r load.RunRow) string { return number(r.Unchanged) }},
		{name: "-removed", align: text.AlignRight, drop: 8, cell: func(r load.RunRow) string { return number(r.Removed) }},
		{name: "rejected", align: text.AlignRight, drop: 5, cell: func(r load.RunRow) string { return number(r.Rejected) }},
		{name: "duration", align: text.AlignRight, drop: 3, cell: o.lasted},
	}
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
