package writeback

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
	"simsync/internal/transform"
)

var (
	// ErrLocked says that another command holds a source's journal: a normal answer.
	ErrLocked = errors.New("another move or nickname command is at work on the source")
	// ErrUnderWay says that a step cannot be journalled since another command has the
	// same subscriber under way.
	ErrUnderWay = errors.New("another command has the same subscriber under way")
	// ErrHeld says that a run holds the source, so that only a run changes its rows.
	ErrHeld = errors.New("a run holds the source")
)

// Journal keeps the steps of one source, whose lock its holder has.
type Journal interface {
	// Begin writes the steps as journalled, all or none, and fills in their IDs. It
	// returns ErrUnderWay where one of them is open already.
	Begin(ctx context.Context, steps []*Step) error
	// Record writes what became of the steps. What was settled meanwhile stays so.
	Record(ctx context.Context, steps []*Step) error
}

// Fleet is what the database knows of a source's subscribers.
type Fleet interface {
	// Subscribers finds the live ones that any of the subjects names.
	Subscribers(ctx context.Context, subjects []Subject) ([]Known, error)
	// Follow brings rows that the provider has just answered with into the fleet, with
	// their history, in the name of a command. It returns ErrHeld where a run holds the
	// source.
	Follow(ctx context.Context, command uuid.UUID, at time.Time, answered *transform.Batch) error
}

// Known is a live subscriber of the database that a subject names.
type Known struct {
	Subject
	Key          int64
	SubscriberID string
	ICCID        string
	// CustomerID is the customer that it belongs to, Nickname its name: by the last
	// sync, or by a change that was done since.
	CustomerID uuid.NullUUID
	Nickname   string
	ChangedAt  time.Time
}

// Mover is what a move needs of floLIVE: flolive.Client.
type Mover interface {
	Move(ctx context.Context, nodes []flolive.MoveNode) (flolive.MoveAnswer, error)
	Call(ctx context.Context, requestID string) (flolive.CallStatus, error)
	Details(ctx context.Context, iccid string) ([]fetch.Record[flolive.Detail], time.Time, error)
}

// Namer is what a nickname needs of IoT-X: iotx.Client.
type Namer interface {
	SetNickname(ctx context.Context, physicalID, nickname string) (fetch.Record[iotx.Subscriber], time.Time, error)
	Subscriber(ctx context.Context, physicalID string) (fetch.Record[iotx.Subscriber], time.Time, error)
}
