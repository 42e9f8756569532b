package iotx

import (
	"context"
	"sync"
)

// ahead asks for pages before their turn comes and gives them in order. Its
// goroutines end when their page has come or flush is called; it is used from one
// goroutine.
type ahead struct {
	ask    func(ctx context.Context, offset int) (page, error)
	cancel context.CancelFunc
	ctx    context.Context // of the pages under way; flush ends it
	under  sync.WaitGroup
	queue  []pending
}

// pending is a page that has been asked for.
type pending struct {
	offset int
	came   chan came
}

type came struct {
	page page
	err  error
}

// start asks for the page at offset.
func (a *ahead) start(ctx context.Context, offset int) {
	if a.cancel == nil {
		a.ctx, a.cancel = context.WithCancel(ctx)
	}
	inner := a.ctx
	p := pending{offset: offset, came: make(chan came, 1)}
	a.queue = append(a.queue, p)
	a.under.Go(func() {
		got, err := a.ask(inner, offset)
		p.came <- came{got, err}
	})
}

// next waits for the page asked for first.
func (a *ahead) next() (page, error) {
	first := a.queue[0]
	a.queue = a.queue[1:]
	c := <-first.came
	return c.page, c.err
}

// flush gives up every page under way and waits until nothing is.
func (a *ahead) flush() {
	if a.cancel == nil {
		return
	}
	a.cancel()
	a.under.Wait()
	a.cancel, a.ctx, a.queue = nil, nil, nil
}
