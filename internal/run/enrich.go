package run

import (
	"context"
	"math"
	"time"

	"github.com/rs/zerolog"

	"simsync/internal/fetch/flolive"
	"simsync/internal/load"
	"simsync/internal/transform"
)

// detailsFunc asks for the details of all subscribers of an ICCID, profilesFunc for
// the profiles on an EID.
type (
	detailsFunc  = askFunc[flolive.Detail]
	profilesFunc = askFunc[flolive.Profile]
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
	// What was asked for then or before is due again.
	dueBefore time.Time
	untold    int // requests that were given up
}

// enrich asks for details and profiles, within the run's budget; what it did goes into
// done as it is saved. A source without details, or whose settings want none, has
// only those contacts dropped that it is no longer to keep.
func (s *syncer) enrich(ctx context.Context, p provider, done *load.Enriched) error {
	if s.replay != nil {
		return s.replay.enrich(ctx, s, done)
	}
	budget := s.budget()
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
	e := enrichment{syncer: s, provider: p, into: into, done: done, dueBefore: s.Now().Add(-s.source.Details.RefreshAfter)}
	if s.Scope.Details == DetailsAll {
		err = e.all(ctx)
	} else {
		err = e.due(ctx, budget)
	}
	level := zerolog.InfoLevel
	if err != nil {
		level = zerolog.WarnLevel
	}
	s.Log.WithLevel(level).Int64("details_asked", done.DetailsAsked).Int64("details_found", done.DetailsFound).
		Int64("profiles_asked", done.ProfilesAsked).Int64("profiles_found", done.ProfilesFound).Msg("enrichment ended")
	return err
}

// budget is how many requests the enrichment may make; 0: none is to be.
func (s *syncer) budget() int {
	switch s.Scope.Details {
	case DetailsAll:
		return math.MaxInt
	case DetailsNone:
		return 0
	case DetailsStale:
	}
	return s.source.Details.MaxRequests
}

// due asks for the profiles and then the details that are due, in at most so many
// requests: one or more.
func (e *enrichment) due(ctx context.Context, budget int) error {
	spent, err := e.profiles(ctx, (budget-1)/profileShare+1)
	if err != nil {
		return err
	}
	return e.details(ctx, budget-spent)
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
