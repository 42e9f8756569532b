package report

import (
	"io"
	"slices"
	"strings"
)

// Level is how bad a finding is.
type Level string

// The levels. Only LevelFail keeps the program from its work.
const (
	LevelOK   Level = "ok"
	LevelWarn Level = "warn"
	LevelFail Level = "fail"
)

// Finding is one thing that was looked at, how it is and what to do about it.
type Finding struct {
	// Check names what was looked at: the same word in every release.
	Check string
	// Source is whose it is; empty where it is no source's.
	Source string
	Level  Level
	// Text says how it is.
	Text string
	// Remedy says what to do; empty where there is nothing to do, or Text says it.
	Remedy string
}

// subject is what a line speaks of.
func (f Finding) subject() string {
	switch {
	case f.Source == "":
		return f.Check
	case f.Check == "source":
		return "source " + f.Source
	}
	return f.Check + " of " + f.Source
}

// line is what there is to say, and what to do, in one sentence or two.
func (f Finding) line() string {
	text := strings.Join(strings.Fields(plain(strings.ReplaceAll(f.Text, "\n", "; "))), " ")
	if f.Remedy == "" {
		return text
	}
	return strings.TrimSuffix(text, ".") + ". " + f.Remedy
}

// CheckLine writes a finding in one line: its level, what was looked at, how that is and
// what to do. At a terminal that is too narrow it goes on in the next, indented.
func CheckLine(w io.Writer, f Finding, o Style) error {
	label := map[Level]string{LevelOK: "ok", LevelWarn: "warn", LevelFail: "FAIL"}[f.Level]
	label += strings.Repeat(" ", len("FAIL  ")-len(label))
	text := hang(o, label, f.subject()+": "+f.line())
	shade := map[Level]color{LevelOK: green, LevelWarn: yellow, LevelFail: red}[f.Level]
	word := strings.TrimRight(label, " ")
	return write(w, o.paint(shade, word)+strings.TrimPrefix(text, word))
}

type checkJSON struct {
	OK       bool          `json:"is_ok"`
	Findings []findingJSON `json:"findings"`
}

type findingJSON struct {
	Check  string  `json:"check"`
	Source *string `json:"source"`
	Level  Level   `json:"level"`
	Text   string  `json:"text"`
	Remedy *string `json:"remedy"`
}

// CheckJSON writes all findings as one object.
func CheckJSON(w io.Writer, findings []Finding) error {
	all := checkJSON{
		OK:       !slices.ContainsFunc(findings, func(f Finding) bool { return f.Level == LevelFail }),
		Findings: make([]findingJSON, len(findings)),
	}
	for i, f := range findings {
		all.Findings[i] = findingJSON{Check: f.Check, Source: orNull(f.Source), Level: f.Level, Text: f.Text, Remedy: orNull(f.Remedy)}
	}
	return writeJSON(w, all)
}
