package run

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
)

// syncer syncs one source under its lock. Its log names the source and the run.
type syncer struct {
	Options
	source  config.Source
	session *load.Session
	ledger  load.RunID
	started time.Time
	kept    *keeping // nil: nothing is kept
}

// sync reads the source, promotes what it read, and enriches. What it did goes into
// result as it is done.
func (s *syncer) sync(ctx context.Context, result *Result) error {
	provider, err := s.open(ctx)
	if err != nil {
		return fmt.Errorf("source %s: %w", s.source.Name, err)
	}
	defer func() {
		provider.close()
		result.Traffic = provider.counters()
	}()

	s.kept = s.keep(ctx, len(provider.listings))
	defer s.kept.end(ctx)
	p, doubt, err := s.read(ctx, provider, result)
	if err != nil {
		return err
	}
	s.kept.promoting()
	result.Promoted, err = s.promote(ctx, provider, p)
	if err != nil {
		return err
	}
	result.Loaded = true
	s.kept.promoted(ctx, p)
	s.logPromoted(result.Promoted)
	doubt = heldBack(result.Promoted, doubt)
	return withEnrichment(ctx, doubt, s.enrich(ctx, provider, &result.Enriched))
}

// open makes the provider to be read, or what stands for it.
func (s *syncer) open(ctx context.Context) (provider, error) {
	if s.replay != nil {
		return s.replay.provider(ctx)
	}
	return openProvider(s.source, s.session.Known(), s.Options)
}

// read walks every listing and weighs what the walks prove: what is to be promoted,
// and the doubt that forbids removals, an error of the kinds that still promote. The
// error beside it ends the source.
func (s *syncer) read(ctx context.Context, provider provider, result *Result) (p load.Promotion, doubt, err error) {
	walks, err := s.walkAll(ctx, provider)
	result.Walks = factsOf(walks)
	if err == nil {
		err = neverEnds(walks, provider.most)
	}
	if err != nil {
		return p, nil, err
	}
	p = load.Promotion{
		ID: s.ledger, RemovalLimit: s.source.RemovalLimit, AllowRemovals: s.AllowRemovals,
		Complete: s.Scope.Connected.IsWhole() && !isAnyIncomplete(walks),
	}
	if doubt, err = s.weigh(ctx, provider, walks, &p); err != nil {
		return p, nil, err
	}
	if doubt != nil {
		p.Doubt, p.Why = outcomeOf(doubt), oneLine(doubt)
	}
	result.Walks = factsOf(walks)
	p.Walks, p.At = result.Walks, s.Now()
	if s.replay != nil {
		p.At = s.replay.PromotedAt
	}
	return p, doubt, nil
}

// walked is a listing after its walk.
type walked struct {
	fetch.Facts
	err error // why the walk broke off; nil also where it ended without proof
}

