package main

import (
	"fmt"

	"simsync/internal/config"
	"simsync/internal/run"
	"simsync/migrations"
)

type runCommand struct {
	Source        []string `placeholder:"NAME" sep:"none" help:"Only this source; may be given several times."`
	Migrate       bool     `help:"Bring the schema up to date first."`
	MaxRejects    float64  `default:"0.01" placeholder:"SHARE" help:"The share of records, 0 to 1, that may be rejected; above it nothing is removed and the exit code is 5. Default: ${default}."`
	AllowRemovals bool     `help:"Remove what is proved gone even where it is more than removal_limit allows."`
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
	log, err := e.logger(settings.Log)
	if err != nil {
		return err
	}
	sources, err := settings.Select(c.Source)
	if err != nil {
		return err
	}
	if err := c.migrate(e, settings); err != nil {
		return run.EndOf(e.ctx, err)
	}
	db, err := openDatabase(e.ctx, settings)
	if err != nil {
		return run.EndOf(e.ctx, err)
	}
	defer db.Close()
	summary, err := run.Sync(e.ctx, sources, run.Options{
		DB: db, Command: "run", Version: version, MaxRejects: c.MaxRejects, AllowRemovals: c.AllowRemovals, Log: log,
	})
	if err != nil {
		return err
	}
	if err := e.printSummary(db, summary.ID); err != nil {
		return err
	}
	return reported(summary.Errs()) // each has been logged
}

func (c *runCommand) migrate(e *environment, settings *config.Config) error {
	if !c.Migrate {
		return nil
	}
	if err := settings.NeedDatabase(); err != nil {
		return err
	}
	_, err := migrations.Up(e.ctx, settings.DatabaseURL.Reveal())
	return err
}
