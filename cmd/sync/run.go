package main

import (
	"fmt"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/migrations"
)

type runCommand struct {
	Source        []string `placeholder:"NAME" sep:"none" help:"Only this source; may be given several times."`
	Migrate       bool     `help:"Bring the schema up to date first."`
	MaxRejects    float64  `default:"0.01" placeholder:"SHARE" help:"The share of records, 0 to 1, that may be rejected; above it nothing is removed and the exit code is 5. Default: ${default}."`
	AllowRemovals bool     `help:"Remove what is proved gone even where it is more than removal_limit allows."`
}

func (runCommand) examples() [][2]string {
	return [][2]string{
		{"simsync run", "All sources, as a scheduler does every night."},
		{"simsync run --migrate --source iotx", "One source, into a database that may be empty."},
		{"simsync run --source flolive --allow-removals", "After exit code 4, when the removals are known to be right."},
	}
}

// Run syncs the sources.
func (c *runCommand) Run(e *environment) error {
	if !(c.MaxRejects >= 0 && c.MaxRejects <= 1) {
		return fmt.Errorf("%w: --max-rejects is %v; allowed: 0 to 1", run.ErrUsage, c.MaxRejects)
	}
	settings, err := e.settings()
	if err != nil {
		return err
	}
	log := e.logger(settings.Log)
	sources, err := settings.Select(c.Source)
	if err != nil {
		return err
	}
	if err := c.migrate(e, settings, log); err != nil {
		return err
	}
	db, err := openDatabase(e.ctx, settings)
	if err != nil {
		return err
	}
	defer db.Close()
	summary, err := c.sync(e, db, sources, log)
	if err != nil {
		return err
	}
	if err := e.printSummary(db, summary.ID); err != nil {
		return err
	}
	return reported(summary.Errs()) // each has been logged
}

func (c *runCommand) migrate(e *environment, settings *config.Config, log zerolog.Logger) error {
	if !c.Migrate {
		return nil
	}
	url, err := checkedURL(settings)
	if err != nil {
		return err
	}
	defer whenStopped(e.ctx, func() { log.Warn().Msg("stopping: a migration under way is taken back, those before it stay") })()
	done, err := migrations.Up(e.ctx, url)
	for _, a := range done {
		log.Info().Str("migration", a.Name).Dur("took", a.Took).Msg("migration applied")
	}
	return err
}

// sync tells at a signal what will stay, at whatever point of the sync it comes: a
// source is promoted in one transaction or not at all.
func (c *runCommand) sync(e *environment, db *load.DB, sources []config.Source, log zerolog.Logger) (run.Summary, error) {
	defer whenStopped(e.ctx, func() {
		log.Warn().Msg("stopping: a source that is loaded stays loaded, what was fetched of the others is thrown away")
	})()
	return run.Sync(e.ctx, sources, run.Options{
		DB: db, Command: "run", Version: version, MaxRejects: c.MaxRejects, AllowRemovals: c.AllowRemovals, Log: log,
	})
}
