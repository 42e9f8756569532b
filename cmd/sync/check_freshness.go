package main

import (
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"simsync/internal/load"
)

// staleAfter is when a source that is synced every night has missed one.
const staleAfter = 36 * time.Hour

// checkFreshness looks at when each source was last synced, and whether it is now.
func (f *findings) checkFreshness(db *load.DB, role string) {
	var names []string
	for _, source := range f.sources {
		names = append(names, source.Name)
	}
	all, err := db.Freshness(f.ctx, names)
	switch {
	case load.IsForbidden(err):
		f.warn("freshness", "", "not known: the role "+role+" may not read fleet.freshness", asOwner+"GRANT SELECT ON fleet.freshness TO "+pgx.Identifier{role}.Sanitize()+";")
		return
	case err != nil:
		f.fail("freshness", "", err, "")
		return
	}
	for _, fresh := range all {
		f.addFreshness(fresh, time.Now())
	}
}

func (f *findings) addFreshness(fresh load.SourceFreshness, now time.Time) {
	text, since := "never synced", ""
	switch {
	case fresh.CompleteAsOf != nil:
		text = fmt.Sprintf("complete as of %s, %s ago", fresh.CompleteAsOf.UTC().Format("2006-01-02 15:04 UTC"), roughly(now.Sub(*fresh.CompleteAsOf)))
		since = "since then "
	case fresh.LoadedAsOf != nil:
		text = "never complete: subscribers may be missing, and some that are there may be gone"
	}
	switch {
	case fresh.IsHeld:
		f.ok("freshness", fresh.Source, text+"; a run is at work on it now")
	case fresh.AttemptsSince > 0:
		f.warn("freshness", fresh.Source, fmt.Sprintf("%s; %s%s ended otherwise, the last: %s", text, since, counted(int(fresh.AttemptsSince), "run"), *fresh.AttemptedOutcome),
			"simsync runs tells why.")
	case fresh.CompleteAsOf == nil && fresh.LoadedAsOf != nil: // by windows alone
		f.warn("freshness", fresh.Source, text, "simsync run reads the whole source.")
	case fresh.CompleteAsOf == nil:
		f.ok("freshness", fresh.Source, text)
	case now.Sub(*fresh.CompleteAsOf) > staleAfter:
		f.warn("freshness", fresh.Source, text, "See whether the scheduler still starts simsync run.")
	default:
		f.ok("freshness", fresh.Source, text)
	}
}

// roughly words an age in its largest unit.
func roughly(d time.Duration) string {
	switch {
	case d < time.Minute:
		return counted(int(d/time.Second), "second")
	case d < time.Hour:
		return counted(int(d/time.Minute), "minute")
	case d < 48*time.Hour:
		return counted(int(d/time.Hour), "hour")
	}
	return counted(int(d/(24*time.Hour)), "day")
}
