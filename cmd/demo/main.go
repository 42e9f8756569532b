// Command demo is the try-out: it starts a PostgreSQL of its own and both
// simulated providers, syncs two nights of a fleet that changes in between, and shows
// what came of it. It is a program of its own so that no simulator reaches the
// production binary.
//
// With FLOLIVE_BASE_URL or IOTX_BASE_URL set it syncs those instead: a first look at
// one's own fleet with nothing installed.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

type cli struct {
	Nights   nightsCommand   `cmd:"" default:"withargs" help:"Sync two nights into a PostgreSQL of its own (the default)."`
	Simulate simulateCommand `cmd:"" help:"Serve the simulated providers alone."`
}

func main() {
	var c cli
	parsed := kong.Parse(&c, kong.Name("demo"), kong.UsageOnError(), kong.Exit(exit),
		kong.Description("Shows simsync at work, with nothing to install."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := parsed.Run(&environment{ctx: ctx, out: os.Stdout})
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case interrupted:
		fmt.Fprintln(os.Stderr, "demo: stopped")
		os.Exit(130)
	case err != nil:
		fmt.Fprintf(os.Stderr, "demo: %v\n", err)
		os.Exit(1)
	}
}

// exit gives wrong usage the code that simsync gives it.
func exit(code int) {
	if code != 0 {
		code = 2
	}
	os.Exit(code)
}

type environment struct {
	ctx context.Context
	out *os.File
}

// say prints a line of what is happening.
func (e *environment) say(format string, args ...any) {
	fmt.Fprintf(e.out, format+"\n", args...)
}
