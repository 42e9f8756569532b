package report

import (
	"fmt"
	"slices"
	"time"

	"simsync/internal/load"
)

// stale is how old complete data may be before the page says so: a night, and half a
// day for one that was late.
const stale = 36 * time.Hour

// notices are what has to be known before any number is believed, a sentence or two for
// each source that is not as it should be.
func notices(f load.Figures) []string {
	var all []string
	for _, k := range f.Freshness {
		if text := notice(f.At, k); text != "" {
			all = append(all, named(k.Source)+": "+text)
		}
	}
	return all
}

func notice(now time.Time, k load.Freshness) string {
	text := ""
	switch {
	case k.CompleteAsOf == nil && k.LoadedAsOf == nil:
		text = "nothing of it was ever loaded."
	case k.CompleteAsOf == nil:
		text = "it was never read completely: subscribers may be missing, and some that are shown may be gone."
	case now.Sub(*k.CompleteAsOf) > stale:
		text = fmt.Sprintf("the data was last complete %s ago (%s).", ago(now.Sub(*k.CompleteAsOf)), moment(*k.CompleteAsOf))
	}
	switch {
	case k.AttemptedAt == nil || k.IsComplete:
	case k.AttemptedOutcome == "running" && text != "":
		text += " It is being synced at this moment."
	case k.AttemptedOutcome != "running":
		if text == "" {
			text = fmt.Sprintf("the data was last complete %s ago.", ago(now.Sub(*k.CompleteAsOf)))
		}
		text += fmt.Sprintf(" The last sync, of %s, %s.", moment(*k.AttemptedAt), attempt(k))
	}
	return text
}

// attempt words how a sync ended that did not leave the source complete, and why.
func attempt(k load.Freshness) string {
	text := "did not end: it was killed"
	switch load.Outcome(k.AttemptedOutcome) {
	case load.OutcomeIncomplete:
		text = "could not be proved complete: what was read is loaded, nothing was removed"
	case load.OutcomeHeldBack:
		text = "loaded its changes, and held its removals back"
	case load.OutcomeFailed:
		text = "failed"
	case load.OutcomeInterrupted:
		text = "was stopped"
	case load.OutcomeOK: // of a time before the last complete one
		text = "was complete"
	}
	if k.AttemptedError != nil {
		text += " (" + named(*k.AttemptedError) + ")"
	}
	return text
}

// allWell says that there is nothing to notice.
func allWell(f load.Figures) string {
	if len(f.Freshness) == 0 {
		return ""
	}
	var oldest *time.Time
	for _, k := range f.Freshness {
		if oldest == nil || k.CompleteAsOf.Before(*oldest) {
			oldest = k.CompleteAsOf
		}
	}
	if len(f.Freshness) == 1 {
		return fmt.Sprintf("The data of %s is complete as of %s, %s ago.", named(f.Freshness[0].Source), moment(*oldest), ago(f.At.Sub(*oldest)))
	}
	return fmt.Sprintf("The data of all %d sources is complete, as of %s (%s ago) or later.", len(f.Freshness), moment(*oldest), ago(f.At.Sub(*oldest)))
}

// ago words a time that has passed, in one unit.
func ago(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Minute:
		return "less than a minute"
	case d < 2*time.Hour:
		return countOf(int64(d/time.Minute), "minute", "minutes")
	case d < 48*time.Hour:
		return countOf(int64(d/time.Hour), "hour", "hours")
	}
	return countOf(int64(d/(24*time.Hour)), "day", "days")
}

// tiles are the numbers to be seen first.
func tiles(f load.Figures) []tile {
	all := totalOf(f)
	if all.Total() == 0 {
		return nil
	}
	shown := []tile{
		{Name: "Live subscribers", Value: number(new(all.Total())), Beside: "from " + countOf(int64(len(f.Sources)), "source", "sources")},
		{Name: "Active", Value: number(&all.Active), Beside: share(all.Active, all.Total()) + " of them"},
	}
	var flagged, observed, online int64
	for _, s := range f.Sources {
		flagged, observed, online = flagged+s.Flagged, observed+s.Observed, online+s.Online
	}
	if observed > 0 {
		shown = append(shown, tile{Name: "Online", Value: number(&online), Beside: share(online, observed) + " of " + number(&observed) + " observed"})
	}
	if n, ok := lastNight(f); ok {
		shown = append(shown, tile{Name: "New on " + n.span.last.Format("2 Jan"), Value: number(&n.inserted), Beside: countOf(n.removed, "removed", "removed")})
	}
	if len(f.Usage) > 0 {
		u := usageOf(f, span{f.Since, f.At})
		shown = append(shown, tile{Name: "Data used", Value: u.word(), Beside: "in " + daysWord(f.Days)})
	}
	return append(shown, tile{Name: "With flags", Value: number(&flagged), Beside: share(flagged, all.Total()) + " of them"})
}

// lastNight is the last day on which anything was loaded.
func lastNight(f load.Figures) (night, bool) {
	f.Days, f.Since = min(f.Days, longestDaily), f.Since.AddDate(0, 0, max(f.Days-longestDaily, 0))
	for _, n := range slices.Backward(nightsOf(f)) {
		if n.runs > 0 {
			return n, true
		}
	}
	return night{}, false
}
