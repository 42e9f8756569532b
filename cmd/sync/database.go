package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/migrations"
)

// database is the settings and the URL of their database: what migrates needs no source.
func (e *environment) database() (*config.Config, string, error) {
	settings, err := e.settings()
	if err != nil {
		return nil, "", err
	}
	url, err := checkedURL(settings)
	return settings, url, err
}

// checkedURL is the database's URL, once the driver can read it: what it cannot read
// is a wrong setting, not a database out of reach. The driver's error masks the
// password.
func checkedURL(settings *config.Config) (string, error) {
	if err := settings.NeedDatabase(); err != nil {
		return "", err
	}
	url := settings.DatabaseURL.Reveal()
	if _, err := pgconn.ParseConfig(url); err != nil {
		return "", &config.Error{Problems: []string{"the database URL: " + err.Error()}}
	}
	return url, nil
}

// connect opens the settings' database, whatever its schema.
func connect(ctx context.Context, settings *config.Config) (*load.DB, error) {
	url, err := checkedURL(settings)
	if err != nil {
		return nil, err
	}
	return load.Open(ctx, url)
}

// openDatabase connects and sees to it that the schema is this program's.
func openDatabase(ctx context.Context, settings *config.Config) (*load.DB, error) {
	db, err := connect(ctx, settings)
	if err != nil {
		return nil, err
	}
	if err := checkSchema(ctx, db); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

func checkSchema(ctx context.Context, db *load.DB) error {
	current, wanted, err := migrations.Version(ctx, db.Pool())
	switch {
	case err != nil:
		return err
	case current == 0:
		return fmt.Errorf("%w: the database has none yet (this program's version is %d): run simsync migrate up", run.ErrSchema, wanted)
	case current < wanted:
		return fmt.Errorf("%w: it is at version %d, this program's is %d: run simsync migrate up", run.ErrSchema, current, wanted)
	}
	return notNewer(current, wanted)
}

// notNewer refuses a schema that a newer program made.
func notNewer(current, wanted int64) error {
	if current > wanted {
		return fmt.Errorf("%w: it is at version %d, made by a newer program; this one's is %d: use the newer program", run.ErrSchema, current, wanted)
	}
	return nil
}
