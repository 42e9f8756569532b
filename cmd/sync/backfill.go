package main

import (
	"fmt"
	"time"

	"simsync/internal/run"
)

type backfillCommand struct {
	Source         string      `required:"" placeholder:"NAME" help:"The source to load."`
	ConnectedSince string      `placeholder:"DATE" help:"Only IoT-X subscribers connected then or later: a date in UTC, or a time such as 2026-01-31T15:04:05Z. Nothing is removed."`
	ConnectedUntil string      `placeholder:"DATE" help:"Only IoT-X subscribers connected before then. Nothing is removed."`
	Details        run.Details `default:"stale" enum:"all,stale,none" placeholder:"all|stale|none" help:"Whose details and eSIM profiles are asked for: of every live floLIVE subscriber, whatever their age and without details.max_requests; of those that are due, as in a run; or of none. Default: ${default}."`
	FromArchive    string      `placeholder:"DIR" help:"Replay the runs kept in this folder, or in s3://BUCKET/PREFIX, as of when they were, and ask no provider. What the database holds already is passed over."`
	loading
}

func (backfillCommand) examples() [][2]string {
	return [][2]string{
		{"simsync backfill --source iotx", "A whole source, as simsync run does."},
		{"simsync backfill --source iotx --connected-since 2026-01-01 --connected-until 2026-02-01", "The subscribers connected in January. No other is called missing."},
		{"simsync backfill --source flolive --details all", "The details of everybody. Where it is stopped, the same command goes on."},
		{"simsync backfill --source iotx --from-archive ./archive --migrate", "All that was archived, with its history, into an empty database."},
	}
}

// Run loads a source, or a window of one.
func (c *backfillCommand) Run(e *environment) error {
	if c.FromArchive != "" {
		return c.replay(e)
	}
	scope := run.Scope{Details: c.Details}
	for _, bound := range []struct {
		flag, value string
		at          *time.Time
	}{
		{"--connected-since", c.ConnectedSince, &scope.Connected.Since},
		{"--connected-until", c.ConnectedUntil, &scope.Connected.Until},
	} {
		if err := parseBound(bound.at, bound.flag, bound.value); err != nil {
			return err
		}
	}
	if c.AllowRemovals && !scope.Connected.IsWhole() {
		return fmt.Errorf("%w: --allow-removals goes with a whole source only: a window of connection dates never removes", run.ErrUsage)
	}
	settings, sources, err := c.selected(e, []string{c.Source})
	if err != nil {
		return err
	}
	if err := scope.Check(sources[0]); err != nil {
		return err
	}
	summary, err := c.load(e, settings, sources, run.Options{Command: "backfill", Scope: scope})
	for _, r := range summary.Sources {
		if r.Locked {
			_, writing := fmt.Fprintf(e.stdout, "Another run holds source %s: nothing was done. Run this again when that has ended.\n", r.Source)
			return writing
		}
	}
	return err
}

// parseBound reads a bound of connection dates: a date is the midnight in UTC with which
// it begins. None given leaves at as it is.
func parseBound(at *time.Time, flag, value string) error {
	if value == "" {
		return nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339Nano} {
		if t, err := time.Parse(layout, value); err == nil && !t.IsZero() {
			*at = t.UTC()
			return nil
		}
	}
	return fmt.Errorf("%w: %s is %q; allowed: a date such as 2026-01-31, which is in UTC, or a time with its zone such as 2026-01-31T15:04:05Z", run.ErrUsage, flag, value)
}
