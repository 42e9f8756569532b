package load

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
)

// DetailDue is one request to be made: an ICCID, and those of its subscribers whose
// details are due. There are several where a sub-customer has an instance of its own.
type DetailDue struct {
	// Place in the queue, from 1.
	Place int64
	ICCID transform.ICCID
	// Keys and SubscriberIDs are of equal length.
	Keys          []int64
	SubscriberIDs []string
}

// DetailAnswer is what came of asking for the details of one subscriber.
type DetailAnswer struct {
	Key     int64
	AskedAt time.Time
	Outcome RequestOutcome
	// Detail counts where Outcome is RequestFound.
	Detail  transform.Detail
	Rejects []transform.Reject
}

// QueueDetails puts down whose details are due, and returns how many requests that
// makes, at most the number given: of live subscribers first those never asked for,
// then those that changed since they were, then those asked for at staleBefore or
// earlier, and of each the ones that were longest not asked for. The queue is the
// database's; it is made once a run, so that what is asked in vain is not asked twice.
func (e *Enrichment) QueueDetails(ctx context.Context, staleBefore time.Time, most int) (int64, error) {
	var queued int64
	err := e.inTransaction(ctx, func(tx pgx.Tx) error {
		m := merger{ctx: ctx, tx: tx}
		queued = m.do("detail_queue", e.id.Source, staleBefore, most)
		m.exec(`ANALYZE queue_detail`)
		return m.err
	})
	if err != nil {
		return 0, fmt.Errorf("queue the details of source %s: %w", e.id.Source, err)
	}
	return queued, nil
}

// DueDetails reads the queue behind a place, at most so many requests; none at its end.
func (e *Enrichment) DueDetails(ctx context.Context, after int64, most int) ([]DetailDue, error) {
	var due []DetailDue
	err := e.inTransaction(ctx, func(tx pgx.Tx) error {
		var err error
		due, err = collect(ctx, tx, pgx.RowToStructByPos[DetailDue], "detail_due", after, most)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the queue of details of source %s: %w", e.id.Source, err)
	}
	return due, nil
}

// SaveDetails commits a batch of answers: what was told, that it was asked for, the
// rejects and the counts. Each subscriber is in it once. What was found takes the place
// of what was told before; where nothing was, that stays.
func (e *Enrichment) SaveDetails(ctx context.Context, answers []DetailAnswer) (Enriched, error) {
	done := Enriched{DetailsAsked: int64(len(answers))}
	var found []detailAnswer
	var rejects []datedReject
	for i := range answers {
		a := &answers[i]
		if a.Outcome == RequestFound {
			found = append(found, detailAnswer{a.Key, &a.Detail})
		}
		for _, r := range a.Rejects {
			rejects = append(rejects, datedReject{r, a.AskedAt})
		}
	}
	done.DetailsFound = int64(len(found))
	err := e.inTransaction(ctx, func(tx pgx.Tx) error {
		if err := e.stageDetails(ctx, tx, answers, found); err != nil {
			return err
		}
		if err := e.keepRejects(ctx, tx, detailsListing, rejects); err != nil {
			return err
		}
		return e.mergeDetails(ctx, tx, done)
	})
	if err != nil {
		return Enriched{}, fmt.Errorf("save details of source %s: %w", e.id.Source, err)
	}
	return done, nil
}

func (e *Enrichment) stageDetails(ctx context.Context, tx pgx.Tx, answers []DetailAnswer, found []detailAnswer) error {
	err := copyRows(ctx, tx, "stage_detail_answer", stageDetailAnswerColumns, answers, func(values []any, a DetailAnswer) []any {
		return append(values, a.Key, a.AskedAt, string(a.Outcome))
	})
	if err != nil {
		return err
	}
	if err := copyRows(ctx, tx, "stage_detail", stageDetailColumns, found, detailValues); err != nil {
		return err
	}
	if err := copyRows(ctx, tx, "stage_offer", stageOfferColumns, offersOf(found), offerValues); err != nil {
		return err
	}
	if e.contacts == transform.DropContacts {
		return nil
	}
	return stageContacts(ctx, tx, found)
}

func (e *Enrichment) mergeDetails(ctx context.Context, tx pgx.Tx, done Enriched) error {
	m := merger{ctx: ctx, tx: tx}
	m.do("detail_request", e.id.Run)
	m.do("detail_upsert")
	m.do("detail_offer_delete")
	m.do("detail_offer_upsert")
	if e.contacts == transform.KeepContacts {
		m.contacts()
	}
	m.record(e.id, done)
	return m.err
}
