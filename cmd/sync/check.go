package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/run"
)

type checkCommand struct {
	Source []string `placeholder:"NAME" sep:"none" help:"Only this source; may be given several times."`
}

func (checkCommand) examples() [][2]string {
	return [][2]string{
		{"simsync check", "Everything, before the first run."},
		{"simsync check --source iotx", "One provider, when its token has been renewed."},
	}
}

// Run checks everything that can be checked without writing, one line each.
func (c *checkCommand) Run(e *environment) error {
	settings, err := e.settings()
	if err != nil {
		return err
	}
	sources, err := settings.Select(c.Source)
	if err != nil {
		return err
	}
	log := e.logger(settings.Log)
	found := findings{out: e.stdout}
	found.add("settings", nil, counted(len(sources), "source"), "")
	checkDatabase(e.ctx, settings, &found)
	for _, source := range sources {
		err := run.Check(e.ctx, source, version, log)
		found.add("source "+source.Name, err, "reached "+source.BaseURL+", credentials accepted", remedy(err))
	}
	if e.ctx.Err() != nil {
		return run.EndOf(e.ctx, e.ctx.Err())
	}
	return found.errs
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// findings prints a line each and keeps the errors for the exit code, those of
// printing too.
type findings struct {
	out  io.Writer
	errs reported
}

func (f *findings) add(subject string, err error, good, remedy string) {
	text := fmt.Sprintf("ok    %s: %s\n", subject, good)
	if err != nil {
		text = fmt.Sprintf("FAIL  %s: %s\n", subject, strings.Join(linesOf(err), "\n      "))
		if remedy != "" {
			text += "      " + remedy + "\n"
		}
	}
	_, writing := io.WriteString(f.out, text)
	f.errs = append(f.errs, err, writing)
}

func checkDatabase(ctx context.Context, settings *config.Config, found *findings) {
	db, err := connect(ctx, settings)
	found.add("database", err, "reached", databaseRemedy(err))
	if err != nil {
		return
	}
	defer db.Close()
	found.add("schema", checkSchema(ctx, db), "this program's", "")
}

// remedy says what to do about a provider's error, where that is known.
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
	case errors.Is(err, fetch.KindErrorAnswer), errors.Is(err, fetch.KindLostAnswer):
		return "The provider is there but does not answer as it should: try again later."
	}
	return ""
}

func databaseRemedy(err error) string {
	var settings *config.Error
	switch {
	case err == nil, errors.As(err, &settings), errors.Is(err, load.ErrTooOld): // the text says it
		return ""
	case load.IsCredentialsRefused(err):
		return "Correct the user or password of DATABASE_URL."
	}
	return "Check that PostgreSQL runs where DATABASE_URL says, and that this machine may reach it."
}
