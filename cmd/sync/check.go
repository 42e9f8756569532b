package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/rs/zerolog"

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
	db := checkDatabase(e.ctx, settings, &found)
	if db != nil {
		defer db.Close()
	}
	for _, source := range sources {
		err := run.Check(e.ctx, source, version, log)
		found.add("source "+source.Name, err, "reached "+source.BaseURL+", credentials accepted", remedy(err))
		if err == nil && source.API == config.FloLIVEv2 && source.Details.MaxRequests > 0 {
			checkDetails(e.ctx, db, source, log, &found)
		}
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

// checkDatabase returns the database where its schema is this program's; else nil.
func checkDatabase(ctx context.Context, settings *config.Config, found *findings) *load.DB {
	db, err := connect(ctx, settings)
	found.add("database", err, "reached", databaseRemedy(err))
	if err != nil {
		return nil
	}
	err = checkSchema(ctx, db)
	found.add("schema", err, "this program's", "")
	if err != nil {
		db.Close()
		return nil
	}
	return db
}

// checkDetails reads the details of one subscriber, which takes a permission of its
// own. Which subscribers there are only a database knows that was synced.
func checkDetails(ctx context.Context, db *load.DB, source config.Source, log zerolog.Logger, found *findings) {
	subject, iccid := "details of "+source.Name, ""
	var err error
	if db != nil {
		iccid, err = db.Fleet(source.Name).AnyICCID(ctx)
	}
	if err == nil && iccid == "" {
		found.add(subject, nil, "not tried, for no subscriber is known before the first run", "")
		return
	}
	if err == nil {
		err = run.CheckDetails(ctx, source, iccid, version, log)
	}
	help := remedy(err)
	if errors.Is(err, fetch.KindRefused) {
		help = "The account lacks the permission to read a subscriber's details: have it granted, or set details: {max_requests: 0}."
	}
	found.add(subject, err, "permitted", help)
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
