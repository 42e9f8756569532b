package main

import (
	"os"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/progress"
	"simsync/internal/run"
)

// watched is how a command that loads may be watched.
type watched struct {
	NoProgress bool `help:"At a terminal, too, tell in the log how far it is, every ten seconds, instead of drawing bars."`
}

// watch makes the command's logger, and a progress for a run that is shown until done
// is called: drawn below the log at a terminal, told in it elsewhere.
func (e *environment) watch(l config.Log, c watched) (log zerolog.Logger, p *run.Progress, done func()) {
	p = new(run.Progress)
	if c.NoProgress || !e.isDrawnOn(l) {
		log = e.logger(l)
		return log, p, progress.Log(p.UnderWay, log)
	}
	size := func() (width, height int) { return terminalSize(e.stderr) }
	screen := progress.NewScreen(e.stderr, size, isColored(e.stderr))
	return leveled(console(screen, isColored(e.stderr)), l), p, screen.Show(p.UnderWay)
}

// isDrawnOn tells whether somebody looks at stderr, and at more than its text: it is a
// terminal that can move its cursor, the log there is for the eye, and no CI machine
// gathers what it shows.
func (e *environment) isDrawnOn(l config.Log) bool {
	return isTerminal(e.stderr) && l.Format != "json" && !isDumb() && !isCI()
}

// isCI tells whether a CI machine runs the program, as all of them say.
func isCI() bool {
	ci := os.Getenv("CI")
	return ci != "" && ci != "false" && ci != "0"
}
