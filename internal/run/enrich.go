package run

import (
	"context"
	"time"

	"github.com/rs/zerolog"

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
	level := zerolog.InfoLevel
	if err != nil {
		level = zerolog.WarnLevel
	}
	s.Log.WithLevel(level).Int64("details_asked", done.DetailsAsked).Int64("details_found", done.DetailsFound).
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
