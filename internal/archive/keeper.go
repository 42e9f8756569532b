package archive

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"simsync/internal/fetch"
)

const (
	// queued is how many entries a file may be behind its walk: two chunks of ten thousand
	// subscribers, of six megabytes each at the most.
	queued = 4
	// patience is how long a walk waits where the place that its answers are kept in does
	// not take them: PIT sessions end by the clock.
	patience = 10 * time.Second
)

// ErrSlow says that the place of the archive did not take what came in time.
var ErrSlow = fmt.Errorf("nothing could be written for %s", patience)

// Keeper writes one file beside what fills it: it packs and stores in a goroutine of
// its own, behind a short queue. What goes wrong there is told by Wait alone.
//
// Its methods but End and Wait may be called by several at once.
type Keeper struct {
	name    string
	redact  Redact
	queue   chan func(*Writer) error
	writing errgroup.Group
	cancel  context.CancelFunc
	numbers atomic.Int64
	// broken is closed with the first error; what comes after is dropped.
	broken  chan struct{}
	ended   chan struct{} // closed when nothing is written any more
	breakIt sync.Once
	err     error
}

var _ fetch.Recorder = (*Keeper)(nil)

// givingUp bounds the wait for a place that is told to forget a file: a folder on a
// server that is gone never returns from a write, and a bucket may take a minute.
const givingUp = 6 * time.Second

// Redact takes out of an answer's body what is not to be kept, and out of records that
// were read from it the same. It may return what it is given, and must not change it.
type Redact func(body []byte, records [][]byte) ([]byte, [][]byte)

// newKeeper begins a file. ctx does not end it, but cancel and Wait do.
func newKeeper(ctx context.Context, s store, name string, head Head, redact Redact) *Keeper {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	k := &Keeper{name: name, redact: redact, cancel: cancel, queue: make(chan func(*Writer) error, queued), broken: make(chan struct{}), ended: make(chan struct{})}
	if redact == nil {
		k.redact = func(body []byte, records [][]byte) ([]byte, [][]byte) { return body, records }
	}
	k.writing.Go(func() error {
		defer close(k.ended)
		d, err := k.write(ctx, s, head)
		if err != nil {
			k.fail(err)
		}
		for range k.queue { // until End
		}
		return k.end(d)
	})
	return k
}

// write brings what is queued to the store until the queue is closed.
func (k *Keeper) write(ctx context.Context, s store, head Head) (draft, error) {
	d, err := s.create(ctx, k.name)
	if err != nil {
		return nil, err
	}
	w, err := NewWriter(d, head)
	for entry := range k.queue {
		if err == nil {
			err = entry(w)
		}
		if err != nil {
			return d, err
		}
	}
	if err != nil {
		return d, err
	}
	return d, w.Close()
}

// end publishes the file, or gives it up where anything was wrong.
func (k *Keeper) end(d draft) error {
	select {
	case <-k.broken:
		if d != nil {
			d.discard()
		}
		return k.err
	default:
	}
	return d.publish()
}

// fail notes the first thing that is wrong, and stops waiting for the store.
func (k *Keeper) fail(err error) {
	k.breakIt.Do(func() {
		k.err = err
		close(k.broken)
		k.cancel()
	})
}

// put queues an entry. It waits where the queue is full, but not for ever.
func (k *Keeper) put(entry func(*Writer) error) {
	select {
	case <-k.broken:
		return
	case k.queue <- entry:
		return
	default:
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case k.queue <- entry:
	case <-k.broken:
	case <-timer.C:
		k.fail(ErrSlow)
	}
}

// Answered implements [fetch.Recorder].
func (k *Keeper) Answered(r fetch.Request, a fetch.Answer) int64 {
	number := k.numbers.Add(1)
	target := r.Path
	if len(r.Query) > 0 {
		target += "?" + r.Query.Encode()
	}
	k.put(func(w *Writer) error {
		body, _ := k.redact(a.Body, nil)
		return w.Write(&Answer{
			Number: number, Op: r.Op, Method: r.Method, Path: target, Status: a.Status,
			Sent: a.SentAt.UTC(), Received: a.ReceivedAt.UTC(), Body: body,
		})
	})
	return number
}

// KeepPage writes down a page that a walk handed on.
func KeepPage[R any](k *Keeper, p fetch.Page[R]) {
	records := rawsOf(p.Records)
	k.put(func(w *Writer) error {
		places, err := locate(p.Answer.Body, records)
		if err != nil {
			return err
		}
		return w.Write(&Page{Session: p.Session, Answer: p.Answer.Number, Received: p.ReceivedAt.UTC(), Records: places})
	})
}

// KeepBatch writes down that what came so far went to the stage as a batch of the run.
func (k *Keeper) KeepBatch(number int64) {
	k.put(func(w *Writer) error { return w.Write(&Batch{Number: number}) })
}

// KeepTold writes down what came of asking for one thing, by records of an answer.
func KeepTold[R any](k *Keeper, t Told, a fetch.Answer, records []fetch.Record[R]) {
	raws := rawsOf(records)
	k.put(func(w *Writer) error {
		body, raws := k.redact(a.Body, raws)
		places, err := locate(body, raws)
		if err != nil {
			return err
		}
		if len(raws) > 0 {
			t.Answer, t.Records = a.Number, places
		}
		return w.Write(&t)
	})
}

func rawsOf[R any](records []fetch.Record[R]) [][]byte {
	raws := make([][]byte, len(records))
	for i, r := range records {
		raws[i] = r.Raw
	}
	return raws
}

// End says that nothing will be put into the file any more, and does not wait.
func (k *Keeper) End() { close(k.queue) }

// Wait waits until the file is published, or says why it is not. The file is given up
// when ctx ends before; a place that does not answer even then is left to itself after
// givingUp. End comes first.
func (k *Keeper) Wait(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { k.fail(context.Cause(ctx)) })
	defer stop()
	defer k.cancel()
	select {
	case <-k.ended:
	case <-ctx.Done():
		select {
		case <-k.ended:
		case <-time.After(givingUp):
			return fmt.Errorf("keep %s: %w", k.name, context.Cause(ctx))
		}
	}
	if err := k.writing.Wait(); err != nil {
		return fmt.Errorf("keep %s: %w", k.name, err)
	}
	return nil
}
