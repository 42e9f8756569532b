package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"simsync/internal/load"
)

// RunDetail writes one run: of each source how it ended, the balance of its records,
// its walks, and its rejects by reason.
func RunDetail(w io.Writer, d load.RunDetail, o Style) error {
	var b strings.Builder
	for i, r := range d.Sources {
		if i == 0 {
			b.WriteString(title(o, r) + "\n")
		}
		b.WriteString("\n" + o.paint(bold, plain(r.Source)) + "  " + o.outcome(r) + "\n")
		inner := o.indented(2)
		walks := only(d.Walks, func(k load.WalkRow) bool { return k.Source == r.Source })
		rejects := only(d.Rejects, func(k load.RejectCount) bool { return k.Source == r.Source })
		b.WriteString(indent(facts(inner, r, walks, rejects)))
		if len(walks) > 0 {
			b.WriteString("\n" + indent(grid(inner, walkColumns(o), walks)))
		}
		if len(rejects) > 0 {
			b.WriteString("\n" + indent(grid(inner, rejectColumns(), rejects)))
		}
	}
	return write(w, b.String())
}

func only[T any](all []T, keep func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(all), func(one T) bool { return !keep(one) })
}

// facts words a row of sync.run, a line a fact.
func facts(o Style, r load.RunRow, walks []load.WalkRow, rejects []load.RejectCount) string {
	var b strings.Builder
	fact := func(name, value string) { b.WriteString(hang(o, fmt.Sprintf("%-9s ", name), value)) }
	if r.Error != nil {
		fact("error", plain(*r.Error))
	}
	if r.IsWindow() {
		fact("window", window(o, r))
	}
	fact("started", o.second(r.StartedAt))
	fact("finished", finished(o, r))
	if r.AsOf != nil && r.AsOf.Before(r.StartedAt) {
		fact("as of", o.second(*r.AsOf)+": what was received then was loaded again")
	}
	if r.ExitCode != nil {
		fact("exit code", number(r.ExitCode))
	}
	if r.ContinuesRunID != nil {
		fact("goes on", "with the details and eSIM profiles of run "+r.ContinuesRunID.String())
	}
	if text := loadAlone(r); text != "" {
		fact("load", text)
	}
	fact("records", balance(r))
	if r.Records != nil {
		fact("declared", announced(r, walks))
		fact("removed", number(r.Removed))
		fact("refused", refusedBeside(r, rejects))
	}
	if r.DetailsAsked != nil {
		fact("details", fmt.Sprintf("%s found of %s subscribers asked for", number(r.DetailsFound), number(r.DetailsAsked)))
		fact("profiles", fmt.Sprintf("%s found on %s EIDs asked for", number(r.ProfilesFound), number(r.ProfilesAsked)))
	}
	if r.Requests != nil {
		fact("requests", fmt.Sprintf("%s (retries: %s), %s received", number(r.Requests), number(r.Retries), size(r.Bytes)))
	}
	return b.String()
}

// finished words the end of a run, or why there is none.
func finished(o Style, r load.RunRow) string {
	switch {
	case r.FinishedAt != nil:
		return fmt.Sprintf("%s, after %s", o.second(*r.FinishedAt), o.lasted(r))
	case r.Running:
		return "not yet, running for " + o.lasted(r)
	}
	return "never: the run was killed; the next one makes up for it"
}

// loadAlone words how the load ended, where how the run did tells another thing; else it
// is empty.
func loadAlone(r load.RunRow) string {
	if r.LoadOutcome == nil || r.Outcome != nil && *r.Outcome == *r.LoadOutcome {
		return ""
	}
	switch *r.LoadOutcome {
	case load.OutcomeIncomplete:
		return "incomplete: what was read is loaded, nothing was removed"
	case load.OutcomeHeldBack:
		return "held back: changes are loaded, removals are held back"
	case load.OutcomeOK, load.OutcomeFailed, load.OutcomeInterrupted: // a load has only the first
	}
	return "ok: all is loaded; the run was at its details and eSIM profiles"
}

