// Command simsync keeps the SIM inventories of floLIVE and IoT-X in PostgreSQL.
//
// One file a command. This one turns signals into the end of a context, the
// arguments into a command, and its error into an exit code; results go to stdout,
// everything else to stderr.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/mattn/go-isatty"
	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/run"
)

func main() {
	ctx, stop := untilSignal(context.Background())
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// cli is the command line. Every setting but the few here comes from the
// environment or the settings file: no secret is ever an argument.
type cli struct {
	Config    string `placeholder:"FILE" env:"SIMSYNC_CONFIG" help:"Settings file (YAML). Without one the environment describes the sources."`
	LogLevel  string `placeholder:"LEVEL" help:"trace, debug, info, warn or error. Default: SIMSYNC_LOG_LEVEL, else info."`
	LogFormat string `placeholder:"FORMAT" help:"json or console. Default: SIMSYNC_LOG_FORMAT, else console at a terminal and json elsewhere."`

	Run     runCommand     `cmd:"" help:"Sync every source once."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema up to date, take a step back, or tell where it is."`
	Runs    runsCommand    `cmd:"" help:"The ledger: recent runs, or one run whole."`
	Check   checkCommand   `cmd:"" help:"Check settings, database, schema and each provider, and say how to mend what is wrong."`
	Version versionCommand `cmd:"" help:"Version, commit and Go version."`
}

// environment is what every command gets.
type environment struct {
	ctx            context.Context
	stdout, stderr io.Writer
	cli            *cli
}

// execute runs one command line and returns the exit code. It is main without the
// process, so that tests can run it.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("simsync"),
		kong.Description("Keeps the SIM inventories of floLIVE and IoT-X in PostgreSQL.\n\n"+exitCodesHelp()),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.UsageOnError(),
	)
	if err != nil {
		panic(err) // the struct above is wrong; any test shows it
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help has been printed
		return exited
	}
	if err != nil {
		return finish(stderr, fmt.Errorf("%w: %w (see simsync --help)", run.ErrUsage, err))
	}
	return finish(stderr, parsed.Run(&environment{ctx: ctx, stdout: stdout, stderr: stderr, cli: &c}))
}

// reported are errors whose text has been printed or logged already: only the exit
// code is left to tell. Nil ones count as done.
type reported []error

// Error is never printed.
func (reported) Error() string { return "reported" }

func finish(stderr io.Writer, err error) int {
	var done reported
	if errors.As(err, &done) {
		return run.ExitCode(done...)
	}
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			fmt.Fprintf(stderr, "simsync: %s\n", strings.TrimRight(line, "\n"))
		}
	}
	return run.ExitCode(err)
}

// untilSignal ends the context at the first SIGINT or SIGTERM, with its name as
// cause. A second signal does what it does to any program.
func untilSignal(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case s := <-signals:
			signal.Stop(signals)
			if s == syscall.SIGTERM {
				cancel(run.ErrTerminated)
			} else {
				cancel(run.ErrInterrupted)
			}
		case <-ctx.Done():
		}
	}()
	return ctx, func() { signal.Stop(signals); cancel(nil) }
}

// settings reads the settings, flags on top.
func (e *environment) settings() (*config.Config, error) {
	settings, err := config.Load(e.cli.Config, os.LookupEnv)
	if err != nil {
		return nil, err
	}
	if e.cli.LogLevel != "" {
		settings.Log.Level = e.cli.LogLevel
	}
	if e.cli.LogFormat != "" {
		settings.Log.Format = e.cli.LogFormat
	}
	return settings, nil
}

// logger makes the one logger of the command.
func (e *environment) logger(l config.Log) (zerolog.Logger, error) {
	level, err := zerolog.ParseLevel(l.Level)
	if err != nil || l.Level == "" {
		return zerolog.Nop(), fmt.Errorf("%w: --log-level is %q; allowed: trace, debug, info, warn, error", run.ErrUsage, l.Level)
	}
	out := e.stderr
	switch {
	case l.Format == "console", l.Format == "" && isTerminal(e.stderr):
		out = zerolog.ConsoleWriter{Out: e.stderr, TimeFormat: "15:04:05", NoColor: os.Getenv("NO_COLOR") != "" || !isTerminal(e.stderr)}
	case l.Format == "json", l.Format == "":
	default:
		return zerolog.Nop(), fmt.Errorf("%w: --log-format is %q; allowed: json, console", run.ErrUsage, l.Format)
	}
	return zerolog.New(out).Level(level).With().Timestamp().Logger(), nil
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

func exitCodesHelp() string {
	var b strings.Builder
	b.WriteString("Exit codes:")
	for _, exit := range run.ExitsByCode() {
		fmt.Fprintf(&b, "\n\n%d: %s.", exit.Code, exit.Meaning)
	}
	return b.String()
}
