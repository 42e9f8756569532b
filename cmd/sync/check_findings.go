package main

import (
	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/report"
)

// findings are those of a check under way.
type findings struct {
	*environment
	settings *config.Config
	sources  []config.Source
	log      zerolog.Logger

	// show prints a finding as it is made; nil: all are printed at the end.
	show func(report.Finding) error
	all  []report.Finding
	errs reported // for the exit code, those of printing too
}

// ok notes what is as it should be.
func (f *findings) ok(check, source, text string) {
	f.add(report.Finding{Check: check, Source: source, Level: report.LevelOK, Text: text})
}

// warn notes what a run does not stumble over, and its operator may.
func (f *findings) warn(check, source, text, remedy string) {
	f.add(report.Finding{Check: check, Source: source, Level: report.LevelWarn, Text: text, Remedy: remedy})
}

// fail notes what a run would end with.
func (f *findings) fail(check, source string, err error, remedy string) {
	f.errs = append(f.errs, err)
	f.add(report.Finding{Check: check, Source: source, Level: report.LevelFail, Text: inOneLine(err), Remedy: remedy})
}

func (f *findings) add(found report.Finding) {
	f.all = append(f.all, found)
	if f.show != nil {
		f.errs = append(f.errs, f.show(found))
	}
}
