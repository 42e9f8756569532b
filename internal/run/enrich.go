package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/load"
	"simsync/internal/transform"
)

// detailsFunc asks for the details of all subscribers of an ICCID, profilesFunc for
// the profiles on an EID.
type (
	detailsFunc  func(ctx context.Context, iccid string) ([]fetch.Record[flolive.Detail], time.Time, error)
	profilesFunc func(ctx context.Context, eid string) ([]fetch.Record[flolive.Profile], time.Time, error)
)

// profileShare is the part of a run's requests that goes to profiles, at the most and
// first: a quarter. An EID is one request as a subscriber is, and there are far fewer.
const profileShare = 4

// enrichment enriches one source after its promote, under the same lock.
type enrichment struct {
	*syncer
	provider provider
	into     *load.Enrichment
	done     *load.Enriched
}

// enrich asks for details and profiles, within the run's budget; what it did goes into
// done as it is saved. A source without details, or whose settings want none, has
// only those contacts dropped that it is no longer to keep.
func (s *syncer) enrich(ctx context.Context, p provider, done *load.Enriched) error {
	budget := s.source.Details.MaxRequests
	if p.details == nil || ctx.Err() != nil && budget == 0 {
		return nil
	}
	if err := s.dropContacts(ctx); err != nil || budget == 0 {
		return err
	}
	into, err := s.session.Enrich(ctx, s.ledger, transform.Contacts(s.source.KeepContacts))
	if err != nil {
		return err
	}
	e := enrichment{syncer: s, provider: p, into: into, done: done}
	spent, err := e.profiles(ctx, (budget+profileShare-1)/profileShare)
	if err == nil {
		err = e.details(ctx, budget-spent)
	}
	event := s.Log.Info()
	if err != nil {
		event = s.Log.Warn()
	}
	event.Int64("details_asked", done.DetailsAsked).Int64("details_found", done.DetailsFound).
		Int64("profiles_asked", done.ProfilesAsked).Int64("profiles_found", done.ProfilesFound).Msg("enrichment ended")
	return err
}

// dropContacts deletes what a source keeps no longer, also where it never kept any.
func (s *syncer) dropContacts(ctx context.Context) error {
	if s.source.KeepContacts {
		return nil
	}
	dropped, err := s.session.DropContacts(ctx)
	if dropped > 0 {
		s.Log.Info().Int64("contacts", dropped).Msg("contacts deleted: the settings say drop")
	}
	return err
}

// count adds what a batch saved.
func (e *enrichment) count(batch load.Enriched) {
	e.done.DetailsAsked += batch.DetailsAsked
	e.done.DetailsFound += batch.DetailsFound
	e.done.ProfilesAsked += batch.ProfilesAsked
	e.done.ProfilesFound += batch.ProfilesFound
	e.Log.Debug().Int64("details_asked", e.done.DetailsAsked).Int64("profiles_asked", e.done.ProfilesAsked).Msg("batch saved")
}

// staleBefore is when what was asked for then is due again.
func (e *enrichment) staleBefore() time.Time { return e.Now().Add(-e.source.Details.RefreshAfter) }

// details asks for the details that are due, in at most so many requests.
func (e *enrichment) details(ctx context.Context, most int) error {
	due, err := e.into.QueueDetails(ctx, e.staleBefore(), most)
	if err != nil {
		return err
	}
	e.Log.Info().Int64("requests", due).Msg("details asked for")
	asking := inquiry[load.DetailDue, load.DetailAnswer]{
		atOnce: e.source.Details.Concurrency, due: e.into.DueDetails, ask: e.askDetails, now: e.Now, log: e.Log,
		place: func(d load.DetailDue) int64 { return d.Place },
		name:  func(d load.DetailDue) string { return d.ICCID.Masked() },
		save: func(ctx context.Context, answers []load.DetailAnswer) error {
			saved, err := e.into.SaveDetails(ctx, answers)
			e.count(saved)
			return err
		},
	}
	return asking.run(ctx)
}

