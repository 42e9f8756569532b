package run

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/load"
)

const (
	// duePage is how much of a queue is read at a time: a few seconds' requests.
	duePage = 1000
	// A batch is saved once it has so many answers, or, as the next one comes, once its
	// first is so old: more than that no stop can lose.
	saveFrom  = 200
	saveAfter = 5 * time.Second
	// failuresInARow is how many things in a row a provider may fail to tell, each
	// after all its repeats, before it has failed for good.
	failuresInARow = 20
	// savingTimeout bounds the saving of the last batch after a signal. With
	// closingTimeout it is less than the 30 seconds that Kubernetes leaves.
	savingTimeout = 5 * time.Second
)

// inquiry asks a provider for many things one by one, some at once, and saves the
// answers in batches as they come. What is due is read from the database a page at a
// time, so memory is a page of the queue, a batch, and the answers under way.
type inquiry[D, A any] struct {
	atOnce int
	// due reads the queue behind a place; place tells that of one, and name what it may
	// be called in a log.
	due   func(ctx context.Context, after int64, most int) ([]D, error)
	place func(D) int64
	name  func(D) string
	// ask makes a request. Its error means that nothing was told, not even that the
	// provider has no such thing or will not tell: it stays due.
	ask  func(ctx context.Context, d D) ([]A, error)
	save func(ctx context.Context, answers []A) error
	now  func() time.Time
	log  zerolog.Logger
	// meter counts the requests.
	meter *meter

	mu       sync.Mutex
	answers  []A       // not saved yet
	since    time.Time // when the first of them came
	failures int       // in a row
	untold   int       // things that the provider failed to tell
	broken   bool      // saving has failed
}

// run asks for all that is due. What was answered is saved however it ends, also after
// a signal.
func (i *inquiry[D, A]) run(ctx context.Context) error {
	// The database is asked under a context that outlives ctx by a little: pgx ends the
	// connection, and with it the lock and the batch, when a query is cancelled.
	late, cancel := outliving(ctx, savingTimeout)
	defer cancel()
	err := i.askAll(ctx, late)
	i.mu.Lock()
	defer i.mu.Unlock()
	return errors.Join(err, i.flush(late))
}

// outliving is ctx, but ends by so much later.
func outliving(ctx context.Context, by time.Duration) (context.Context, context.CancelFunc) {
	late, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(by, cancel) })
	return late, func() {
		stop()
		cancel()
	}
}

func (i *inquiry[D, A]) askAll(ctx, late context.Context) error {
	var last int64
	for {
		page, err := i.due(late, last, duePage)
		if err != nil || len(page) == 0 {
			return err
		}
		last = i.place(page[len(page)-1])
		if err := i.askPage(ctx, late, page); err != nil {
			return err
		}
	}
}

func (i *inquiry[D, A]) askPage(ctx, late context.Context, page []D) error {
	group, asking := errgroup.WithContext(ctx)
	group.SetLimit(i.atOnce)
	for _, d := range page {
		if asking.Err() != nil {
			break
		}
		group.Go(func() error {
			answers, err := i.ask(asking, d)
			i.meter.step()
			if err != nil {
				return i.endure(d, err)
			}
			return i.take(late, answers)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// endure is nil where what one request met is no reason to ask for nothing else. A
// provider that is out of reach, or that refuses the credentials, would tell the
// others no more.
func (i *inquiry[D, A]) endure(d D, err error) error {
	var failed *fetch.Error
	if !errors.As(err, &failed) || errors.Is(err, fetch.KindCredentials) || errors.Is(err, fetch.KindNeverSent) {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.untold++
	if i.failures++; i.failures >= failuresInARow {
		return fmt.Errorf("the provider failed to answer %d times in a row, the last time: %w", i.failures, err)
	}
	i.log.Warn().Err(err).Str("subject", i.name(d)).Msg("not told; it stays due")
	return nil
}

// take adds answers to the batch. Who fills it saves it, and the others wait: so no
// more than a batch is ever unsaved.
func (i *inquiry[D, A]) take(ctx context.Context, answers []A) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.failures = 0
	if len(i.answers) == 0 {
		i.since = i.now()
	}
	i.answers = append(i.answers, answers...)
	if len(i.answers) < saveFrom && i.now().Sub(i.since) < saveAfter {
		return nil
	}
	return i.flush(ctx)
}

// flush saves the batch. Once that has failed there is no use in trying again.
func (i *inquiry[D, A]) flush(ctx context.Context) error {
	if len(i.answers) == 0 || i.broken {
		return nil
	}
	err := i.save(ctx, i.answers)
	i.answers, i.broken = i.answers[:0], err != nil
	return err
}

// tally counts the answers of an inquiry by what they came to.
type tally map[load.RequestOutcome]int

// log tells the counts. Where all was refused it is hardly the single subscribers that
// the provider objects to.
func (t tally) log(log zerolog.Logger, what string) {
	found, absent, unreadable, refused := t[load.RequestFound], t[load.RequestAbsent], t[load.RequestUnreadable], t[load.RequestRefused]
	log.Info().Str("what", what).Int("found", found).Int("absent", absent).Int("unreadable", unreadable).Int("refused", refused).Msg("answers came")
	if refused > 0 && found+absent+unreadable == 0 {
		log.Warn().Str("what", what).Int("refused", refused).Msg("the provider refused every one: the account may lack the permission")
	}
}

// requestOutcome is what the ledger calls the end of a request, isPartial whether the
// provider has more records than it sent; other is an error that says nothing of what
// was asked for.
func requestOutcome(err error) (outcome load.RequestOutcome, isPartial bool, other error) {
	switch {
	case err == nil:
		return load.RequestFound, false, nil
	case errors.Is(err, flolive.ErrPartial):
		return load.RequestFound, true, nil
	case errors.Is(err, fetch.KindNotFound):
		return load.RequestAbsent, false, nil
	case errors.Is(err, fetch.KindRefused):
		return load.RequestRefused, false, nil
	}
	return "", false, err
}
