package main

import (
	"fmt"

	"simsync/internal/config"
	"simsync/internal/run"
	"simsync/internal/writeback"
)

type nicknameCommand struct {
	PhysicalID string  `arg:"" optional:"" help:"The subscriber: its physicalId as IoT-X spells it."`
	Name       *string `arg:"" optional:"" help:"Its nickname, 0 to 256 characters; an empty one takes the name away."`
	File       string  `placeholder:"FILE" help:"CSV with the header physical_id,nickname, instead of one subscriber. The whole file is checked before anything is sent."`
	Apply      bool    `help:"Send it. Without this the plan is printed and nothing is sent."`
	Source     string  `placeholder:"NAME" help:"The IoT-X source, where there are several."`
	JSON       bool    `name:"json" help:"For scripts."`
}

func (nicknameCommand) examples() [][2]string {
	return [][2]string{
		{"simsync nickname 8944000000000000001 Pump-7", "What would be done."},
		{"simsync nickname 8944000000000000001 Pump-7 --apply", "Do it. The subscriber's row in the database follows at once."},
		{"simsync nickname --file nicknames.csv --apply", "Many, one after another."},
	}
}

// Help is printed under the usage.
func (nicknameCommand) Help() string {
	return "A nickname whose answer was lost is open, and never sent again: simsync move --status looks what became of it."
}

// Run plans and sends nicknames.
func (c *nicknameCommand) Run(e *environment) error {
	changes, err := c.changes()
	if err != nil {
		return err
	}
	return e.writeBack(task{
		kind: writeback.KindNickname, api: config.IoTXv4, source: c.Source, apply: c.Apply, json: c.JSON, changes: changes,
	})
}

func (c *nicknameCommand) changes() ([]writeback.Change, error) {
	switch {
	case c.File != "" && c.PhysicalID != "":
		return nil, fmt.Errorf("%w: give --file FILE or one subscriber, not both", run.ErrUsage)
	case c.File != "":
		return readChanges(c.File, writeback.ReadNicknames)
	case c.PhysicalID == "" || c.Name == nil:
		return nil, fmt.Errorf("%w: a physical ID and a nickname are missing, or --file FILE", run.ErrUsage)
	}
	change, err := writeback.NewNickname(c.PhysicalID, *c.Name)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", run.ErrUsage, err)
	}
	return []writeback.Change{change}, nil
}
