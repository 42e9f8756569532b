package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/migrations"
)

// database is the demo's PostgreSQL, migrated.
type database struct {
	*load.DB
	server *localpg.Server
	url    string
}

// openDatabase starts a PostgreSQL and brings it to the schema. One that is kept has
// what it had the last time.
func openDatabase(e *environment, keep bool) (*database, error) {
	o := localpg.Options{}
	if keep {
		o = localpg.Options{Dir: keepDir(), Durable: true}
	}
	started := time.Now()
	server, err := localpg.Start(e.ctx, o)
	if err != nil {
		return nil, err
	}
	e.say("PostgreSQL of our own: started in %s", since(started))
	d := &database{server: server, url: server.URL("postgres")}
	if err := d.migrate(e); err != nil {
		d.close(e)
		return nil, err
	}
	return d, nil
}

func (d *database) migrate(e *environment) error {
	started := time.Now()
	done, err := migrations.Up(e.ctx, d.url)
	if err != nil {
		return err
	}
	e.say("Schema: %d migrations applied in %s", len(done), since(started))
	d.DB, err = load.Open(e.ctx, d.url)
	return err
}

// stopTimeout bounds the orderly stop of the server; then it is killed.
const stopTimeout = 10 * time.Second

// close stops the server also after Ctrl-C.
func (d *database) close(e *environment) {
	if d.DB != nil {
		d.Close()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), stopTimeout)
	defer cancel()
	if err := d.server.Stop(ctx); err != nil {
		_, _ = fmt.Fprintf(e.err, "demo: %v\n", err) // the demo itself has gone as it has
	}
}

// keepDir is where a kept database lives: where a server's own user can enter also
// when the demo is run by root.
func keepDir() string { return filepath.Join(os.TempDir(), "simsync-demo") }

func since(t time.Time) time.Duration { return time.Since(t).Round(10 * time.Millisecond) }
