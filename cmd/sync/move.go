package main

import (
	"fmt"

	"simsync/internal/config"
	"simsync/internal/run"
	"simsync/internal/writeback"
)

type moveCommand struct {
	File   string `placeholder:"FILE" help:"CSV with the header type,value,target_customer_id. type: IMSI, ICCID, MSISDN or IMEI. The whole file is checked before anything is sent."`
	Apply  bool   `help:"Send it. Without this the plan is printed and nothing is sent."`
	Status bool   `help:"Show the journal: the last command's steps and all that are open, nicknames too. What is open is looked into and settled."`
	Source string `placeholder:"NAME" help:"The floLIVE source to move in, where there are several; with --status, the one source to show."`
	JSON   bool   `name:"json" help:"For scripts."`
}

func (moveCommand) examples() [][2]string {
	return [][2]string{
		{"simsync move --file moves.csv", "What would be done, line by line."},
		{"simsync move --file moves.csv --apply", "Do it. Each step is journalled before it is sent; one that is open is never sent again, so the same file may be given twice."},
		{"simsync move --status", "What became of it. Exit code 3 while an outcome is unknown."},
	}
}

// Run plans and sends moves, or shows the journal.
func (c *moveCommand) Run(e *environment) error {
	switch {
	case c.Status && (c.Apply || c.File != ""):
		return fmt.Errorf("%w: --status goes with neither --file nor --apply", run.ErrUsage)
	case c.Status:
		return e.journalStatus(c.Source, c.JSON)
	case c.File == "":
		return fmt.Errorf("%w: --file FILE or --status is missing", run.ErrUsage)
	}
	changes, err := readChanges(c.File, writeback.ReadMoves)
	if err != nil {
		return err
	}
	return e.writeBack(task{
		kind: writeback.KindMove, api: config.FloLIVEv2, source: c.Source, apply: c.Apply, json: c.JSON, changes: changes,
	})
}
