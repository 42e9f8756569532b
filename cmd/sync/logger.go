package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/run"
)

// What --log-level and --log-format may be: as in the settings, which check only what
// came from the environment or the file.
var (
	logLevels  = []string{"trace", "debug", "info", "warn", "error"}
	logFormats = []string{"json", "console"}
)

// oneOf sets target to what a flag says, where it says anything.
func oneOf(target *string, flag, value string, allowed []string) error {
	switch {
	case value == "":
		return nil
	case !slices.Contains(allowed, value):
		return fmt.Errorf("%w: %s is %q; allowed: %s", run.ErrUsage, flag, value, strings.Join(allowed, ", "))
	}
	*target = value
	return nil
}

// logger makes the one logger of the command, out of checked settings.
func (e *environment) logger(l config.Log) zerolog.Logger {
	out := e.stderr
	if l.Format == "console" || l.Format == "" && isTerminal(e.stderr) {
		out = console(e.stderr, isColored(e.stderr))
	}
	return leveled(out, l)
}

// leveled is a logger of the settings' level.
func leveled(out io.Writer, l config.Log) zerolog.Logger {
	level, err := zerolog.ParseLevel(l.Level)
	if err != nil {
		panic(err) // the settings allow a level that the log does not know
	}
	return zerolog.New(out).Level(level).With().Timestamp().Logger()
}

// console words the log for the eye: what a line is about comes first, a time has its
// unit, and the run's id, the same in every line, is left to the summary.
func console(w io.Writer, isColored bool) zerolog.ConsoleWriter {
	return zerolog.ConsoleWriter{
		Out: w, TimeFormat: time.TimeOnly, NoColor: !isColored,
		FieldsOrder:   []string{"source", "phase", "listing", "verdict", "outcome"},
		FieldsExclude: []string{"run"},
		FormatPrepare: func(fields map[string]any) error {
			for _, name := range []string{"took", "left"} {
				if ms, err := strconv.ParseFloat(fmt.Sprint(fields[name]), 64); err == nil {
					fields[name] = time.Duration(ms * float64(time.Millisecond)).Round(time.Millisecond).String()
				}
			}
			return nil
		},
	}
}
