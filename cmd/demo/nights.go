package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/report"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

type nightsCommand struct {
	Subscribers int  `default:"20000" placeholder:"N" help:"Simulated floLIVE subscribers; IoT-X has a quarter as many. Default: ${default}."`
	Keep        bool `help:"Keep the database, and leave its server running at the end until Ctrl-C. Another demo with --keep goes on with it."`
	Verbose     bool `help:"Show the program's log too."`
}

// Run shows two nights of simulated providers, or one sync of real ones.
func (c *nightsCommand) Run(e *environment) error {
	if err := checkSubscribers(c.Subscribers); err != nil {
		return err
	}
	own, err := ownSources()
	if err != nil {
		return err
	}
	db, err := openDatabase(e, c.Keep)
	if err != nil {
		return err
	}
	defer db.close(e)
	d := demo{environment: e, db: db.DB, log: c.logger(e)}
	if own != nil {
		err = d.syncOwn(own)
	} else {
		err = d.twoNights(c.Subscribers)
	}
	if err != nil {
		return err
	}
	if c.Keep {
		e.say("\nGo on by hand, in another terminal:\n\n  psql '%s'\n", db.url)
		e.say("Ctrl-C here stops the server; the data stays in\n%s.", keepDir())
		return e.untilStopped()
	}
	return nil
}

// mostSubscribers is as far as the simulator goes without memory to speak of.
const mostSubscribers = 10_000_000

func checkSubscribers(n int) error {
	if n < 1 || n > mostSubscribers {
		return fmt.Errorf("%w: --subscribers is %d; allowed: 1 to %d", run.ErrUsage, n, mostSubscribers)
	}
	return nil
}

func (c *nightsCommand) logger(e *environment) zerolog.Logger {
	level := zerolog.Disabled // a failed source is told in the summary
	if c.Verbose {
		level = zerolog.InfoLevel
	}
	console := zerolog.ConsoleWriter{Out: e.err, TimeFormat: time.TimeOnly, NoColor: !e.color, FieldsExclude: []string{"run"}}
	return zerolog.New(console).Level(level).With().Timestamp().Logger()
}

// ownSources are the real providers that the environment describes; nil for none.
func ownSources() ([]config.Source, error) {
	if os.Getenv("FLOLIVE_BASE_URL") == "" && os.Getenv("IOTX_BASE_URL") == "" {
		return nil, nil
	}
	settings, err := config.Load("", withoutFile(os.LookupEnv))
	if err != nil {
		return nil, err
	}
	return settings.Select(nil)
}

// withoutFile hides the variables that are not the demo's: it has a database of its
// own, and a settings file would take the sources' place.
func withoutFile(lookup func(string) (string, bool)) func(string) (string, bool) {
	return func(name string) (string, bool) {
		switch name {
		case "SIMSYNC_CONFIG", "DATABASE_URL", "DATABASE_URL_FILE":
			return "", false
		}
		return lookup(name)
	}
}

// demo is a demo under way.
type demo struct {
	*environment
	db  *load.DB
	log zerolog.Logger
}

// syncOwn syncs real providers once. What the ledger and the tables say is shown also
// where a source did not end well.
func (d *demo) syncOwn(sources []config.Source) error {
	for _, s := range sources {
		d.say("Source %s: %s", s.Name, s.BaseURL)
	}
	failed := d.sync("First sync", sources)
	if d.ctx.Err() != nil {
		return failed
	}
	return errors.Join(failed, d.showLedger(), d.showQueries(d.db))
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
	truth, err := newTruth(d.ctx, d.db)
	if err != nil {
		return err
	}
	truth.take(sim)
	if err := d.sync("First night", sources); err != nil {
		return err
	}
	if err := d.move(sources[0]); err != nil {
		return err
	}
	truth.take(d.passNight(sim))
	if err := d.sync("Second night", sources); err != nil {
		return err
	}
	if err := d.showMove(sources[0]); err != nil {
		return err
	}
	if err := d.showLedger(); err != nil {
		return err
	}
	return cmp.Or(d.showTruth(truth), d.showQueries(d.db))
}

// passNight changes the fleet and puts faults in the way of its next sync.
func (d *demo) passNight(sim *simulator.Simulator) *simulator.Simulator {
	sim.NextNight()
	// The answer is lost after the server's cursor has moved: to repeat the request would skip a chunk.
	sim.Inject(simulator.Fault{Kind: simulator.LostAnswer, Provider: simulator.FloLIVE, Count: 1})
	sim.Inject(simulator.Fault{Kind: simulator.TooManyRequests, Provider: simulator.IoTX, RetryAfter: time.Second})
	d.say("A night passes; floLIVE will lose an answer, IoT-X will ask for patience")
	return sim
}

// simulatedSources are both providers, as the settings of their variables make them.
func simulatedSources(sim *simulator.Simulator, base string) ([]config.Source, error) {
	variables := settingsOf(sim, base)
	settings, err := config.Load("", func(name string) (string, bool) {
		for _, v := range variables {
			if v[0] == name {
				return v[1], true
			}
		}
		return "", false
	})
	if err != nil {
		return nil, err
	}
	return settings.Select(nil)
}

// sync runs the sources once and says what was in the way.
func (d *demo) sync(title string, sources []config.Source) error {
	started := time.Now()
	summary, err := run.Sync(d.ctx, sources, run.Options{DB: d.db, Command: "run", Version: "demo", MaxRejects: 0.01, Log: d.log})
	if err != nil {
		return err
	}
	d.say("%s: synced in %s", title, since(started))
	for _, r := range summary.Sources {
		for _, w := range r.Walks {
			if w.Sessions > 1 && w.Verdict.Complete() {
				d.say("  %s: an answer was lost; its listing was read again, whole", r.Source)
			}
		}
		if r.Traffic.Retries > 0 {
			d.say("  %s: requests repeated: %d", r.Source, r.Traffic.Retries)
		}
	}
	return errors.Join(summary.Errs()...)
}

// showLedger prints the newest runs, as simsync runs does.
func (d *demo) showLedger() error {
	const runs = 5
	rows, err := d.db.Runs(d.ctx, runs)
	if err != nil {
		return err
	}
	d.say("\nThe ledger:\n")
	return report.Runs(d.out, rows, report.Style{Width: d.width, Color: d.color, Now: time.Now()})
}
