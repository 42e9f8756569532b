package transform

import (
	"time"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// ReadDetail finds among the records of an answer the one of subscriberID, and reads it.
func ReadDetail(records []fetch.Record[flolive.Detail], subscriberID string, iccid ICCID, fetchedAt time.Time, contacts Contacts) (d Detail, rejects []Reject, found bool) {
	panic("under way")
}
