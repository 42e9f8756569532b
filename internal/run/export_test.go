package run

import "simsync/internal/fetch"

// WithClient is o with a change to how providers are spoken to.
func (o Options) WithClient(adjust func(*fetch.Options)) Options {
	o.adjust = adjust
	return o
}

// WithRecordsAtFirst is o with another bound of a list that never ends.
func (o Options) WithRecordsAtFirst(n int) Options {
	o.recordsAtFirst = n
	return o
}

// OutcomeOf is what the ledger calls an end.
var OutcomeOf = outcomeOf
