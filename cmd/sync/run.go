package main

import (
	"fmt"
	"path/filepath"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/migrations"
)

type runCommand struct {
	Source      []string `placeholder:"NAME" sep:"none" help:"Only this source; may be given several times."`
	DryRun      bool     `help:"Fetch and compare, print what would be inserted, changed and removed, and write nothing. Exit codes as for a run."`
	JSON        bool     `name:"json" help:"With --dry-run: for scripts."`
	MetricsFile string   `placeholder:"FILE" help:"Write the run's metrics there, for node_exporter's textfile collector: a name that ends in .prom."`
	loading
}

// loading is what the commands that load have in common.
type loading struct {
	Migrate       bool    `help:"Bring the schema up to date first."`
	MaxRejects    float64 `default:"0.01" placeholder:"SHARE" help:"The share of records, 0 to 1, that may be rejected; above it nothing is removed and the exit code is 5. Default: ${default}."`
	AllowRemovals bool    `help:"Remove what is proved gone even where it is more than removal_limit allows."`
	watched
}

func (runCommand) examples() [][2]string {
	return [][2]string{
		{"simsync run", "All sources, as a scheduler does every night."},
		{"simsync run --migrate --source iotx", "One source, into a database that may be empty."},
		{"simsync run --dry-run --source flolive", "What it would do, beside whatever else is at work. Nothing is written."},
		{"simsync run --source flolive --allow-removals", "After exit code 4, when the removals are known to be right."},
	}
}

// Run syncs the sources.
func (c *runCommand) Run(e *environment) error {
	if err := c.checkDryRun(); err != nil {
		return err
	}
	if c.MetricsFile != "" && filepath.Ext(c.MetricsFile) != ".prom" {
		return fmt.Errorf("%w: --metrics-file %s: node_exporter reads only names that end in .prom", run.ErrUsage, c.MetricsFile)
	}
	settings, sources, err := c.selected(e, c.Source)
	if err != nil {
		return err
	}
	if c.DryRun {
		return c.dryRun(e, settings, sources)
	}
	summary, err := c.load(e, settings, sources, run.Options{Command: "run", Retention: settings.Retention})
	c.tellMetrics(e, settings, resultsOf(e, sources, summary, err))
	return err
}

// selected are the sources of these names, once the flags are known to be right.
func (l *loading) selected(e *environment, names []string) (*config.Config, []config.Source, error) {
	if !(l.MaxRejects >= 0 && l.MaxRejects <= 1) {
		return nil, nil, fmt.Errorf("%w: --max-rejects is %v; allowed: 0 to 1", run.ErrUsage, l.MaxRejects)
	}
	settings, err := e.settings()
	if err != nil {
		return nil, nil, err
	}
	sources, err := settings.Select(names)
	return settings, sources, err
}

// load syncs the sources and prints what the ledger says of it. options are the
// command's own; what all commands share is filled in here.
func (l *loading) load(e *environment, settings *config.Config, sources []config.Source, options run.Options) (run.Summary, error) {
	log, progress, done := e.watch(settings.Log, l.watched)
	defer done()
	db, err := l.open(e, settings, log)
	if err != nil {
		return run.Summary{}, err
	}
	defer db.Close()
	if options.Archive, err = openArchive(settings.Archive); err != nil {
		return run.Summary{}, err
	}
	options.DB, options.Version, options.Log, options.Progress = db, version, log, progress
	options.MaxRejects, options.AllowRemovals = l.MaxRejects, l.AllowRemovals
	summary, err := l.sync(e, sources, options)
	done()
	if err != nil {
		return summary, err
	}
	if err := e.printSummary(db, summary.ID); err != nil {
		return summary, err
	}
	return summary, reported(summary.Errs()) // each has been logged
}

// open connects to the database, once its schema is as the flags want it.
func (l *loading) open(e *environment, settings *config.Config, log zerolog.Logger) (*load.DB, error) {
	if err := l.migrate(e, settings, log); err != nil {
		return nil, err
	}
	return openDatabase(e.ctx, settings)
}

func (l *loading) migrate(e *environment, settings *config.Config, log zerolog.Logger) error {
	if !l.Migrate {
		return nil
	}
	url, err := checkedURL(settings)
	if err != nil {
		return err
	}
	defer whenStopped(e.ctx, func() { log.Warn().Msg("stopping: a migration under way is taken back, those before it stay") })()
	done, err := migrations.UpTelling(e.ctx, url, func(w migrations.Waiting) {
		log.Warn().Str("migration", w.Name).Str("held_by", w.HeldBy).Msg("the migration waits for a lock, and is tried again")
	})
	for _, a := range done {
		log.Info().Str("migration", a.Name).Dur("took", a.Took).Msg("migration applied")
	}
	return err
}

// sync tells at a signal what will stay, at whatever point of the sync it comes: a
// source is promoted in one transaction or not at all, and details in batches.
func (*loading) sync(e *environment, sources []config.Source, options run.Options) (run.Summary, error) {
	defer whenStopped(e.ctx, func() {
		options.Log.Warn().Msg("stopping: a source that is loaded stays loaded, what was fetched of the others is thrown away")
		if options.Scope.Details == run.DetailsAll {
			options.Log.Warn().Msg("details that were told stay: the same command goes on with the others")
		}
	})()
	return run.Sync(e.ctx, sources, options)
}
