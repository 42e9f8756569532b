package main

import (
	"cmp"
	"fmt"

	"github.com/google/uuid"

	"simsync/internal/config"
	"simsync/internal/run"
	"simsync/internal/writeback"
)

// move asks floLIVE to move one SIM to the customer that has most of them, as "simsync
// move --apply" does. The provider accepts it, and carries it out by and by.
func (d *demo) move(source config.Source) error {
	var iccid string
	var target uuid.UUID
	err := d.db.Pool().QueryRow(d.ctx, `
		SELECT max(s.iccid), t.customer_id
		FROM fleet.subscriber s, (SELECT customer_id FROM fleet.subscriber WHERE source = $1 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1) t
		WHERE s.source = $1 AND s.removed_at IS NULL AND s.customer_id <> t.customer_id
			AND (SELECT count(*) FROM fleet.subscriber same WHERE same.iccid = s.iccid) = 1
		GROUP BY t.customer_id`, source.Name).Scan(&iccid, &target)
	if err != nil {
		return fmt.Errorf("find a SIM to move: %w", err)
	}
	asked := writeback.Change{Subject: writeback.Subject{Type: writeback.SubjectICCID, Value: iccid}, Target: target}
	fleet := d.db.Fleet(source.Name)
	known, err := fleet.Subscribers(d.ctx, []writeback.Subject{asked.Subject})
	if err != nil {
		return err
	}
	plan, err := writeback.NewPlan(writeback.KindMove, source.Name, []writeback.Change{asked}, writeback.Knowledge{Subscribers: known})
	if err != nil {
		return err
	}
	if err := d.send(source, plan); err != nil {
		return err
	}
	step := plan.Lines[0].Step
	d.say("A move of SIM %s between two customers: %s by the provider, requestId %s", asked.Masked(), step.Outcome, step.RequestID)
	return nil
}

// send journals and sends a plan.
func (d *demo) send(source config.Source, plan *writeback.Plan) error {
	journal, err := d.db.Journal(d.ctx, source.Name)
	if err != nil {
		return err
	}
	defer journal.Close()
	client, err := run.FloLIVE(source, "demo", d.log)
	if err != nil {
		return err
	}
	defer client.Close()
	command, err := uuid.NewV7()
	if err != nil {
		return err
	}
	applier := writeback.Applier{Journal: journal, Fleet: d.db.Fleet(source.Name), Command: command, Log: d.log}
	return applier.Moves(d.ctx, plan, client)
}

// showMove tells what the journal says of the move, which the sync since has seen.
func (d *demo) showMove(source config.Source) error {
	steps, err := d.db.LastSteps(d.ctx, []string{source.Name})
	if err != nil {
		return err
	}
	for _, s := range steps {
		d.say("  %s: the move of SIM %s: %s, settled by: %s", s.Source, s.Masked(), s.Outcome, cmp.Or(s.SettledBy, "nothing yet"))
	}
	return nil
}
