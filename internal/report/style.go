package report

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"simsync/internal/load"
)

// Style is how text for a terminal looks.
type Style struct {
	// Width is the terminal's, in columns; 0 is no limit, as in a pipe.
	Width int
	// Color allows ANSI colours.
	Color bool
	// Now is the time up to which a running run has lasted.
	Now time.Time
	// Location is the zone that times are told in; nil is the machine's own.
	Location *time.Location
}

// indented is the style for what stands to the right of n spaces.
func (o Style) indented(n int) Style {
	if o.Width > 0 {
		o.Width = max(o.Width-n, 1)
	}
	return o
}

// color is a parameter of the ANSI sequence Select Graphic Rendition (ECMA-48, 8.3.117).
type color string

const (
	bold   color = "1"
	red    color = "31"
	green  color = "32"
	yellow color = "33"
	cyan   color = "36"
)

// paint colours a text, where the style allows it. (go-pretty's own colours follow
// the environment; whoever fills in a Style has looked at that already.)
func (o Style) paint(c color, text string) string {
	if !o.Color || text == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// outcome words how a run ended on a source, or that it did not. One that loaded all and
// exits with another code than 0 is no green one: its enrichment broke off, say. One that
// was stopped or killed says, too, where its load was not complete.
func (o Style) outcome(r load.RunRow) string {
	doubt := ""
	if r.LoadOutcome != nil && *r.LoadOutcome != load.OutcomeOK {
		doubt = ", " + string(*r.LoadOutcome)
	}
	switch {
	case r.Running:
		return o.paint(cyan, "running")
	case r.Outcome == nil:
		return o.paint(red, "killed"+doubt)
	case *r.Outcome == load.OutcomeInterrupted:
		return o.paint(yellow, string(*r.Outcome)+doubt)
	case *r.Outcome == load.OutcomeOK && !hasTrouble(r):
		return o.paint(green, string(*r.Outcome))
	case *r.Outcome == load.OutcomeFailed:
		return o.paint(red, string(*r.Outcome))
	}
	return o.paint(yellow, plain(string(*r.Outcome)))
}

// outcomeAlone words an outcome where no column beside it has the exit code.
func (o Style) outcomeAlone(r load.RunRow) string {
	if !hasTrouble(r) {
		return o.outcome(r)
	}
	return o.paint(yellow, fmt.Sprintf("%s, exit %d", *r.Outcome, *r.ExitCode))
}

// hasTrouble tells of a run that loaded all whether its exit code says otherwise.
func hasTrouble(r load.RunRow) bool {
	return r.Outcome != nil && *r.Outcome == load.OutcomeOK && r.ExitCode != nil && *r.ExitCode != 0
}

// unknown stands for what the ledger does not know.
const unknown = "-"

// plain makes a text from outside fit for one line of a terminal: a control character
// could move the cursor or end the line.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
