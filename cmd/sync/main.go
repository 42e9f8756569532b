// Command simsync keeps the SIM inventories of floLIVE and IoT-X in PostgreSQL.
//
// One file a command, and one each for help, signals, logs and terminals. This one
// turns the arguments into a command and its error into an exit code. Results go to
// stdout, everything else to stderr.
//
// It refuses to know what a sync is: it asks package run for one, and prints what the
// ledger says of it. What goes back to a provider is package writeback's.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"simsync/internal/config"
	"simsync/internal/run"
)

func main() {
	// net/http prints what a server sends unasked for, and that may hold subscribers.
	log.SetOutput(io.Discard) //nolint:forbidigo // net/http knows no other logger
	ctx, stop := untilSignal(context.Background())
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// cli is the command line. Every setting but the few here comes from the
// environment or the settings file: no secret is ever an argument. No flag but
// --config has a variable that the parser reads, for in an error it would print the
// variable's value.
type cli struct {
	Config    string `placeholder:"FILE" env:"SIMSYNC_CONFIG" help:"Settings file (YAML). Without one the environment describes the sources."`
	LogLevel  string `placeholder:"LEVEL" help:"trace, debug, info, warn or error. Default: SIMSYNC_LOG_LEVEL, else info."`
	LogFormat string `placeholder:"FORMAT" help:"json or console. Default: SIMSYNC_LOG_FORMAT, else console at a terminal and json elsewhere."`

	Run      runCommand      `cmd:"" help:"Sync every source once."`
	Backfill backfillCommand `cmd:"" help:"Load one source once: whole, a window of connection dates, or with the details of every subscriber."`
	Move     moveCommand     `cmd:"" help:"Move floLIVE subscribers to other customers, as a file says; or show the journal of what was written back."`
	Nickname nicknameCommand `cmd:"" help:"Give IoT-X subscribers nicknames: one, or as a file says."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database's schema up to date, take a step back, or tell where it is."`
	Runs     runsCommand     `cmd:"" help:"The ledger: recent runs, or one run whole."`
	Report   reportCommand   `cmd:"" help:"One HTML page of the fleet and its runs, complete in itself."`
	Export   exportCommand   `cmd:"" help:"Write a view or table of the fleet as a file: CSV, JSON by lines, or Parquet."`
	Check    checkCommand    `cmd:"" help:"Check settings, database, schema and each provider, and say how to mend what is wrong."`
	Version  versionCommand  `cmd:"" help:"Version, commit and Go version."`

	Completion completionCommand `cmd:"" help:"Print what has a shell complete commands, flags, sources and files."`
	Man        manCommand        `cmd:"" help:"Print the manual page: simsync man > simsync.1."`
	Complete   completeCommand   `cmd:"" name:"__complete" hidden:"" passthrough:"" help:"Tell a shell what may come next."`
}

// environment is what every command gets.
type environment struct {
	ctx            context.Context
	stdout, stderr io.Writer
	cli            *cli
}

// execute runs one command line and returns the exit code.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("simsync"),
		kong.Description("Keeps the SIM inventories of floLIVE and IoT-X in PostgreSQL."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: widestHelp}),
		kong.Help(printHelp),
	)
	if err != nil {
		panic(err) // the struct above is wrong; any test shows it
	}
	parsed, err := parser.Parse(joinNegatives(args))
	if exited >= 0 { // --help has been printed
		return exited
	}
	if err != nil {
		return finish(ctx, stderr, fmt.Errorf("%w: %w (see simsync --help)", run.ErrUsage, err))
	}
	if err := cmp.Or(refuseEmpty(parsed), refuseTwice(parsed)); err != nil {
		return finish(ctx, stderr, err)
	}
	return finish(ctx, stderr, parsed.Run(&environment{ctx: ctx, stdout: stdout, stderr: stderr, cli: &c}))
}

// joinNegatives joins a number below zero to the flag before it: --limit -3 becomes
// --limit=-3. The parser would take it for a flag of its own and refuse it in its words,
// where the command knows which numbers are allowed.
func joinNegatives(args []string) []string {
	var joined []string
	for i, arg := range args {
		if arg == "--" { // only values follow
			return append(joined, args[i:]...)
		}
		last := len(joined) - 1
		if last >= 0 && strings.HasPrefix(joined[last], "--") && !strings.Contains(joined[last], "=") && isNegative(arg) {
			joined[last] += "=" + arg
			continue
		}
		joined = append(joined, arg)
	}
	return joined
}

func isNegative(arg string) bool {
	number, err := strconv.ParseFloat(arg, 64)
	return err == nil && strings.HasPrefix(arg, "-") && !math.IsInf(number, 0)
}

// reported are errors whose text has been printed or logged already: only the exit
// code is left to tell. Nil ones count as done.
type reported []error

// Error is never printed.
func (reported) Error() string { return "reported" }

// finish prints what is wrong, each line under the program's name, and returns the
// exit code. Where a signal ended ctx, it is the reason and not what came of it.
func finish(ctx context.Context, stderr io.Writer, err error) int {
	if done, ok := errors.AsType[reported](err); ok {
		return run.ExitCode(done...)
	}
	err = run.EndOf(ctx, err)
	for _, line := range linesOf(err) {
		_, _ = fmt.Fprintf(stderr, "simsync: %s\n", line) // there is nobody else to tell
	}
	return run.ExitCode(err)
}

// linesOf is an error's text, a line each. The database's driver tells each address
// that it tried in a line of its own, and twice where it tried without TLS as well.
func linesOf(err error) []string {
	if err == nil {
		return nil
	}
	var lines []string
	for line := range strings.Lines(err.Error()) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return slices.Compact(lines)
}

// settings reads the settings, flags on top.
func (e *environment) settings() (*config.Config, error) {
	settings, err := config.Load(e.cli.Config, os.LookupEnv)
	if err != nil {
		return nil, err
	}
	if err := oneOf(&settings.Log.Level, "--log-level", e.cli.LogLevel, logLevels); err != nil {
		return nil, err
	}
	return settings, oneOf(&settings.Log.Format, "--log-format", e.cli.LogFormat, logFormats)
}
