package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/run"
)

type checkCommand struct {
	Source []string `placeholder:"NAME" sep:"none" help:"Only this source; may be given several times."`
}

// Run checks everything that can be checked without writing, one line each.
func (c *checkCommand) Run(e *environment) error {
	settings, err := e.settings()
	if err != nil {
		return err
	}
	if _, err := e.logger(settings.Log); err != nil {
		return err
	}
	sources, err := settings.Select(c.Source)
	if err != nil {
		return err
	}
	found := findings{out: e.stdout}
	found.add("settings", nil, fmt.Sprintf("%d source(s)", len(sources)), "")
	checkDatabase(e.ctx, settings, &found)
	for _, source := range sources {
		err := run.Check(e.ctx, source, version, zerolog.Nop())
		found.add("source "+source.Name, err, "reached "+source.BaseURL+", credentials accepted", remedy(err))
	}
	if e.ctx.Err() != nil {
		return run.EndOf(e.ctx, e.ctx.Err())
	}
	return found.errs
}

// findings prints a line each and keeps the errors for the exit code.
type findings struct {
	out  io.Writer
	errs reported
}

func (f *findings) add(subject string, err error, good, remedy string) {
	f.errs = append(f.errs, err)
	if err == nil {
		fmt.Fprintf(f.out, "ok    %s: %s\n", subject, good)
		return
	}
	fmt.Fprintf(f.out, "FAIL  %s: %v\n", subject, err)
	if remedy != "" {
		fmt.Fprintf(f.out, "      %s\n", remedy)
	}
}

func checkDatabase(ctx context.Context, settings *config.Config, found *findings) {
	if err := settings.NeedDatabase(); err != nil {
		found.add("database", err, "", "")
		return
	}
	db, err := load.Open(ctx, settings.DatabaseURL.Reveal())
	found.add("database", err, "reached", remedy(err))
	if err != nil {
		return
	}
	defer db.Close()
	found.add("schema", checkSchema(ctx, db), "this program's", "")
}

// remedy says what to do about an error, where that is known.
func remedy(err error) string {
	switch {
	case errors.Is(err, fetch.KindCredentials):
		return "Renew the token, or correct username and password; an IoT-X token dies with the user that made it."
	case errors.Is(err, fetch.KindRefused):
		return "The account may lack a permission (IoT-X: View Subscriber), or a customer's UUID is not this account's."
	case errors.Is(err, fetch.KindNotFound):
		return "Check base_url: the provider knows no such path."
	case errors.Is(err, fetch.KindNeverSent):
		return "Check base_url, DNS, proxies and firewalls."
	case load.IsCredentialsRefused(err):
		return "Correct the user or password of DATABASE_URL."
	}
	return ""
}
