package fetch

import (
	"context"
	"iter"
)

// Prefetch runs seq ahead of its consumer in a goroutine of its own, so that the
// next page is being fetched while the last one is being used. Up to ahead values
// (at least one) are ready or in the making beside the one in the consumer's hands.
//
// It ends as seq ends, with seq's error last. When ctx ends, it ends with ctx's
// cause, never as if seq had come to its end. It returns only after seq has: a
// consumer that breaks off waits until seq notices, so seq should know a context
// that the consumer can end.
func Prefetch[T any](ctx context.Context, seq iter.Seq2[T, error], ahead int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		ready := make(chan result[T], max(ahead, 1)-1)
		stop := make(chan struct{})
		go func() {
			defer close(ready)
			for value, err := range seq {
				select {
				case ready <- result[T]{value, err}:
				case <-stop:
					return
				case <-ctx.Done():
					return
				}
			}
		}()
		defer func() {
			close(stop)
			for range ready { // closed when the goroutine has ended
			}
		}()
		relay(ctx, ready, yield)
	}
}

// result is one step of an iterator.
type result[T any] struct {
	value T
	err   error
}

// relay yields what comes in until it ends, the consumer breaks off, or ctx ends.
func relay[T any](ctx context.Context, ready <-chan result[T], yield func(T, error) bool) {
	for r := range ready {
		if ctx.Err() != nil && r.err == nil {
			break
		}
		if !yield(r.value, r.err) || r.err != nil {
			return
		}
	}
	if ctx.Err() != nil {
		var none T
		yield(none, context.Cause(ctx))
	}
}
