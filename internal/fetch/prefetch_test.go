package fetch_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"simsync/internal/fetch"
)

// counting yields 1 to n, then err if there is one; each number takes a second to
// make. It notes how far it came and whether it has ended.
type counting struct {
	n     int
	err   error
	made  atomic.Int64
	ended bool
}

func (c *counting) all() iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		defer func() { c.ended = true }()
		for c.made.Load() < int64(c.n) {
			<-time.After(time.Second)
			if !yield(int(c.made.Add(1)), nil) {
				return
			}
		}
		if c.err != nil {
			yield(0, c.err)
		}
	}
}

// collect takes everything, a second a value.
func collect(seq iter.Seq2[int, error]) (values []int, err error) {
	for value, e := range seq {
		if err != nil {
			panic("a value after the error")
		}
		if err = e; err == nil {
			<-time.After(time.Second)
			values = append(values, value)
		}
	}
	return values, err
}

func TestPrefetch(t *testing.T) {
	broken := errors.New("broken")
	for _, want := range []error{nil, broken} {
		for _, ahead := range []int{0, 1, 3} {
			synctest.Test(t, func(t *testing.T) {
				source, start := &counting{n: 5, err: want}, time.Now()
				values, err := collect(fetch.Prefetch(t.Context(), source.all(), ahead))
				if !slices.Equal(values, []int{1, 2, 3, 4, 5}) || !errors.Is(err, want) || !source.ended {
					t.Errorf("%d ahead: %v, error %v, ended %v", ahead, values, err, source.ended)
				}
				if took := time.Since(start); took != 6*time.Second {
					t.Errorf("%d ahead: took %s, want 6s: making and using at the same time", ahead, took)
				}
			})
		}
	}
}

func TestPrefetchIsBounded(t *testing.T) {
	for _, ahead := range []int{1, 2, 5} {
		synctest.Test(t, func(t *testing.T) {
			source := &counting{n: 100}
			for _, err := range fetch.Prefetch(t.Context(), source.all(), ahead) {
				if err != nil {
					t.Error(err)
				}
				<-time.After(time.Hour)
				if made := int(source.made.Load()); made != 1+ahead {
					t.Errorf("%d made while the first is in use, want 1 and %d ahead", made, ahead)
				}
				break
			}
			if !source.ended {
				t.Error("the source still runs after a break")
			}
		})
	}
}

// The end of the context is an error even if the source calls it a clean end.
func TestPrefetchCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		quiet := func(yield func(int, error) bool) {
			for i := 1; ctx.Err() == nil && yield(i, nil); i++ {
				<-time.After(time.Second)
			}
		}
		time.AfterFunc(3500*time.Millisecond, func() { cancel(cause) })
		values, err := collect(fetch.Prefetch(ctx, quiet, 2))
		if len(values) != 4 || !errors.Is(err, cause) {
			t.Errorf("%v, error %v, want four values and %v", values, err, cause)
		}
	})
}
