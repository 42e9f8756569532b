package fetch

import "context"

// Recorder is told what a provider answers, as it comes. It is called from several
// goroutines at once, and the request waits for it.
type Recorder interface {
	// Answered takes a whole answer, also one that is a refusal or that nothing can be
	// read in, and returns the number that it is to be known by, from 1. It must not
	// change the body.
	Answered(r Request, a Answer) int64
}

type recorderKey struct{}

// WithRecorder has r told of every answer to requests under the context, but for
// those to anonymous ones: an answer to a login is a secret.
func WithRecorder(ctx context.Context, r Recorder) context.Context {
	return context.WithValue(ctx, recorderKey{}, r)
}

// record tells the context's recorder, if it has one.
func record(ctx context.Context, r Request, a Answer) int64 {
	recorder, ok := ctx.Value(recorderKey{}).(Recorder)
	if !ok {
		return 0
	}
	return recorder.Answered(r, a)
}
