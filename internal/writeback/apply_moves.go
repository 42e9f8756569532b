package writeback

import (
	"context"
	"slices"
	"time"

	"simsync/internal/fetch/flolive"
)

// Moves sends the plan's moves, at most 200 a call (flolive.MaxMoveNodes). A call of
// which the provider refuses a part is not carried out at all: its refused steps are
// refused, and the others are sent once more without them, as steps of their own.
func (a *Applier) Moves(ctx context.Context, plan *Plan, provider Mover) error {
	for chunk := range slices.Chunk(plan.sending(), flolive.MaxMoveNodes) {
		rest, goesOn, err := a.call(ctx, plan, chunk, provider)
		if err == nil && goesOn && len(rest) > 0 {
			_, goesOn, err = a.call(ctx, plan, rest, provider)
		}
		if err != nil || !goesOn {
			return err
		}
	}
	return nil
}

// call sends one call. rest are the lines to send once more; goesOn tells whether
// anything is to be sent after this.
func (a *Applier) call(ctx context.Context, plan *Plan, lines []*Line, provider Mover) (rest []*Line, goesOn bool, err error) {
	if ctx.Err() != nil {
		return nil, false, context.Cause(ctx)
	}
	steps, err := a.begin(ctx, plan, lines)
	if err != nil {
		return nil, false, err
	}
	longer, done := lingering(ctx)
	answer, failed := provider.Move(longer, nodesOf(steps))
	done()
	at := a.now()
	if failed == nil {
		readAnswer(steps, answer, at)
	} else {
		fail(steps, failed, at)
		readNodes(steps, answer.Nodes, at) // what is known in spite of it
	}
	a.logCall(steps, failed)
	if err := a.record(ctx, steps); err != nil {
		return nil, false, err
	}
	if failed != nil {
		return nil, false, stopped(failed)
	}
	return resend(lines), true, nil
}

func nodesOf(steps []*Step) []flolive.MoveNode {
	nodes := make([]flolive.MoveNode, len(steps))
	for i, s := range steps {
		nodes[i] = flolive.MoveNode{Type: string(s.Type), Value: s.Value, TargetCustomerID: s.Target.String()}
	}
	return nodes
}

// readAnswer says what an answer means for each step. A NAK carries nothing out and
// names only those at fault.
func readAnswer(steps []*Step, answer flolive.MoveAnswer, at time.Time) {
	for _, s := range steps {
		s.SentAt = at
		if answer.Accepted {
			s.Outcome = OutcomeUnknown // should the answer not name it
		} else {
			s.settle(OutcomeNotExecuted, SettledByAnswer, "", at)
		}
	}
	readNodes(steps, answer.Nodes, at)
}

// readNodes gives each step what was said of its node.
func readNodes(steps []*Step, nodes []flolive.MoveResult, at time.Time) {
	byNode := make(map[Subject]*Step, len(steps))
	for _, s := range steps {
		byNode[s.Subject] = s
	}
	for _, node := range nodes {
		s := byNode[Subject{Type: SubjectType(node.Type), Value: node.Value}]
		switch {
		case s == nil: // none of ours
		case node.RequestID != "":
			s.Outcome, s.RequestID, s.SentAt = OutcomeAccepted, node.RequestID, at
			s.SettledAt, s.SettledBy, s.Code = time.Time{}, "", ""
		default:
			s.SentAt = at
			s.settle(OutcomeRefused, SettledByAnswer, node.Code, at)
		}
	}
}

// resend are the lines that were not carried out for another's fault. Where the
// provider named no fault, the same call would end the same way.
func resend(lines []*Line) []*Line {
	var rest []*Line
	for _, l := range lines {
		if l.Step.Outcome == OutcomeNotExecuted {
			rest = append(rest, l)
		}
	}
	if len(rest) == len(lines) {
		return nil
	}
	return rest
}

func (a *Applier) logCall(steps []*Step, failed error) {
	count := make(map[Outcome]int)
	for _, s := range steps {
		count[s.Outcome]++
	}
	a.Log.WithLevel(levelOf(failed)).Err(failed).Int("steps", len(steps)).Int("accepted", count[OutcomeAccepted]).Int("refused", count[OutcomeRefused]).
		Int("not_executed", count[OutcomeNotExecuted]).Int("unknown", count[OutcomeUnknown]).Msg("moves sent")
}
