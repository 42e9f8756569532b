package report

import (
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"simsync/internal/load"
)

// runJSON is load.RunRow field by field: a column more there does not compile here.
type runJSON struct {
	RunID         uuid.UUID     `json:"run_id"`
	Source        string        `json:"source"`
	Command       string        `json:"command"`
	StartedAt     time.Time     `json:"started_at"`
	FinishedAt    *time.Time    `json:"finished_at"`
	Outcome       *load.Outcome `json:"outcome"`
	ExitCode      *int          `json:"exit_code"`
	Error         *string       `json:"error"`
	Version       string        `json:"version"`
	Declared      *int64        `json:"declared"`
	Records       *int64        `json:"records"`
	Inserted      *int64        `json:"inserted"`
	Updated       *int64        `json:"updated"`
	Unchanged     *int64        `json:"unchanged"`
	Repeated      *int64        `json:"repeated"`
	Rejected      *int64        `json:"rejected"`
	RejectedParts *int64        `json:"rejected_parts"`
	Removed       *int64        `json:"removed"`
	Requests      *int64        `json:"requests"`
	Retries       *int64        `json:"retries"`
	Bytes         *int64        `json:"bytes"`
	DetailsAsked  *int64        `json:"details_asked"`
	DetailsFound  *int64        `json:"details_found"`
	ProfilesAsked *int64        `json:"profiles_asked"`
	ProfilesFound *int64        `json:"profiles_found"`

	AsOf           *time.Time `json:"as_of"`
	ConnectedSince *time.Time `json:"connected_since"`
	ConnectedUntil *time.Time `json:"connected_until"`

	LoadOutcome    *load.Outcome `json:"load_outcome"`
	ContinuesRunID *uuid.UUID    `json:"continues_run_id"`

	Running bool `json:"is_running"`
}

// walkJSON is load.WalkRow with the verdict as its word.
type walkJSON struct {
	RunID           uuid.UUID `json:"run_id"`
	Source          string    `json:"source"`
	Listing         string    `json:"listing"`
	Verdict         string    `json:"verdict"`
	Declared        *int64    `json:"declared"`
	DistinctRecords int64     `json:"distinct_records"`
	Repeated        int64     `json:"repeated"`
	Sessions        int       `json:"sessions"`
	Requests        int64     `json:"requests"`
	StartedAt       time.Time `json:"started_at"`
	FinishedAt      time.Time `json:"finished_at"`
}

// rejectJSON is load.RejectCount field by field.
type rejectJSON struct {
	Source  string  `json:"source"`
	IsWhole bool    `json:"is_whole"`
	Field   *string `json:"field"`
	Reason  string  `json:"reason"`
	Count   int64   `json:"count"`
}

type detailJSON struct {
	RunID   uuid.UUID    `json:"run_id"`
	Sources []runJSON    `json:"sources"`
	Walks   []walkJSON   `json:"walks"`
	Rejects []rejectJSON `json:"rejects"`
}

// RunsJSON writes rows as the array that the package comment describes.
func RunsJSON(w io.Writer, rows []load.RunRow) error {
	return writeJSON(w, each(rows, jsonOfRun))
}

// RunDetailJSON writes d as the object that the package comment describes.
func RunDetailJSON(w io.Writer, d load.RunDetail) error {
	return writeJSON(w, detailJSON{
		RunID:   d.RunID,
		Sources: each(d.Sources, jsonOfRun),
		Walks:   each(d.Walks, jsonOfWalk),
		Rejects: each(d.Rejects, func(k load.RejectCount) rejectJSON { return rejectJSON(k) }),
	})
}

func jsonOfRun(r load.RunRow) runJSON {
	r.StartedAt = r.StartedAt.UTC()
	for _, t := range []**time.Time{&r.FinishedAt, &r.AsOf, &r.ConnectedSince, &r.ConnectedUntil} {
		if *t != nil {
			*t = new((*t).UTC())
		}
	}
	return runJSON(r)
}

func jsonOfWalk(k load.WalkRow) walkJSON {
	return walkJSON{
		RunID: k.RunID, Source: k.Source, Listing: k.Listing, Verdict: string(k.Verdict), Declared: k.Declared,
		DistinctRecords: k.DistinctRecords, Repeated: k.Repeated, Sessions: k.Sessions, Requests: k.Requests,
		StartedAt: k.StartedAt.UTC(), FinishedAt: k.FinishedAt.UTC(),
	}
}

func each[A, B any](all []A, to func(A) B) []B {
	done := make([]B, 0, len(all))
	for _, one := range all {
		done = append(done, to(one))
	}
	return done
}

// writeJSON goes to w only once all of it is known to be good: half an array would be
// read as none.
func writeJSON(w io.Writer, v any) error {
	text, err := json.Marshal(v, jsontext.WithIndent("  "), json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("word the report as JSON: %w", err)
	}
	return write(w, string(text)+"\n")
}
