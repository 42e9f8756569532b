package main

import (
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"golang.org/x/term"

	"simsync/internal/report"
)

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// isDumb tells whether the terminal prints and does nothing else.
func isDumb() bool { return os.Getenv("TERM") == "dumb" }

// isColored tells whether colour suits w: a terminal that knows colours and whose user
// has not said NO_COLOR (no-color.org).
func isColored(w io.Writer) bool { return isTerminal(w) && !isDumb() && os.Getenv("NO_COLOR") == "" }

// terminalWidth is how many columns w has; 0 where it is no terminal, or one that
// does not say.
func terminalWidth(w io.Writer) int {
	width, _ := terminalSize(w)
	return width
}

// terminalSize is how many columns and lines w has; 0 where it is no terminal, or one
// that does not say.
func terminalSize(w io.Writer) (width, height int) {
	if !isTerminal(w) {
		return 0, 0
	}
	width, height, err := term.GetSize(int(w.(*os.File).Fd()))
	if err != nil {
		return 0, 0
	}
	return width, height
}

// styleOf fits a table to where it goes: as wide and as coloured as a terminal
// allows, without limit or colour anywhere else.
func styleOf(w io.Writer) report.Style {
	return report.Style{Now: time.Now(), Width: terminalWidth(w), Color: isColored(w)}
}
