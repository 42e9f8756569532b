package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/report"
	"simsync/internal/run"
	"simsync/internal/writeback"
)

// readChanges reads a file of changes. What is wrong with it is wrong usage, as a file
// that is not there is.
func readChanges(name string, read func(string, io.Reader) ([]writeback.Change, error)) ([]writeback.Change, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", run.ErrUsage, err)
	}
	changes, err := read(name, file)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return nil, fmt.Errorf("%w: nothing was sent:\n%w", run.ErrUsage, err)
	}
	return changes, nil
}

// task is what is to be written back, and how it is asked for.
type task struct {
	kind        writeback.Kind
	api         config.API
	source      string
	apply, json bool
	changes     []writeback.Change
}

// pick is the source of a task: the one named, or the only one of its API.
func (t task) pick(settings *config.Config) (config.Source, error) {
	var names []string
	if t.source != "" {
		names = []string{t.source}
	}
	sources, err := settings.Select(names)
	if err != nil {
		return config.Source{}, err
	}
	var fit []config.Source
	var all []string
	for _, s := range sources {
		if s.API == t.api {
			fit, all = append(fit, s), append(all, s.Name)
		}
	}
	switch {
	case len(fit) == 0 && t.source != "":
		return config.Source{}, fmt.Errorf("%w: source %s is of api %s, and a %s is of api %s", run.ErrUsage, t.source, sources[0].API, t.kind, t.api)
	case len(fit) == 0:
		return config.Source{}, fmt.Errorf("%w: no source is of api %s, which a %s is of", run.ErrUsage, t.api, t.kind)
	case len(fit) > 1:
		return config.Source{}, fmt.Errorf("%w: say which source with --source: %s", run.ErrUsage, strings.Join(all, ", "))
	}
	return fit[0], nil
}

// writeBack plans a task, sends it where it is to be applied, and prints what came of
// it.
func (e *environment) writeBack(t task) error {
	settings, err := e.settings()
	if err != nil {
		return err
	}
	source, err := t.pick(settings)
	if err != nil {
		return err
	}
	db, err := openDatabase(e.ctx, settings)
	if err != nil {
		return err
	}
	defer db.Close()
	w := writer{environment: e, task: t, source: source, db: db, log: e.logger(settings.Log).With().Str("source", source.Name).Logger()}
	if !t.apply {
		plan, err := w.plan()
		if err != nil {
			return err
		}
		return w.print(plan, nil)
	}
	return w.apply()
}

// writer is a task under way.
type writer struct {
	*environment
	task
	source config.Source
	db     *load.DB
	log    zerolog.Logger
}

func (w *writer) plan() (*writeback.Plan, error) {
	known, err := w.db.Fleet(w.source.Name).Subscribers(w.ctx, writeback.Subjects(w.changes))
	if err != nil {
		return nil, err
	}
	open, err := w.db.OpenSteps(w.ctx, w.source.Name)
	if err != nil {
		return nil, err
	}
	plan, err := writeback.NewPlan(w.kind, w.source.Name, w.changes, writeback.Knowledge{Subscribers: known, Open: open})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", run.ErrUsage, err)
	}
	return plan, nil
}

// print prints the plan as it is now.
func (w *writer) print(plan *writeback.Plan, command *uuid.UUID) error {
	if w.json {
		return report.PlanJSON(w.stdout, plan, command)
	}
	ctx, cancel := afterSignal(w.ctx)
	defer cancel()
	customers, err := w.db.Customers(ctx, w.source.Name)
	if err != nil {
		return err
	}
	return report.Plan(w.stdout, plan, command != nil, customers, styleOf(w.stdout))
}

// apply sends what the plan says, with nobody else writing back to the source
// meanwhile, and prints what came of it also where it ended early.
func (w *writer) apply() error {
	journal, err := w.db.Journal(w.ctx, w.source.Name)
	if errors.Is(err, writeback.ErrLocked) {
		return fmt.Errorf("nothing was sent to source %s: %w: run this again when that has ended", w.source.Name, err)
	}
	if err != nil {
		return err
	}
	defer journal.Close()
	plan, err := w.plan()
	if err != nil {
		return err
	}
	command, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("name the command: %w", err)
	}
	sending := w.send(plan, &writeback.Applier{Journal: journal, Fleet: w.db.Fleet(w.source.Name), Command: command, Log: w.log})
	if err := w.print(plan, &command); err != nil {
		return errors.Join(sending, err)
	}
	if n := plan.Unfinished(); sending == nil && n > 0 {
		return fmt.Errorf("%w: %s", run.ErrUnfinished, counted(n, "line"))
	}
	return sending
}

func (w *writer) send(plan *writeback.Plan, applier *writeback.Applier) error {
	defer whenStopped(w.ctx, func() {
		w.log.Warn().Msg("stopping: a request that is under way may still bring its answer, and no other is sent")
	})()
	if w.kind == writeback.KindNickname {
		client, err := run.IoTX(w.source, version, w.log)
		if err != nil {
			return err
		}
		defer client.Close()
		return applier.Nicknames(w.ctx, plan, client)
	}
	client, err := run.FloLIVE(w.source, version, w.log)
	if err != nil {
		return err
	}
	defer client.Close()
	return applier.Moves(w.ctx, plan, client)
}
