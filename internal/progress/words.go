package progress

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"simsync/internal/run"
)

// listingShown is how much of a listing's name a line has: the first block of a
// customer's UUID, or "subscribers" cut to no more than a word.
const listingShown = 12

// name says whose phase it is and what is being done.
func (s sight) name() string {
	if s.Task != run.TaskWalk {
		return s.Source + " " + string(s.Task)
	}
	listing, _, _ := strings.Cut(s.Listing, "-")
	return s.Source + " " + listing[:min(len(listing), listingShown)]
}

// about marks what rests on an estimate.
func (s sight) about() string {
	if s.IsEstimate {
		return "~"
	}
	return ""
}

func (s sight) percent() string {
	if s.Total == 0 {
		return ""
	}
	return fmt.Sprintf("%s%d %%", s.about(), min(100*s.Done/s.Total, 100))
}

func (s sight) count() string {
	switch {
	case s.Task == run.TaskPromote:
		return thousands(s.Staged) + " rows"
	case s.Total == 0:
		return thousands(s.Done)
	}
	return thousands(s.Done) + " of " + s.about() + thousands(s.Total)
}

func (s sight) speed() string {
	switch {
	case s.rate == 0:
		return ""
	case s.rate < 9.95:
		return fmt.Sprintf("%.1f/s", s.rate)
	}
	return thousands(int64(math.Round(s.rate))) + "/s"
}

// clock is how long it will still take, or where nobody knows, how long it has taken.
func (s sight) clock() string {
	if s.left > 0 {
		return s.about() + minutes(s.left) + " left"
	}
	return minutes(s.took)
}

func (s sight) attempt() string {
	if s.Session < 2 {
		return ""
	}
	return "session " + strconv.Itoa(s.Session)
}

func (s sight) repeats() string {
	switch s.Retries {
	case 0:
		return ""
	case 1:
		return "1 retry"
	}
	return thousands(s.Retries) + " retries"
}

func (s sight) stage() string {
	if s.Task != run.TaskWalk {
		return ""
	}
	return thousands(s.Staged) + " staged"
}

// minutes words a time as clocks do: 0:07, 12:40, 3:05:00.
func minutes(d time.Duration) string {
	seconds := int64(d.Round(time.Second) / time.Second)
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// thousands words a count with a comma between thousands.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
