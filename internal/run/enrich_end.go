package run

import (
	"context"
	"fmt"
)

// brokenEnrichment is the end of a source whose enrichment broke off. It is an
// ErrEnrichment, and why it broke off, and the doubt that the load left.
type brokenEnrichment struct {
	doubt error // as the load ended; nil: ok
	why   error
}

// withEnrichment is the end of a source whose load left a doubt, or nil, and whose
// enrichment ended with err.
func withEnrichment(ctx context.Context, doubt, err error) error {
	signal := interruption(ctx)
	switch {
	case err == nil:
		return doubt
	case signal == nil:
		return &brokenEnrichment{doubt, err}
	case doubt == nil:
		return signal
	}
	return fmt.Errorf("%w; %w", signal, doubt)
}

// Error words why the enrichment broke off, and the doubt before it.
func (b *brokenEnrichment) Error() string {
	if b.doubt != nil {
		return fmt.Sprintf("%v; %v: %v", b.doubt, ErrEnrichment, b.why)
	}
	return fmt.Sprintf("%v: %v", ErrEnrichment, b.why)
}

// Unwrap gives all that it is.
func (b *brokenEnrichment) Unwrap() []error {
	all := []error{ErrEnrichment, b.why}
	if b.doubt != nil {
		all = append(all, b.doubt)
	}
	return all
}
