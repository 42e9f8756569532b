package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jedib0t/go-pretty/v6/text"

	"simsync/internal/writeback"
)

// Customers are names by customer ID.
type Customers map[uuid.UUID]string

// name is a customer's name, or its ID where it has none.
func (c Customers) name(id uuid.UUID) string {
	if name := c[id]; name != "" {
		return plain(name)
	}
	return id.String()
}

// Plan writes what is to be done, or with applied what was done, a line a change, and
// how many there are of each.
func Plan(w io.Writer, p *writeback.Plan, applied bool, customers Customers, o Style) error {
	columns := []column[writeback.Line]{
		{name: "line", align: text.AlignRight, cell: func(l writeback.Line) string { return lineNumber(l.Line) }},
		{name: "type", drop: 2, cell: func(l writeback.Line) string { return string(l.Type) }},
		{name: "subscriber", cell: func(l writeback.Line) string { return plain(l.Masked()) }},
		{name: "from", drop: 1, cell: func(l writeback.Line) string { return current(p.Kind, l, customers) }},
		{name: "to", cell: func(l writeback.Line) string { return wanted(p.Kind, l.Change, customers) }},
		{name: "plan", cell: func(l writeback.Line) string { return o.verdict(p.Kind, l) }},
	}
	if p.Kind == writeback.KindNickname { // all of one type
		columns = slices.Delete(columns, 1, 2)
	}
	if applied {
		columns = append(columns, column[writeback.Line]{name: "outcome", cell: func(l writeback.Line) string { return o.result(l) }})
	}
	return write(w, grid(o, columns, p.Lines)+"\n"+hang(o, "", planSummary(p, applied)))
}

// planSummary words a plan, or what came of it, in a sentence or two.
func planSummary(p *writeback.Plan, applied bool) string {
	counts := make(map[string]int)
	var order []string
	for _, l := range p.Lines {
		word := summaryWord(l, applied)
		if counts[word] == 0 {
			order = append(order, word)
		}
		counts[word]++
	}
	parts := make([]string, len(order))
	for i, word := range order {
		parts[i] = fmt.Sprintf("%d %s", counts[word], word)
	}
	text := fmt.Sprintf("%d of %s: %s.", len(p.Lines), p.Source, strings.Join(parts, ", "))
	switch {
	case !applied && p.ToSend() == 0:
		text += " There is nothing to send."
	case !applied:
		text += " Nothing was sent; --apply executes."
	case counts[string(writeback.OutcomeAccepted)]+counts[string(writeback.OutcomeUnknown)] > 0:
		text += " simsync move --status tells what becomes of those that are open."
	}
	if p.LeftToRun > 0 {
		text += " A run holds the source: the rows of the fleet follow with it or the next."
	}
	return text
}

// summaryWord is what a line counts as.
func summaryWord(l writeback.Line, applied bool) string {
	switch {
	case l.Step != nil:
		return strings.ReplaceAll(string(l.Step.Outcome), "_", " ")
	case l.Verdict.Sends() && applied:
		return "not sent"
	case l.Verdict.Sends():
		return "to send"
	}
	return map[writeback.Verdict]string{
		writeback.VerdictAlready: "already so", writeback.VerdictDuplicate: "duplicate", writeback.VerdictOpen: "open already",
		writeback.VerdictSeveral: "of several SIMs",
	}[l.Verdict]
}

// current is what a subscriber is now, as far as the database knows.
func current(kind writeback.Kind, l writeback.Line, customers Customers) string {
	var all []string
	for _, known := range l.Fits {
		switch {
		case kind == writeback.KindNickname:
			all = append(all, quote(known.Nickname))
		case known.CustomerID.Valid:
			all = append(all, customers.name(known.CustomerID.UUID))
		}
	}
	if len(all) == 0 {
		return unknown
	}
	return strings.Join(all, ", ")
}

// wanted is what a subscriber is to be.
func wanted(kind writeback.Kind, c writeback.Change, customers Customers) string {
	if kind == writeback.KindNickname {
		return quote(c.Nickname)
	}
	return customers.name(c.Target)
}

// quote shows a nickname, which may be empty or begin with a space.
func quote(nickname string) string { return `"` + plain(nickname) + `"` }

func lineNumber(line int) string {
	if line == 0 {
		return unknown
	}
	return fmt.Sprint(line)
}

