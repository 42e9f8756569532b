package run

import "simsync/internal/fetch"

// WithClient is o with a change to how providers are spoken to.
func (o Options) WithClient(adjust func(*fetch.Options)) Options {
	o.adjust = adjust
	return o
}

// OutcomeOf is what the ledger calls an end.
var OutcomeOf = outcomeOf
