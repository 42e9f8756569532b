package archive

import (
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"simsync/internal/fetch"
)

// stubStore is a place that goes wrong.
type stubStore struct {
	store
	creating error
	writing  func(ctx context.Context) error
}

func (s stubStore) create(ctx context.Context, _ string) (draft, error) {
	return stubDraft{ctx, s.writing}, s.creating
}

type stubDraft struct {
	ctx     context.Context
	writing func(ctx context.Context) error
}

func (d stubDraft) Write(p []byte) (int, error) { return len(p), d.writing(d.ctx) }
func (stubDraft) publish() error                { return errors.New("published all the same") }
func (stubDraft) discard()                      {}

var errFull = errors.New("no space left on device")

// Whatever is wrong with the place, what fills the file is not told, and does not wait
// longer than its patience in all.
func TestPlaceGoesWrong(t *testing.T) {
	for name, tt := range map[string]struct {
		store stubStore
		want  error
		takes time.Duration
	}{
		"cannot be opened": {stubStore{creating: errFull}, errFull, 0},
		"is full":          {stubStore{writing: func(context.Context) error { return errFull }}, errFull, 0},
		"takes nothing": {stubStore{writing: func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}}, ErrSlow, patience},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begun := time.Now()
				k := newKeeper(t.Context(), tt.store, "a", someHead(), nil)
				for range 50 {
					k.Answered(fetch.Request{}, fetch.Answer{Body: []byte(strings.Repeat("x", blockSize))})
				}
				k.End()
				if err := k.Wait(t.Context()); !errors.Is(err, tt.want) {
					t.Errorf("%v, want %v", err, tt.want)
				}
				if took := time.Since(begun); took != tt.takes {
					t.Errorf("it took %s, want %s", took, tt.takes)
				}
			})
		})
	}
}

// Whoever waits for a place that hangs at the end gives the file up in time.
func TestPlaceHangsAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hanging := stubStore{writing: func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}}
		k := newKeeper(t.Context(), hanging, "a", someHead(), nil)
		k.KeepBatch(1)
		k.End()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := k.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
	})
}

// A folder on a server that is gone never returns from a write: whoever waits goes on.
func TestPlaceNeverReturns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		back := make(chan struct{})
		gone := stubStore{writing: func(context.Context) error {
			<-back
			return nil
		}}
		k := newKeeper(t.Context(), gone, "a", someHead(), nil)
		k.KeepBatch(1)
		k.End()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		if err := k.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if took := time.Since(begun); took != time.Second+givingUp {
			t.Errorf("it took %s", took)
		}
		close(back) // or the bubble would find it
	})
}

// A signal that ends the run does not end its file.
func TestFileOutlivesTheRun(t *testing.T) {
	t.Parallel()
	a := open(t, Options{Dir: t.TempDir()})
	ctx, cancel := context.WithCancel(t.Context())
	r, err := a.Begin(ctx, headOf("flolive", 1))
	if err != nil {
		t.Fatal(err)
	}
	k := r.Keep(ctx, Part{File: FileDetails}, func([]byte, [][]byte) ([]byte, [][]byte) { return []byte("{}"), nil })
	cancel()
	k.Answered(fetch.Request{}, fetch.Answer{Body: []byte(`{"contact":"secret"}`)})
	k.End()
	if err := k.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	from, err := a.store.open(t.Context(), path.Join(r.folder, "details.zst"))
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	frames, err := read(NewReader(from))
	if !errors.Is(err, io.EOF) || len(frames) != 1 || string(frames[0].(*Answer).Body) != "{}" {
		t.Errorf("%v, %v", frames, err)
	}
}