// verdict words what is planned for a line.
func (o Style) verdict(kind writeback.Kind, l writeback.Line) string {
	verb, already := "move", "already there"
	if kind == writeback.KindNickname {
		verb, already = "rename", "already named so"
	}
	switch l.Verdict {
	case writeback.VerdictSend:
		return o.paint(green, verb)
	case writeback.VerdictUnknown:
		return o.paint(yellow, verb+", though unknown to the database")
	case writeback.VerdictAlready:
		return already
	case writeback.VerdictDuplicate:
		return fmt.Sprintf("duplicate of line %d", l.DuplicateOf)
	case writeback.VerdictOpen:
		return o.paint(yellow, fmt.Sprintf("open already: %s since %s", l.Open.Outcome, o.moment(l.Open.AskedAt)))
	case writeback.VerdictSeveral:
		return o.paint(red, "several SIMs fit: name one by its ICCID")
	}
	return plain(string(l.Verdict))
}

// result words what became of a line.
func (o Style) result(l writeback.Line) string {
	switch {
	case l.Step != nil:
		return o.changed(*l.Step)
	case l.Verdict.Sends():
		return o.paint(yellow, "not sent")
	}
	return unknown
}

// changed words the outcome of a step, with the provider's code.
func (o Style) changed(s writeback.Step) string {
	word := strings.ReplaceAll(string(s.Outcome), "_", " ")
	if s.Code != "" {
		word += ", " + plain(s.Code)
	}
	switch s.Outcome {
	case writeback.OutcomeDone, writeback.OutcomeAccepted:
		return o.paint(green, word)
	case writeback.OutcomeRefused, writeback.OutcomeFailed:
		return o.paint(red, word)
	case writeback.OutcomeJournalled, writeback.OutcomeUnknown, writeback.OutcomeNotExecuted:
	}
	return o.paint(yellow, word)
}

// Journal is what is told of the journal: the last command's steps, and the open ones
// of earlier commands. No step is in both.
type Journal struct {
	Last, Open []writeback.Step
}

// JournalStatus writes the journal.
func JournalStatus(w io.Writer, j Journal, customers Customers, o Style) error {
	if len(j.Last) == 0 {
		return write(w, "The journal is empty: no move and no nickname was ever sent.\n")
	}
	last := j.Last[0]
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s on %s, %s\n\n", o.paint(bold, "Command "+last.Command.String()), last.Kind, plain(last.Source), o.second(last.AskedAt))
	b.WriteString(grid(o, stepColumns(o, customers), j.Last))
	if len(j.Open) > 0 {
		b.WriteString("\n" + o.paint(bold, "Open steps of earlier commands") + "\n\n" + grid(o, stepColumns(o, customers), j.Open))
	}
	b.WriteString("\n" + hang(o, "", journalSummary(j)))
	return write(w, b.String())
}

func journalSummary(j Journal) string {
	open := 0
	for _, s := range slices.Concat(j.Last, j.Open) {
		if s.Outcome.IsOpen() {
			open++
		}
	}
	if open == 0 {
		return "No step is open."
	}
	return fmt.Sprintf("Steps that are open: %d. None of them is ever sent again; this command and every run look what became of them.", open)
}

func stepColumns(o Style, customers Customers) []column[writeback.Step] {
	return []column[writeback.Step]{
		{name: "change", align: text.AlignRight, drop: 1, cell: func(s writeback.Step) string { return fmt.Sprint(s.ID) }},
		{name: "source", drop: 4, cell: func(s writeback.Step) string { return plain(s.Source) }},
		{name: "asked", drop: 3, cell: func(s writeback.Step) string { return o.moment(s.AskedAt) }},
		{name: "line", align: text.AlignRight, drop: 2, cell: func(s writeback.Step) string { return lineNumber(s.Line) }},
		{name: "type", drop: 5, cell: func(s writeback.Step) string { return string(s.Type) }},
		{name: "subscriber", cell: func(s writeback.Step) string { return plain(s.Masked()) }},
		{name: "to", cell: func(s writeback.Step) string { return wanted(s.Kind, s.Change, customers) }},
		{name: "outcome", cell: o.changed},
		{name: "settled by", drop: 6, cell: func(s writeback.Step) string {
			if s.SettledBy == "" {
				return unknown
			}
			return string(s.SettledBy)
		}},
	}
}
