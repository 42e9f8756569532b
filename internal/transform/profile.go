package transform

import (
	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// ReadProfiles reads the profiles of an answer.
func ReadProfiles(records []fetch.Record[flolive.Profile], eid EID) (profiles []ESIMProfile, rejects []Reject) {
	panic("under way")
}
