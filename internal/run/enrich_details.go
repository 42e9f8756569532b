package run

import (
	"bytes"
	"context"
	"slices"

	"simsync/internal/archive"
	"simsync/internal/fetch/flolive"
	"simsync/internal/load"
	"simsync/internal/transform"
)

// details asks for the details that are due, in at most so many requests.
func (e *enrichment) details(ctx context.Context, most int) error {
	due, err := e.into.QueueDetails(ctx, e.dueBefore, most)
	if err != nil {
		return err
	}
	e.Log.Info().Int64("requests", due).Msg("details are asked for")
	m := e.phase(Phase{Task: TaskDetails, Total: due}, e.provider)
	defer m.end()
	told := tally{}
	asking := inquiry[load.DetailDue, load.DetailAnswer]{
		atOnce: max(1, e.source.Details.Concurrency), due: e.into.DueDetails, ask: e.askDetails, now: e.Now, log: e.Log, meter: m,
		place: func(d load.DetailDue) int64 { return d.Place },
		name:  func(d load.DetailDue) string { return d.ICCID.Masked() },
		save: func(ctx context.Context, answers []load.DetailAnswer) error {
			saved, err := e.into.SaveDetails(ctx, answers)
			e.count(saved)
			for _, a := range answers {
				told[a.Outcome]++
			}
			return err
		},
	}
	err = asking.run(ctx)
	e.untold += asking.untold
	told.log(e.Log, "details")
	return err
}

// askDetails asks for one ICCID: the answer holds the records of all its subscribers,
// and serves each that is due.
func (e *enrichment) askDetails(ctx context.Context, due load.DetailDue) ([]load.DetailAnswer, error) {
	t, err := ask(ctx, e.syncer, archive.FileDetails, question{string(due.ICCID), due.SubscriberIDs}, e.provider.details)
	if err != nil {
		return nil, err
	}
	return e.detailAnswers(due, t), nil
}

// detailAnswers reads what was told for each subscriber that it was asked for.
func (e *enrichment) detailAnswers(due load.DetailDue, t told[flolive.Detail]) []load.DetailAnswer {
	answers := make([]load.DetailAnswer, len(due.Keys))
	var all []transform.Reject
	for i, key := range due.Keys {
		a := load.DetailAnswer{Key: key, AskedAt: t.askedAt, Outcome: t.outcome}
		if t.outcome == load.RequestFound {
			d, rejects, found := transform.ReadDetail(t.records, due.SubscriberIDs[i], due.ICCID, t.receivedAt, transform.Contacts(e.source.KeepContacts))
			a.Detail, a.Outcome = d, readOutcome(found, t.isPartial || isAnyWhole(rejects))
			a.Rejects = notAmong(all, rejects)
			all = append(all, a.Rejects...)
		}
		answers[i] = a
	}
	return answers
}

// readOutcome is what the ledger calls an answer that came. In doubt what was looked for
// may have been in it: a record that cannot be read, or one that was not sent along.
func readOutcome(found, inDoubt bool) load.RequestOutcome {
	switch {
	case found:
		return load.RequestFound
	case inDoubt:
		return load.RequestUnreadable
	}
	return load.RequestAbsent
}

// notAmong leaves out what has been rejected for another subscriber of the same answer:
// a record that does not say whose it is may be either's.
func notAmong(all, rejects []transform.Reject) []transform.Reject {
	return slices.DeleteFunc(rejects, func(r transform.Reject) bool {
		return slices.ContainsFunc(all, func(other transform.Reject) bool {
			return r.Field == other.Field && r.Reason == other.Reason && bytes.Equal(r.Record, other.Record)
		})
	})
}

func isAnyWhole(rejects []transform.Reject) bool {
	return slices.ContainsFunc(rejects, func(r transform.Reject) bool { return r.Whole })
}
