package run

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"simsync/internal/fetch"
	"simsync/internal/fetch/iotx"
	"simsync/internal/transform"
)

// A source is asked for at most this many missing subscribers, or this share of
// what is known of it, whichever is more; beyond, the walk itself is in doubt. At ten
// requests a second a thousand take two minutes. Where the operator allows the
// removals, all are asked for.
const (
	confirmAtMost = 1000
	confirmShare  = 10 // one in ten
)

// confirm asks the provider for each missing subscriber. Those that it does not
// have are gone; those that it has are staged like any other record. unconfirmed is
// an ErrIncomplete where the provider left one open, or too many are missing to be
// asked for: then none is gone.
func (s *syncer) confirm(ctx context.Context, p provider, missing []int64) (gone []int64, unconfirmed, err error) {
	known := s.session.Known()
	if share := float64(len(missing)) / float64(known); share > s.source.RemovalLimit && !s.AllowRemovals {
		// The promote holds them back, being a still larger share of the live ones:
		// that needs no thousand questions.
		return missing, nil, nil
	}
	if most := max(confirmAtMost, known/confirmShare); len(missing) > most && !s.AllowRemovals {
		return nil, fmt.Errorf("%w: listing %s: %d subscribers are missing, and no more than %d are asked for one by one: "+
			"--allow-removals has all of them asked for", ErrIncomplete, p.listings[0].name, len(missing), most), nil
	}
	found, gone, isOpen, err := s.askForMissing(ctx, p, missing)
	if err != nil {
		return nil, nil, err
	}
	if err := s.session.Walk(p.listings[0].name).Add(ctx, found); err != nil {
		return nil, nil, err
	}
	if isOpen {
		return nil, fmt.Errorf("%w: listing %s: %d subscribers are missing, and the provider did not say of each whether it has it",
			ErrIncomplete, p.listings[0].name, len(missing)), nil
	}
	return gone, nil, nil
}

// askForMissing asks for each subscriber of keys, some at once: found are the records
// of those that the provider has, gone the keys of those that it has not. isOpen says
// that of one it would tell nothing: then the others were not worth asking for.
func (s *syncer) askForMissing(ctx context.Context, p provider, keys []int64) (found *transform.Batch, gone []int64, isOpen bool, err error) {
	missing, err := s.session.Missing(ctx, keys)
	if err != nil {
		return nil, nil, false, err
	}
	found = new(transform.Batch)
	var mu sync.Mutex // guards the results
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(p.atOnceConfirm)
	meter := s.phase(Phase{Task: TaskConfirm, Total: int64(len(missing))}, p)
	defer meter.end()
	for _, m := range missing {
		group.Go(func() error {
			mu.Lock()
			skip := isOpen && s.replay == nil // what was answered then is at hand
			mu.Unlock()
			if skip {
				return nil
			}
			record, at, err := s.confirmOne(ctx, p.confirm, m.PhysicalID)
			meter.step()
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				found.IoTX(record, at)
			case errors.Is(err, fetch.KindNotFound):
				gone = append(gone, m.Key)
			case isListingsOwn(err):
				isOpen = true
			default:
				return fmt.Errorf("ask for a missing subscriber: %w", err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, nil, false, err
	}
	s.Log.Info().Int("missing", len(missing)).Int("gone", len(gone)).Int("found", found.Records).Bool("open", isOpen).Msg("missing subscribers asked for")
	return found, gone, isOpen, nil
}

// confirmFunc asks for one subscriber by its physicalId.
type confirmFunc func(ctx context.Context, physicalID string) (fetch.Record[iotx.Subscriber], time.Time, error)
