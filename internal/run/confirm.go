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
// requests a second a thousand take two minutes.
const (
	confirmAtMost = 1000
	confirmShare  = 10 // one in ten
)

// confirm asks the provider for each missing subscriber. Those that it does not
// have are gone; those that it has are staged like any other record. ok is false
// where the provider left one open, or too many are missing to be asked for.
func (s *syncer) confirm(ctx context.Context, p provider, missing []int64) (gone []int64, ok bool, err error) {
	known := s.session.Known()
	if share := float64(len(missing)) / float64(known); share > s.source.RemovalLimit && !s.AllowRemovals {
		return missing, true, nil // the removal limit holds them back, without a thousand questions
	}
	if len(missing) > max(confirmAtMost, known/confirmShare) {
		s.log.Warn().Int("missing", len(missing)).Msg("too many subscribers are missing to ask for each")
		return nil, false, nil
	}
	asked, err := s.session.Missing(ctx, missing)
	if err != nil {
		return nil, false, err
	}
	var mu sync.Mutex
	var found transform.Batch
	open := 0
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(p.atOnceConfirm)
	for _, m := range asked {
		group.Go(func() error {
			record, at, err := p.confirm(groupCtx, m.PhysicalID)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				found.IoTX(record, at)
			case errors.Is(err, fetch.KindNotFound):
				gone = append(gone, m.Key)
			case isListingsOwn(err):
				open++
			default:
				return fmt.Errorf("ask for a missing subscriber: %w", err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, false, err
	}
	s.log.Info().Int("missing", len(missing)).Int("gone", len(gone)).Int("found", found.Records).Int("open", open).Msg("missing subscribers asked for")
	if err := s.session.Walk(p.listings[0].name).Add(ctx, &found); err != nil {
		return nil, false, err
	}
	return gone, open == 0, nil
}

// confirmFunc asks for one subscriber by its physicalId.
type confirmFunc func(ctx context.Context, physicalID string) (fetch.Record[iotx.Subscriber], time.Time, error)
