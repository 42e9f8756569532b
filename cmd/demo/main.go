// Command demo is the try-out: it starts a PostgreSQL of its own and both
// simulated providers, syncs two nights of a fleet that changes in between, and shows
// what came of it. It is a program of its own so that no simulator reaches the
// production binary.
//
// With FLOLIVE_BASE_URL or IOTX_BASE_URL set it syncs those instead: a first look at
// one's own fleet with nothing installed. Or it serves the simulated providers alone.
//
// It refuses to know how a sync works: it asks for one as the program does, and looks
// at the tables as an analyst does.
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
	"golang.org/x/term"

	"simsync/internal/run"
)

type cli struct {
	Nights   nightsCommand   `cmd:"" default:"withargs" help:"Sync two nights of simulated providers, or your own providers once, into a PostgreSQL of its own (the default)."`
	Simulate simulateCommand `cmd:"" help:"Serve the simulated providers alone."`
}

func main() {
	ctx, stop := untilSignal()
	code := execute(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// execute runs one command line and returns the exit code, which means what
// simsync's does.
func execute(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("demo"),
		kong.Description("Shows simsync at work, with nothing to install."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		panic(err) // the struct above is wrong; any test shows it
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help has been printed
		return exited
	}
	if err != nil {
		return finish(ctx, stderr, fmt.Errorf("%w: %w (see demo --help)", run.ErrUsage, err))
	}
	width := widthOf(stdout)
	return finish(ctx, stderr, parsed.Run(&environment{
		ctx: ctx, out: stdout, err: stderr, width: width, color: width > 0 && os.Getenv("NO_COLOR") == "",
	}))
}

// finish prints what is wrong, each line under the program's name, and returns the
// exit code.
func finish(ctx context.Context, stderr io.Writer, err error) int {
	err = run.EndOf(ctx, err)
	if err != nil {
		for line := range strings.Lines(err.Error()) {
			_, _ = fmt.Fprintf(stderr, "demo: %s\n", strings.TrimSpace(line)) // there is nobody else to tell
		}
	}
	return run.ExitCode(err)
}

// untilSignal ends the context at the first SIGINT or SIGTERM. A second one does what
// it does to any program.
func untilSignal() (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signalled, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(signalled, func() {
		stop()
		cancel(run.ErrInterrupted)
	})
	return ctx, stop
}

// environment is what every command gets.
type environment struct {
	ctx      context.Context
	out, err io.Writer
	// width is the terminal's, in columns; 0 is no limit, as in a pipe.
	width int
	// color allows colours on out: a terminal whose user has not said NO_COLOR.
	color bool
}

func widthOf(w io.Writer) int {
	f, ok := w.(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil { // no terminal
		return 0
	}
	return width
}

// say prints a line of what is happening. What cannot be printed ends nothing: the
// databases and servers under way are to be stopped in order.
func (e *environment) say(format string, args ...any) {
	_, _ = fmt.Fprintf(e.out, format+"\n", args...)
}

// untilStopped waits for Ctrl-C, where that is the way to end.
func (e *environment) untilStopped() error {
	<-e.ctx.Done()
	if cause := context.Cause(e.ctx); !errors.Is(cause, run.ErrInterrupted) {
		return cause
	}
	return nil
}
