package transform

import (
	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// FloLIVE adds what rec became to b.
func (b *Batch) FloLIVE(rec fetch.Record[flolive.Subscriber]) {
}
