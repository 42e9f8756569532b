package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"simsync/internal/archive"
	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/report"
	"simsync/internal/run"
)

// openArchive is the archive of the settings; nil where they want none.
func openArchive(a config.Archive) (*archive.Archive, error) {
	if a.Dir == "" && a.URL == "" {
		return nil, nil
	}
	kept, err := archive.Open(archive.Options{
		Dir: a.Dir, URL: a.URL, Keep: a.Keep, Endpoint: a.Endpoint, Region: a.Region,
		AccessKey: a.AccessKey, SecretKey: a.SecretKey.Reveal(), SessionToken: a.SessionToken.Reveal(),
	})
	if err != nil {
		return nil, &config.Error{Problems: []string{fmt.Sprintf("archive: %v", err)}}
	}
	return kept, nil
}

// namedArchive is the one that a flag names; what a bucket needs is the settings'.
func namedArchive(place string, a config.Archive) (*archive.Archive, error) {
	a.Dir, a.URL = place, ""
	if archive.IsBucket(place) {
		a.Dir, a.URL = "", place
		return openArchive(a)
	}
	if info, err := os.Stat(place); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%w: --from-archive names %s, which is no folder", run.ErrUsage, place)
	}
	return openArchive(a)
}

// replay loads what an archive holds of the source.
func (c *backfillCommand) replay(e *environment) error {
	switch {
	case c.ConnectedSince != "" || c.ConnectedUntil != "" || c.Details != run.DetailsStale:
		return fmt.Errorf("%w: --from-archive loads what was read then: --connected-since, --connected-until and --details go with a provider only", run.ErrUsage)
	case c.AllowRemovals:
		return fmt.Errorf("%w: --from-archive removes what was removed then: --allow-removals goes with a provider only", run.ErrUsage)
	}
	settings, sources, err := c.selected(e, []string{c.Source})
	if err != nil {
		return err
	}
	from, err := namedArchive(c.FromArchive, settings.Archive)
	if err != nil {
		return err
	}
	log := e.logger(settings.Log)
	db, err := c.open(e, settings, log)
	if err != nil {
		return err
	}
	defer db.Close()
	done, err := c.replayFrom(e, sources[0], from, run.Options{DB: db, Command: "backfill", Version: version, Log: log})
	if err == nil {
		err = reported(done.Errs()) // each has been logged
	}
	if done.Locked {
		_, writing := fmt.Fprintf(e.stdout, "Another run holds source %s: nothing was replayed. Run this again when that has ended.\n", c.Source)
		return writing
	}
	return cmp.Or(e.printReplayed(db, done), err)
}

// replayFrom tells at a signal what will stay.
func (c *backfillCommand) replayFrom(e *environment, source config.Source, from *archive.Archive, o run.Options) (run.Replayed, error) {
	defer whenStopped(e.ctx, func() {
		o.Log.Warn().Msg("stopping: the runs that are replayed stay, and the same command goes on with the others")
	})()
	return run.Replay(e.ctx, source, from, o)
}

// printReplayed prints what the ledger says of the runs replayed, a line each, and what
// became of the others.
func (e *environment) printReplayed(db *load.DB, done run.Replayed) error {
	ctx, cancel := afterSignal(e.ctx)
	defer cancel()
	var rows []load.RunRow
	for _, s := range done.Runs {
		detail, err := db.Run(ctx, s.ID)
		if errors.Is(err, load.ErrNoRun) {
			continue // the log has told why
		}
		if err != nil {
			return err
		}
		rows = append(rows, detail.Sources...)
	}
	if len(rows) > 0 {
		if err := report.Runs(e.stdout, rows, styleOf(e.stdout)); err != nil {
			return err
		}
	}
	if len(rows)+done.In+done.Void == 0 {
		return nil // what is wrong is told
	}
	if done.Older > 0 {
		if _, err := fmt.Fprintf(e.stdout, "Passed over, from before all that the ledger tells of: %d.\n", done.Older); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintf(e.stdout, "Replayed: %d. In the database already: %d. Never loaded when they were made: %d.\n", len(rows), done.In, done.Void); err != nil {
		return err
	}
	return e.printLeft(done)
}

// printLeft prints what of an archive is not in the database.
func (e *environment) printLeft(done run.Replayed) error {
	if done.Lost != nil {
		if _, err := fmt.Fprintf(e.stdout, "Not whole: %v.\n", done.Lost); err != nil {
			return err
		}
	}
	if done.Left == 0 {
		return nil
	}
	_, err := fmt.Fprintf(e.stdout, "Left: %d. The same command goes on with them.\n", done.Left)
	return err
}
