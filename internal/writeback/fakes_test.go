package writeback_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
	"simsync/internal/transform"
	"simsync/internal/writeback"
)

// memory is a journal and a fleet without a database.
type memory struct {
	steps  []writeback.Step // as last written
	known  []writeback.Known
	held   bool
	broken string // the method that fails
	names  []string
}

var errDisk = errors.New("the disk is full")

func (m *memory) Begin(_ context.Context, steps []*writeback.Step) error {
	if m.broken == "Begin" {
		return errDisk
	}
	for _, s := range steps {
		s.ID = int64(len(m.steps) + 1)
		m.steps = append(m.steps, *s)
	}
	return nil
}

func (m *memory) Record(ctx context.Context, steps []*writeback.Step) error {
	if m.broken == "Record" {
		return errDisk
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, s := range steps {
		m.steps[s.ID-1] = *s
	}
	return nil
}

func (m *memory) Subscribers(context.Context, []writeback.Subject) ([]writeback.Known, error) {
	return m.known, nil
}

func (m *memory) Follow(_ context.Context, _ uuid.UUID, _ time.Time, answered *transform.Batch) error {
	if m.held {
		return fmt.Errorf("follow: %w", writeback.ErrHeld)
	}
	for _, row := range answered.Rows {
		m.names = append(m.names, row.Nickname)
	}
	return nil
}

// outcomes are what the journal says, a word a step.
func (m *memory) outcomes() string {
	var words []string
	for _, s := range m.steps {
		word := string(s.Outcome)
		if s.Code != "" {
			word += ":" + s.Code
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// provider is floLIVE and IoT-X as a test has them answer.
type provider struct {
	move    func(ctx context.Context, nodes []flolive.MoveNode) (flolive.MoveAnswer, error)
	call    func(id string) (flolive.CallStatus, error)
	details func(iccid string) ([]fetch.Record[flolive.Detail], error)
	set     func(id, nickname string) (fetch.Record[iotx.Subscriber], error)
	get     func(id string) (fetch.Record[iotx.Subscriber], error)
}

func (p provider) Move(ctx context.Context, nodes []flolive.MoveNode) (flolive.MoveAnswer, error) {
	return p.move(ctx, nodes)
}

func (p provider) Call(_ context.Context, id string) (flolive.CallStatus, error) { return p.call(id) }

func (p provider) Details(_ context.Context, iccid string) ([]fetch.Record[flolive.Detail], time.Time, error) {
	records, err := p.details(iccid)
	return records, time.Time{}, err
}

func (p provider) SetNickname(_ context.Context, id, nickname string) (fetch.Record[iotx.Subscriber], time.Time, error) {
	record, err := p.set(id, nickname)
	return record, time.Now(), err
}

func (p provider) Subscriber(_ context.Context, id string) (fetch.Record[iotx.Subscriber], time.Time, error) {
	record, err := p.get(id)
	return record, time.Now(), err
}

// acknowledge accepts every node.
func acknowledge(_ context.Context, nodes []flolive.MoveNode) (flolive.MoveAnswer, error) {
	a := flolive.MoveAnswer{Accepted: true}
	for _, n := range nodes {
		a.Nodes = append(a.Nodes, flolive.MoveResult{MoveNode: n, RequestID: "request-" + n.Value})
	}
	return a, nil
}

// refuse refuses the nodes of these values, and accepts a call without them.
func refuse(values ...string) func(context.Context, []flolive.MoveNode) (flolive.MoveAnswer, error) {
	return func(ctx context.Context, nodes []flolive.MoveNode) (flolive.MoveAnswer, error) {
		var a flolive.MoveAnswer
		for _, n := range nodes {
			if slices.Contains(values, n.Value) {
				a.Nodes = append(a.Nodes, flolive.MoveResult{MoveNode: n, Code: "SUBSCRIBER_1002"})
			}
		}
		if len(a.Nodes) == 0 {
			return acknowledge(ctx, nodes)
		}
		return a, nil
	}
}

// imsis are n moves, to south.
func imsis(n int) []writeback.Change {
	var all []writeback.Change
	for i := range n {
		all = append(all, move(i+2, writeback.SubjectIMSI, fmt.Sprintf("2220130909%05d", i), south))
	}
	return all
}

func subscriber(id, nickname string) fetch.Record[iotx.Subscriber] {
	return fetch.ReadRecord[iotx.Subscriber]([]byte(fmt.Sprintf(`{"physicalId":%q,"nickname":%q}`, id, nickname)))
}
