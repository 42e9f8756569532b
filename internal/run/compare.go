package run

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"simsync/internal/config"
	"simsync/internal/load"
)

// compareSource reads one source as a run does, and compares it with the database in the
// place of promoting it. It takes no lock and leaves no line in the ledger: nobody would
// know of it but the provider.
func compareSource(ctx context.Context, source config.Source, id uuid.UUID, o Options) (result Result) {
	started := o.Now()
	o.Log = o.Log.With().Str("source", source.Name).Str("run", id.String()).Bool("dry_run", true).Logger()
	result.Source = source.Name
	defer func() {
		result.Took = o.Now().Sub(started)
		logEnd(o.Log, result)
	}()

	session, err := o.DB.Preview(ctx, source.Name)
	if err != nil {
		result.Err = EndOf(ctx, err)
		return result
	}
	defer session.Close()

	o.Log.Info().Int("known", session.Known()).Msg("dry run begins")
	s := syncer{Options: o, source: source, session: session, ledger: load.RunID{Run: id, Source: source.Name}}
	result.Err = EndOf(ctx, s.compare(ctx, &result))
	return result
}

// compare reads the source and compares. What it found goes into result; the error is
// what that of a run would be.
func (s *syncer) compare(ctx context.Context, result *Result) error {
	provider, err := openProvider(s.source, s.session.Known(), s.Options)
	if err != nil {
		return fmt.Errorf("source %s: %w", s.source.Name, err)
	}
	defer func() {
		provider.close()
		result.Traffic = provider.counters()
	}()

	p, doubt, err := s.read(ctx, provider, result)
	if err != nil {
		return err
	}
	compared, err := s.session.Compare(ctx, p)
	if err != nil {
		return err
	}
	result.Compared = &compared
	s.logPromoted(compared.Promoted)
	return heldBack(compared.Promoted, doubt)
}

// heldBack is the doubt that a promote leaves, where there was another before it.
func heldBack(done load.Promoted, doubt error) error {
	if done.HeldBack != "" {
		return fmt.Errorf("%w: %s", ErrHeldBack, done.HeldBack)
	}
	return doubt
}