// walkAll walks all listings of the source, some at once. A walk that breaks off
// leaves the others going, but for refused credentials and faults that are not the
// provider's: those end the source, and are the error.
func (s *syncer) walkAll(ctx context.Context, p provider) ([]walked, error) {
	if s.replay != nil {
		return s.replay.walkAll(ctx, s)
	}
	walks := make([]walked, len(p.listings))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(p.atOnce)
	expected := s.expected(p)
	for i, l := range p.listings {
		group.Go(func() error {
			m := s.phase(Phase{Task: TaskWalk, Listing: l.name, Session: 1, Total: expected, IsEstimate: true}, p)
			defer m.end()
			facts, err := l.read(ctx, s.session.Walk(l.name), m, s.kept.walk(ctx, i, l.name))
			walks[i] = walked{Facts: facts, err: err}
			s.logWalk(walks[i])
			if err != nil && !isListingsOwn(err) {
				return fmt.Errorf("walk listing %s: %w", l.name, err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return walks, err
	}
	return walks, nothingRead(walks)
}

// isListingsOwn tells whether an error speaks of one listing alone: then the
// source's others are still worth walking.
func isListingsOwn(err error) bool {
	var provider *fetch.Error
	return errors.As(err, &provider) && provider.Kind != fetch.KindCredentials
}

// nothingRead is the first walk's end where no walk had an answer that brought a
// record: then there is nothing to promote, and the provider is down.
func nothingRead(walks []walked) error {
	for _, w := range walks {
		answered := w.err == nil && w.Verdict != fetch.VerdictLostAnswer
		if answered || w.Distinct > 0 {
			return nil
		}
	}
	first := walks[0]
	if first.err != nil {
		return fmt.Errorf("walk listing %s: %w", first.Listing, first.err)
	}
	return fmt.Errorf("walk listing %s: %s in each of %d sessions", first.Listing, first.Verdict, first.Sessions)
}

// neverEnds is an error where a list went on past every bound: then the provider
// makes records up, and none of them is worth loading. most is 0 for no bound.
func neverEnds(walks []walked, most int64) error {
	for _, w := range walks {
		if most > 0 && w.Distinct > most {
			return fmt.Errorf("walk listing %s: the list does not end: it went on past %d subscribers", w.Listing, most)
		}
	}
	return nil
}

// weigh decides what may be removed, and returns the doubt that forbids it: an
// error of the kinds that still promote, or nil. The error beside it ends the source.
func (s *syncer) weigh(ctx context.Context, p provider, walks []walked, promotion *load.Promotion) (doubt, err error) {
	if reasons := incompleteReasons(walks); reasons != "" {
		return fmt.Errorf("%w: %s", ErrIncomplete, reasons), nil
	}
	if share := s.session.RejectedShare(); share > s.MaxRejects {
		return fmt.Errorf("%w: %.2f %% of the records, more than the %.2f %% that --max-rejects allows", ErrRejects, 100*share, 100*s.MaxRejects), nil
	}
	if !s.Scope.Connected.IsWhole() { // who is missing may be outside of the window
		return nil, nil
	}
	missing := s.session.MissingKeys()
	if len(missing) == 0 {
		return nil, nil
	}
	if p.confirm != nil {
		gone, unconfirmed, err := s.confirm(ctx, p, missing)
		if unconfirmed != nil {
			walks[0].Verdict = fetch.VerdictUnconfirmed
			promotion.Complete = false
		}
		promotion.Gone = gone
		return unconfirmed, err
	}
	if nameless := s.session.Nameless(); nameless > 0 {
		return fmt.Errorf("%w: %d subscribers are missing, and %d records that cannot be read at all may be theirs", ErrIncomplete, len(missing), nameless), nil
	}
	promotion.Gone = missing
	return nil, nil
}

func isAnyIncomplete(walks []walked) bool { return incompleteReasons(walks) != "" }

// incompleteReasons names the walks that are not complete, with their verdicts;
// empty where all are.
func incompleteReasons(walks []walked) string {
	var reasons []string
	for _, w := range walks {
		switch {
		case w.Verdict.Complete():
		case w.err != nil:
			reasons = append(reasons, fmt.Sprintf("listing %s: %s (%v)", w.Listing, w.Verdict, w.err))
		default:
			reasons = append(reasons, fmt.Sprintf("listing %s: %s", w.Listing, w.Verdict))
		}
	}
	return strings.Join(reasons, "; ")
}

func factsOf(walks []walked) []fetch.Facts {
	facts := make([]fetch.Facts, 0, len(walks))
	for _, w := range walks {
		if w.Listing != "" { // one that never began has none
			facts = append(facts, w.Facts)
		}
	}
	return facts
}

func (s *syncer) logPromoted(done load.Promoted) {
	if done.Doubtful > 0 {
		s.Log.Warn().Int64("subscribers", done.Doubtful).Msg("missing subscribers stay: a rejected record may be theirs")
	}
	if done.MovesSettled > 0 {
		s.Log.Info().Int64("moves", done.MovesSettled).Msg("open moves settled: their subscribers are at their targets")
	}
}

func (s *syncer) logWalk(w walked) {
	level := zerolog.InfoLevel
	if !w.Verdict.Complete() {
		level = zerolog.WarnLevel
	}
	s.Log.WithLevel(level).Func(func(e *zerolog.Event) {
		if w.Declared != nil {
			e.Int64("declared", *w.Declared)
		}
	}).Err(w.err).Str("listing", w.Listing).Str("verdict", string(w.Verdict)).Int64("distinct", w.Distinct).Int64("repeated", w.Repeated).
		Int("sessions", w.Sessions).Int64("requests", w.Requests).Dur("took", w.FinishedAt.Sub(w.StartedAt)).Msg("walk ended")
}
