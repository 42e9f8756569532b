package main

import (
	"errors"
	"fmt"
	"maps"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/report"
	"simsync/internal/run"
	"simsync/internal/writeback"
)

// journalStatus settles what is open in the journals of the sources, of one alone where
// it is named, and shows them. A source that cannot be asked is logged, and its
// steps stay open.
func (e *environment) journalStatus(name string, asJSON bool) error {
	settings, err := e.settings()
	if err != nil {
		return err
	}
	var names []string
	if name != "" {
		names = []string{name}
	}
	sources, err := settings.Select(names)
	if err != nil {
		return err
	}
	db, err := openDatabase(e.ctx, settings)
	if err != nil {
		return err
	}
	defer db.Close()
	command, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("name the command: %w", err)
	}
	s := settling{environment: e, db: db, command: command, log: e.logger(settings.Log)}
	for _, source := range sources {
		if err := s.settle(source); err != nil {
			s.log.Error().Err(run.EndOf(e.ctx, err)).Str("source", source.Name).Msg("open steps not settled")
			s.errs = append(s.errs, run.EndOf(e.ctx, err))
		}
	}
	if err := s.show(sources, asJSON); err != nil {
		return err
	}
	return s.errs
}

// settling is a look into the journal.
type settling struct {
	*environment
	db      *load.DB
	command uuid.UUID
	log     zerolog.Logger
	failed  int      // steps settled as failed
	errs    reported // each has been logged
}

// settle looks what became of a source's open steps. While another command sends, its
// open steps are under way and nobody else's to settle.
func (s *settling) settle(source config.Source) error {
	open, err := s.db.OpenSteps(s.ctx, source.Name)
	if err != nil || len(open) == 0 {
		return err
	}
	journal, err := s.db.Journal(s.ctx, source.Name)
	if errors.Is(err, writeback.ErrLocked) {
		s.log.Warn().Str("source", source.Name).Msg("another move or nickname command is at work on the source: its steps are shown, and not looked into")
		return nil
	}
	if err != nil {
		return err
	}
	defer journal.Close()
	if open, err = s.db.OpenSteps(s.ctx, source.Name); err != nil { // nobody writes any more
		return err
	}
	steps := make([]*writeback.Step, len(open))
	for i := range open {
		steps[i] = &open[i]
	}
	log := s.log.With().Str("source", source.Name).Logger()
	err = s.look(source, steps, &writeback.Looker{Journal: journal, Fleet: s.db.Fleet(source.Name), Command: s.command, Log: log}, log)
	for _, step := range steps {
		if step.Outcome == writeback.OutcomeFailed {
			s.failed++
		}
	}
	return err
}

func (s *settling) look(source config.Source, steps []*writeback.Step, looker *writeback.Looker, log zerolog.Logger) error {
	if source.API == config.IoTXv4 {
		client, err := run.IoTX(source, version, log)
		if err != nil {
			return err
		}
		defer client.Close()
		return looker.Nicknames(s.ctx, steps, client)
	}
	client, err := run.FloLIVE(source, version, log)
	if err != nil {
		return err
	}
	defer client.Close()
	return looker.Moves(s.ctx, steps, client)
}

// show prints the journal as it is now, and notes what is not as it was asked to be.
func (s *settling) show(sources []config.Source, asJSON bool) error {
	ctx, cancel := afterSignal(s.ctx)
	defer cancel()
	var j report.Journal
	customers := make(report.Customers)
	var names []string
	for _, source := range sources {
		names = append(names, source.Name)
	}
	var err error
	if j.Last, err = s.db.LastSteps(ctx, names); err != nil {
		return err
	}
	unknown := 0
	for _, name := range names {
		known, err := s.db.Customers(ctx, name)
		if err != nil {
			return err
		}
		maps.Copy(customers, known)
		open, err := s.db.OpenSteps(ctx, name)
		if err != nil {
			return err
		}
		for _, step := range open {
			if step.Outcome != writeback.OutcomeAccepted {
				unknown++
			}
			if step.Command != j.Last[0].Command {
				j.Open = append(j.Open, step)
			}
		}
	}
	if asJSON {
		err = report.JournalStatusJSON(s.stdout, j)
	} else {
		err = report.JournalStatus(s.stdout, j, customers, styleOf(s.stdout))
	}
	if unknown+s.failed > 0 {
		s.errs = append(s.errs, run.ErrUnfinished)
		s.log.Warn().Int("unknown", unknown).Int("failed", s.failed).Msg("not everything is as it was asked to be")
	}
	return err
}
