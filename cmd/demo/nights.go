package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/report"
	"simsync/internal/run"
	"simsync/internal/simulator"
	"simsync/migrations"
)

type nightsCommand struct {
	Subscribers int  `default:"20000" placeholder:"N" help:"Simulated floLIVE subscribers; IoT-X has a quarter as many. Default: ${default}."`
	Keep        bool `help:"Keep the database, and leave its server running at the end until Ctrl-C."`
	Verbose     bool `help:"Show the program's log too."`
}

// Run shows two nights of simulated providers, or one sync of real ones.
func (c *nightsCommand) Run(e *environment) error {
	own, err := ownSources()
	if err != nil {
		return err
	}
	server, err := c.startPostgreSQL(e)
	if err != nil {
		return err
	}
	defer stopPostgreSQL(server)
	url, err := c.migrate(e, server)
	if err != nil {
		return err
	}
	db, err := load.Open(e.ctx, url)
	if err != nil {
		return err
	}
	defer db.Close()
	d := demo{environment: e, db: db, log: c.logger()}
	if own != nil {
		err = d.syncOwn(own)
	} else {
		err = d.twoNights(c.Subscribers)
	}
	if err != nil {
		return err
	}
	if err := d.showResult(); err != nil {
		return err
	}
	if c.Keep {
		e.say("\nGo on by hand, in another terminal; Ctrl-C here stops the server, the data stays in %s:\n\n  psql '%s'", keepDir(), url)
		<-e.ctx.Done()
	}
	return nil
}

func (c *nightsCommand) startPostgreSQL(e *environment) (*localpg.Server, error) {
	o := localpg.Options{}
	if c.Keep {
		o = localpg.Options{Dir: keepDir(), Durable: true}
	}
	started := time.Now()
	server, err := localpg.Start(e.ctx, o)
	if err != nil {
		return nil, err
	}
	e.say("PostgreSQL of our own: started in %s", since(started))
	return server, nil
}

// keepDir is where a kept database lives: where a server's own user can enter also
// when the demo is run by root.
func keepDir() string { return filepath.Join(os.TempDir(), "simsync-demo") }

func stopPostgreSQL(server *localpg.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := server.Stop(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "demo: %v\n", err)
	}
}

func (c *nightsCommand) migrate(e *environment, server *localpg.Server) (string, error) {
	started := time.Now()
	url := server.URL("postgres")
	done, err := migrations.Up(e.ctx, url)
	if err != nil {
		return "", err
	}
	e.say("Schema: %d migrations applied in %s", len(done), since(started))
	return url, nil
}

func (c *nightsCommand) logger() zerolog.Logger {
	level := zerolog.ErrorLevel
	if c.Verbose {
		level = zerolog.InfoLevel
	}
	return zerolog.New(zerolog.ConsoleWriter{Out: os.Stderr, TimeFormat: time.TimeOnly, NoColor: os.Getenv("NO_COLOR") != ""}).Level(level).
		With().Timestamp().Logger()
}

// ownSources are the real providers that the environment describes; nil for none.
func ownSources() ([]config.Source, error) {
	if os.Getenv("FLOLIVE_BASE_URL") == "" && os.Getenv("IOTX_BASE_URL") == "" {
		return nil, nil
	}
	settings, err := config.Load("", os.LookupEnv)
	if err != nil {
		return nil, err
	}
	return settings.Select(nil)
}

// demo is a demo under way.
type demo struct {
	*environment
	db  *load.DB
	log zerolog.Logger
}

func (d *demo) syncOwn(sources []config.Source) error {
	for _, s := range sources {
		d.say("Source %s: %s", s.Name, s.BaseURL)
	}
	return d.sync("First sync", sources)
}

// twoNights syncs a simulated fleet, lets a night pass in which it changes, and syncs
// it again with faults in the way.
func (d *demo) twoNights(subscribers int) error {
	sim := simulator.New(simulator.Options{FloLIVE: subscribers, IoTX: subscribers / 4})
	base, stop, err := serve(sim, "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer stop()
	sources, err := simulatedSources(sim, base)
	if err != nil {
		return err
	}
	d.say("Providers: simulated, %d floLIVE and %d IoT-X subscribers", subscribers, subscribers/4)
	if err := d.sync("First night", sources); err != nil {
		return err
	}
	sim.NextNight()
	// The answer is lost after the server's cursor has moved: to repeat the request would skip a chunk.
	sim.Inject(simulator.Fault{Kind: simulator.LostAnswer, Provider: simulator.FloLIVE, Count: 1})
	sim.Inject(simulator.Fault{Kind: simulator.TooManyRequests, Provider: simulator.IoTX, From: 3, RetryAfter: time.Second})
	d.say("A night passes; floLIVE will lose an answer in mid-walk, IoT-X will ask for patience")
	return d.sync("Second night", sources)
}

func simulatedSources(sim *simulator.Simulator, base string) ([]config.Source, error) {
	variables := make(map[string]string)
	for _, setting := range settingsOf(sim, base) {
		variables[setting[0]] = setting[1]
	}
	variables["FLOLIVE_PASSWORD"] = simulator.DefaultPassword // without the shell's quotes
	settings, err := config.Load("", func(name string) (string, bool) {
		value, found := variables[name]
		return value, found
	})
	if err != nil {
		return nil, err
	}
	for i := range settings.Sources {
		settings.Sources[i].RequestsPerSecond = 0 // the limit is for providers that are not our own
	}
	return settings.Select(nil)
}

func (d *demo) sync(title string, sources []config.Source) error {
	started := time.Now()
	summary, err := run.Sync(d.ctx, sources, run.Options{DB: d.db, Command: "run", Version: "demo", MaxRejects: 0.01, Log: d.log})
	if err != nil {
		return err
	}
	d.say("%s: %s", title, since(started))
	for _, r := range summary.Sources {
		for _, w := range r.Walks {
			if w.Sessions > 1 {
				d.say("  %s: an answer was lost; the session was thrown away and the listing read again from its start: %s", r.Source, w.Verdict)
			}
		}
		if r.Traffic.Retries > 0 {
			d.say("  %s: %d request(s) repeated", r.Source, r.Traffic.Retries)
		}
	}
	return errors.Join(summary.Errs()...)
}

func (d *demo) showResult() error {
	rows, err := d.db.Runs(d.ctx, 10)
	if err != nil {
		return err
	}
	d.say("\nThe ledger\n")
	if err := report.Runs(d.out, rows, report.Style{Now: time.Now(), Location: time.Local}); err != nil {
		return err
	}
	return d.showQueries(d.db)
}

func since(t time.Time) time.Duration { return time.Since(t).Round(10 * time.Millisecond) }