// askDetails asks for one ICCID: the answer holds the records of all its subscribers,
// and serves each that is due.
func (e *enrichment) askDetails(ctx context.Context, due load.DetailDue) ([]load.DetailAnswer, error) {
	records, at, err := e.provider.details(ctx, string(due.ICCID))
	outcome, isPartial, err := requestOutcome(err)
	if err != nil {
		return nil, err
	}
	answers := make([]load.DetailAnswer, len(due.Keys))
	var all []transform.Reject
	for i, key := range due.Keys {
		a := load.DetailAnswer{Key: key, AskedAt: e.Now(), Outcome: outcome}
		if outcome == load.RequestFound {
			d, rejects, found := transform.ReadDetail(records, due.SubscriberIDs[i], due.ICCID, at, transform.Contacts(e.source.KeepContacts))
			a.Detail, a.Outcome = d, readOutcome(found, isPartial || isAnyWhole(rejects))
			a.Rejects = notAmong(all, rejects)
			all = append(all, a.Rejects...)
		}
		answers[i] = a
	}
	return answers, nil
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

// profiles asks for the profiles that are due, in at most so many requests, and
// returns how many it made or gave up.
func (e *enrichment) profiles(ctx context.Context, most int) (int, error) {
	from := e.source.Profiles
	if from.EIDFile == "" && len(from.EIDsFrom) == 0 {
		return 0, nil
	}
	due, err := e.into.QueueProfiles(ctx, eidsIn(from.EIDFile), from.EIDsFrom, e.staleBefore(), most)
	if err != nil {
		return 0, err
	}
	e.Log.Info().Int64("requests", due).Msg("profiles asked for")
	asking := inquiry[load.ProfileDue, load.ProfileAnswer]{
		atOnce: e.source.Details.Concurrency, due: e.into.DueProfiles, ask: e.askProfiles, now: e.Now, log: e.Log,
		place: func(d load.ProfileDue) int64 { return d.Place },
		name:  func(d load.ProfileDue) string { return d.EID.Masked() },
		save: func(ctx context.Context, answers []load.ProfileAnswer) error {
			saved, err := e.into.SaveProfiles(ctx, answers)
			e.count(saved)
			return err
		},
	}
	return int(due), asking.run(ctx)
}

// askProfiles asks for one EID. That the provider does not know it is its plain word
// that nothing is on it; a record that cannot be read, or was not sent along, may be any
// profile.
func (e *enrichment) askProfiles(ctx context.Context, due load.ProfileDue) ([]load.ProfileAnswer, error) {
	records, _, err := e.provider.profiles(ctx, string(due.EID))
	outcome, isPartial, err := requestOutcome(err)
	if err != nil {
		return nil, err
	}
	a := load.ProfileAnswer{EID: due.EID, AskedAt: e.Now(), Outcome: outcome, Complete: outcome == load.RequestAbsent}
	if outcome == load.RequestFound {
		a.Profiles, a.Rejects = transform.ReadProfiles(records, due.EID)
		a.Complete = !isPartial && !isAnyWhole(a.Rejects)
		a.Outcome = readOutcome(len(a.Profiles) > 0 || a.Complete, true)
	}
	return []load.ProfileAnswer{a}, nil
}

// ErrEnrichment: the source is loaded, and the enrichment after it broke off. What was
// told until then is saved.
var ErrEnrichment = errors.New("enrichment")

// brokenEnrichment is the end of a source whose enrichment broke off. It is an
// ErrEnrichment, and why it broke off, and the doubt that the load left.
type brokenEnrichment struct {
	doubt error // as the load ended; nil: ok
	why   error
}

// withEnrichment is the end of a source whose load left a doubt, or nil, and whose
// enrichment ended with err.
func withEnrichment(ctx context.Context, doubt, err error) error {
	switch {
	case err == nil:
		return doubt
	case interruption(ctx) != nil:
		return interruption(ctx)
	}
	return &brokenEnrichment{doubt, err}
}

// Error words why the enrichment broke off, and the doubt before it.
func (b *brokenEnrichment) Error() string {
	if b.doubt != nil {
		return fmt.Sprintf("%v; %v: %v", b.doubt, ErrEnrichment, b.why)
	}
	return fmt.Sprintf("%v: %v", ErrEnrichment, b.why)
}

// Unwrap gives all that it is.
func (b *brokenEnrichment) Unwrap() []error {
	all := []error{ErrEnrichment, b.why}
	if b.doubt != nil {
		all = append(all, b.doubt)
	}
	return all
}
