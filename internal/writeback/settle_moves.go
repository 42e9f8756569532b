package writeback

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/google/uuid"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// Moves settles what it can of open moves: an accepted one by the provider's status of
// its request, and where that tells nothing, as any other, by the subscriber's details.
func (l *Looker) Moves(ctx context.Context, steps []*Step, provider Mover) error {
	subjects := make([]Subject, len(steps))
	for i, s := range steps {
		subjects[i] = s.Subject
	}
	known, err := l.Fleet.Subscribers(ctx, subjects)
	if err != nil {
		return fmt.Errorf("look for the subscribers of open moves: %w", err)
	}
	fits := make(map[Subject][]Known)
	for _, k := range known {
		fits[k.Subject] = append(fits[k.Subject], k)
	}
	return l.each(ctx, steps, func(s *Step) error {
		if isTold, err := l.byCall(ctx, s, provider); isTold || err != nil {
			return err
		}
		return l.byDetails(ctx, s, fits[s.Subject], provider)
	})
}

// byCall asks for the status of an accepted move. isTold is false where there is
// nothing to ask for, or the provider has no such status.
func (l *Looker) byCall(ctx context.Context, s *Step, provider Mover) (isTold bool, err error) {
	if s.RequestID == "" {
		return false, nil
	}
	status, err := provider.Call(ctx, s.RequestID)
	switch {
	case errors.Is(err, fetch.KindNotFound):
		return false, nil
	case err != nil:
		return false, err
	}
	switch status {
	case flolive.CallSuccess:
		s.settle(OutcomeDone, SettledByCall, "", l.now())
	case flolive.CallFailure, flolive.CallInternalError:
		s.settle(OutcomeFailed, SettledByCall, string(status), l.now())
	case flolive.CallOpen:
	default:
		return false, nil
	}
	return true, nil
}

// byDetails looks where the subscriber is. It can be asked for by ICCID alone: one that
// neither the step nor the database knows leaves the step to the next sync.
func (l *Looker) byDetails(ctx context.Context, s *Step, fits []Known, provider Mover) error {
	iccid := iccidOf(s, fits)
	if iccid == "" {
		return nil
	}
	records, _, err := provider.Details(ctx, iccid)
	isWhole := !errors.Is(err, flolive.ErrPartial)
	if err != nil && isWhole && !errors.Is(err, fetch.KindNotFound) {
		return err
	}
	switch whereabouts(s, fits, records) {
	case atTarget:
		s.settle(OutcomeDone, SettledByDetail, "", l.now())
	case elsewhere:
		if isWhole {
			l.giveUp(s, moveMayTake)
		}
	case perhaps: // the next sync tells
	}
	return nil
}

// place is where a move's subscriber was found.
type place int

const (
	elsewhere place = iota
	atTarget
	// perhaps: a subscriber of the SIM is at the target, and was before. Which of them
	// the provider was to move is not known.
	perhaps
)

// whereabouts reads out of details where the subscriber of a step is: the one that the
// step names, or else any of its SIM that was not at the target before.
func whereabouts(s *Step, fits []Known, records []fetch.Record[flolive.Detail]) place {
	found := elsewhere
	for _, record := range records {
		subscriber, customer := instance(record)
		switch {
		case customer != s.Target, s.SubscriberKey != nil && subscriber != s.SubscriberID:
		case s.SubscriberKey == nil && wasThere(s, fits, subscriber):
			found = perhaps
		default:
			return atTarget
		}
	}
	return found
}

// wasThere tells whether a subscriber was at the target already when the step was
// asked for.
func wasThere(s *Step, fits []Known, subscriberID string) bool {
	return slices.ContainsFunc(fits, func(k Known) bool {
		return k.SubscriberID == subscriberID && k.CustomerID.UUID == s.Target && k.ChangedAt.Before(s.AskedAt)
	})
}

// iccidOf is the ICCID of a step's SIM; empty where neither the step nor the database
// knows it.
func iccidOf(s *Step, fits []Known) string {
	switch {
	case s.Type == SubjectICCID:
		return s.Value
	case s.SubscriberKey == nil && len(fits) > 0:
		return fits[0].ICCID
	}
	return s.ICCID
}

// instance is what a record of details says of which subscriber it is, and whose; zero
// where it cannot be read.
func instance(record fetch.Record[flolive.Detail]) (subscriberID string, customer uuid.UUID) {
	var named struct {
		Identifiers struct {
			SubscriberID string `json:"subscriberId"`
		} `json:"subscriberIdentifiers"`
		CustomerID string `json:"customerId"`
	}
	if record.Err != nil || json.Unmarshal(record.Raw, &named) != nil {
		return "", uuid.Nil
	}
	customer, err := uuid.Parse(named.CustomerID)
	if err != nil {
		return "", uuid.Nil
	}
	if id, err := uuid.Parse(named.Identifiers.SubscriberID); err == nil {
		named.Identifiers.SubscriberID = id.String() // in lower case, as the fleet has it
	}
	return named.Identifiers.SubscriberID, customer
}
