package report

import (
	"fmt"
	"strings"
	"time"

	"simsync/internal/load"
)

// mostRuns is how many runs on a source the page lists: more is simsync runs' to show.
const mostRuns = 40

// freshnessSection is as of when each source is known.
func freshnessSection(f load.Figures) section {
	s := section{ID: "freshness", Title: "Freshness", Intro: "As of when each source's data is exactly what the provider had, and how its last sync ended."}
	var rows [][]string
	for _, k := range f.Freshness {
		outcome := outcomeWord(k.AttemptedOutcome)
		if k.AttemptedAt == nil {
			outcome = "never synced whole"
		}
		rows = append(rows, []string{named(k.Source), maybe(k.CompleteAsOf), age(f.At, k.CompleteAsOf), maybe(k.AttemptedAt), outcome, number(&k.AttemptsSince)})
	}
	s.Sheets = []sheet{sheetOf("Freshness of each source", []sheetColumn{
		{"Source", "text"}, {"Complete as of", "fixed"}, {"Age", "fixed"}, {"Last sync", "fixed"}, {"Outcome", "fixed"}, {"Syncs since, not complete", "num"},
	}, rows)}
	return s
}

func maybe(t *time.Time) string {
	if t == nil {
		return "never"
	}
	return moment(*t)
}

func age(now time.Time, t *time.Time) string {
	if t == nil {
		return unknown
	}
	return ago(now.Sub(*t))
}

// outcomeWord words how a run ended, or that it did not: running or killed.
func outcomeWord(outcome string) string {
	if outcome == string(load.OutcomeHeldBack) {
		return "held back"
	}
	return plain(outcome)
}

// runsSection is the ledger's newest runs.
func runsSection(f load.Figures) section {
	s := section{ID: "runs", Title: "Runs"}
	if len(f.Runs) == 0 {
		s.Intro = "No run is recorded in the last " + daysWord(f.Days) + "."
		return s
	}
	shown := f.Runs[:min(mostRuns, len(f.Runs))]
	s.Intro = "Each run on a source, the newest first. A walk reads one listing of the provider; nothing is removed unless every walk is proved complete."
	if rest := int64(len(f.Runs) - len(shown)); rest > 0 {
		s.Intro += fmt.Sprintf(" The newest %d; %s before them.", len(shown), countOf(rest, "run is", "runs are"))
	}
	var rows, remarks [][]string
	for _, r := range shown {
		when := strings.TrimSuffix(moment(nightOf(r)), " UTC")
		rows = append(rows, []string{
			when, named(r.Source), ending(r), walksWord(r), number(r.Records),
			number(r.Inserted), number(r.Updated), number(r.Removed), number(r.Rejected), took(f.At, r),
		})
		if text := remark(r); text != "" {
			remarks = append(remarks, []string{when, named(r.Source), ending(r), text})
		}
	}
	s.Sheets = []sheet{sheetOf("Runs and the verdicts of their walks", []sheetColumn{
		{"When (UTC)", "fixed"},
		{"Source", "text"},
		{"Outcome", "fixed"},
		{"Walks complete", "text"},
		{"Records", "num"},
		{"Inserted", "num"},
		{"Updated", "num"},
		{"Removed", "num"},
		{"Rejected", "num"},
		{"Duration", "num"},
	}, rows)}
	if len(remarks) > 0 {
		s.Sheets = append(s.Sheets, sheetOf("What there is to say of them", []sheetColumn{
			{"When (UTC)", "fixed"}, {"Source", "text"}, {"Outcome", "fixed"}, {"Remark", "prose"},
		}, remarks))
	}
	return s
}

func ending(r load.RunFigures) string {
	switch {
	case r.Outcome != nil:
		return outcomeWord(string(*r.Outcome))
	case r.Running:
		return "running"
	}
	return "killed"
}

// walksWord is how many walks were complete, and why the others were not.
func walksWord(r load.RunFigures) string {
	if r.Walks == 0 {
		return unknown
	}
	text := fmt.Sprintf("%s of %s", number(&r.CompleteWalks), number(&r.Walks))
	var reasons []string
	for _, v := range r.Reasons {
		reasons = append(reasons, strings.ReplaceAll(plain(string(v)), "_", " "))
	}
	if len(reasons) > 0 {
		text += ": " + list(reasons)
	}
	return text
}

func took(now time.Time, r load.RunFigures) string {
	return Style{Now: now}.lasted(load.RunRow{StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, Running: r.Running})
}

// remark is what there is to say of a run beside its numbers.
func remark(r load.RunFigures) string {
	var words []string
	if r.Command != "run" {
		words = append(words, plain(r.Command))
	}
	if !r.IsWhole {
		words = append(words, "a window of connection dates")
	}
	text := strings.Join(words, " of ")
	if r.Error == nil {
		return text
	}
	if text != "" {
		text += ": "
	}
	return text + named(*r.Error)
}
