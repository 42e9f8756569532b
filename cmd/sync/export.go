package main

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strings"

	"simsync/internal/config"
	"simsync/internal/export"
	"simsync/internal/load"
	"simsync/internal/report"
	"simsync/internal/run"
)

type exportCommand struct {
	View    string   `default:"fleet.sim" placeholder:"RELATION" help:"View or table of schema fleet. Default: ${default}."`
	Out     string   `required:"" placeholder:"FILE" help:"File to write; - is stdout. It is there once it is whole, in the place of one of that name, and only its owner may read it: it holds subscribers' numbers."`
	Format  string   `placeholder:"FORMAT" help:"csv, ndjson (a JSON object a line) or parquet. Default: as the file's name ends."`
	Columns []string `placeholder:"NAME" help:"Only these columns, in this order, with commas between."`
	Source  string   `placeholder:"NAME" help:"Only this source."`
}

func (exportCommand) examples() [][2]string {
	return [][2]string{
		{"simsync export --out sims.csv", "Every live SIM with what is known of it, for a spreadsheet: import the columns of numbers as text."},
		{"simsync export --view fleet.data_usage --out usage.parquet", "The usage of every day, typed, for a notebook or DuckDB."},
		{"simsync export --source iotx --columns iccid,status,tariff_name --format ndjson --out - > iotx.ndjson", "Some columns of one source, through stdout."},
	}
}

// Run exports a relation.
func (c *exportCommand) Run(e *environment) error {
	// A folder has no end of a name to tell the format by, and needs another answer.
	if err := checkOut(c.Out, "sims.csv"); err != nil {
		return err
	}
	format, err := c.format()
	if err != nil {
		return err
	}
	if c.Out == "-" && format == export.Parquet && isTerminal(e.stdout) {
		return fmt.Errorf("%w: parquet is not for a terminal: give --out FILE, or redirect stdout", run.ErrUsage)
	}
	settings, err := e.settings()
	if err != nil {
		return err
	}
	db, err := openDatabase(e.ctx, settings)
	if err != nil {
		return err
	}
	defer db.Close()
	what := c.selection(settings)
	if c.Out == "-" {
		_, err := write(e, db, what, e.stdout, format)
		return err
	}
	file, err := createFile(c.Out, 0o600) // it holds subscribers' numbers
	if err != nil {
		return fmt.Errorf("%w: --out: %w", run.ErrUsage, err)
	}
	rows, err := write(e, db, what, file, format)
	if err != nil {
		return errors.Join(err, file.discard())
	}
	if err := file.commit(); err != nil {
		return err
	}
	return report.Exported(e.stdout, rows, c.View, c.Out)
}

// selection is what is asked for. Who writes a list leaves blanks after its commas.
func (c *exportCommand) selection(settings *config.Config) load.Selection {
	what := load.Selection{Relation: c.View, Source: c.Source}
	for _, name := range c.Columns {
		what.Columns = append(what.Columns, strings.TrimSpace(name))
	}
	for _, source := range settings.Sources {
		what.Configured = append(what.Configured, source.Name)
	}
	return what
}

// write exports to w, and returns how many rows there were.
func write(e *environment, db *load.DB, what load.Selection, w io.Writer, format export.Format) (written int64, err error) {
	err = db.Export(e.ctx, what, func(relation load.Relation, rows iter.Seq2[[]load.Value, error]) error {
		var err error
		written, err = export.Write(w, format, relation, rows)
		return err
	})
	if errors.Is(err, load.ErrNotExported) {
		err = fmt.Errorf("%w: %w", run.ErrUsage, err)
	}
	return written, err
}

// format is the one asked for, or the one that the file's name ends in.
func (c *exportCommand) format() (export.Format, error) {
	said, from := c.Format, "--format"
	if said == "" && c.Out != "-" {
		said, from = strings.TrimPrefix(filepath.Ext(c.Out), "."), "the end of --out"
	}
	format := export.Format(strings.ToLower(said))
	switch {
	case said == "":
		return "", fmt.Errorf("%w: say which --format: %s", run.ErrUsage, strings.Join(formatNames(), ", "))
	case !slices.Contains(export.Formats, format):
		return "", fmt.Errorf("%w: %s is %q; allowed: %s", run.ErrUsage, from, said, strings.Join(formatNames(), ", "))
	}
	return format, nil
}

func formatNames() []string {
	names := make([]string, len(export.Formats))
	for i, f := range export.Formats {
		names[i] = string(f)
	}
	return names
}
