package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"simsync/internal/run"
)

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

// whenStopped calls do as soon as a signal ends ctx. The function that it returns
// calls that off, or waits until do has returned.
func whenStopped(ctx context.Context, do func()) (off func()) {
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		do()
	})
	return func() {
		if !stop() {
			<-done
		}
	}
}
