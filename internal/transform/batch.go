package transform

import "simsync/internal/fetch/flolive"

// Batch gathers what the records of a page became. Its slices may be reused
// through Reset: rows of an earlier page are then overwritten.
type Batch struct {
	Rows    []Row
	Rejects []Reject
	// Records counts the records read, nested profiles included: the number of
	// Rows plus the number of whole Rejects.
	Records int

	// encoded and elements are room that is used again for every record.
	encoded  []byte
	elements []flolive.Pair
}

// Reset empties the batch and keeps its memory. What a row or a reject points at
// (its pairs, its flags, its contract) is never used again, so a copy of it stays good.
func (b *Batch) Reset() {
	b.Rows, b.Rejects, b.Records = b.Rows[:0], b.Rejects[:0], 0
}