// window words the part of a source that was asked for.
func window(o Style, r load.RunRow) string {
	words := "only subscribers connected"
	if r.ConnectedSince != nil {
		words += " since " + o.second(*r.ConnectedSince)
	}
	if r.ConnectedUntil != nil {
		words += " before " + o.second(*r.ConnectedUntil)
	}
	return words + "; nothing is removed"
}

// balance words what became of the records read: every one is accounted for.
func balance(r load.RunRow) string {
	switch {
	case r.Records != nil:
		return fmt.Sprintf("%s = %s inserted + %s updated + %s unchanged + %s repeated + %s rejected", number(r.Records),
			number(r.Inserted), number(r.Updated), number(r.Unchanged), number(r.Repeated), number(r.Rejected))
	case r.Running:
		return "not promoted yet"
	}
	return "nothing promoted: the fleet is as it was"
}

// announced is what the provider declared over all listings; where it did not of each,
// how far that goes.
func announced(r load.RunRow, walks []load.WalkRow) string {
	if r.Declared != nil {
		return number(r.Declared)
	}
	var sum int64
	telling := only(walks, func(k load.WalkRow) bool { return k.Declared != nil })
	if len(telling) == 0 {
		return "no total was announced"
	}
	for _, k := range telling {
		sum += *k.Declared
	}
	return fmt.Sprintf("%s by %d of %d listings; the others announced no total", number(&sum), len(telling), len(walks))
}

// refusedBeside words what was refused beside the records that the balance has. The
// ledger counts what the walks brought; details and profiles have the rest of the rejects
// that are listed below. Those may be gone by now, the counts stay.
func refusedBeside(r load.RunRow, rejects []load.RejectCount) string {
	records, parts := -orZero(r.Rejected), -orZero(r.RejectedParts)
	for _, k := range rejects {
		if k.IsWhole {
			records += k.Count
		} else {
			parts += k.Count
		}
	}
	text := number(r.RejectedParts) + " pairs and fields of records that were loaded"
	var more []string
	if records > 0 {
		more = append(more, countOf(records, "record", "records"))
	}
	if parts > 0 {
		more = append(more, countOf(parts, "part", "parts"))
	}
	if len(more) == 0 {
		return text
	}
	return text + "; of details and profiles " + list(more)
}

func walkColumns(o Style) []column[load.WalkRow] {
	return []column[load.WalkRow]{
		{name: "listing", cell: func(k load.WalkRow) string { return plain(k.Listing) }},
		{name: "verdict", cell: func(k load.WalkRow) string {
			if k.Verdict.Complete() {
				return o.paint(green, string(k.Verdict))
			}
			return o.paint(yellow, plain(string(k.Verdict)))
		}},
		{name: "declared", align: text.AlignRight, drop: 5, cell: func(k load.WalkRow) string { return number(k.Declared) }},
		{name: "distinct", align: text.AlignRight, cell: func(k load.WalkRow) string { return number(&k.DistinctRecords) }},
		{name: "repeated", align: text.AlignRight, drop: 3, cell: func(k load.WalkRow) string { return number(&k.Repeated) }},
		{name: "sessions", align: text.AlignRight, drop: 2, cell: func(k load.WalkRow) string { return number(&k.Sessions) }},
		{name: "requests", align: text.AlignRight, drop: 1, cell: func(k load.WalkRow) string { return number(&k.Requests) }},
		{name: "duration", align: text.AlignRight, drop: 4, cell: func(k load.WalkRow) string { return duration(k.FinishedAt.Sub(k.StartedAt)) }},
	}
}

func rejectColumns() []column[load.RejectCount] {
	return []column[load.RejectCount]{
		{name: "rejects", align: text.AlignRight, cell: func(k load.RejectCount) string { return number(&k.Count) }},
		{name: "refused", drop: 1, cell: func(k load.RejectCount) string { return refused(k.IsWhole) }},
		{name: "field", cell: func(k load.RejectCount) string {
			if k.Field == nil {
				return unknown
			}
			return plain(*k.Field)
		}},
		{name: "reason", cell: func(k load.RejectCount) string { return plain(k.Reason) }},
	}
}
