package transform

import (
	"errors"
	"time"
)

// Why a text is not the day that it should be.
var (
	errDayForm = errors.New("not a day as DDMMYYYY or YYYY-MM-DD")
	errNotDay  = errors.New("a time of day where a day is expected")
)

// The years between which eight digits are a day: DDMMYYYY and YYYYMMDD cannot be
// confused there, for no month is 19 or 20, and no year in that range begins a day and
// a month.
const (
	firstYear = 1900
	lastYear  = 2099
)

// parseDay reads a day: floLIVE's DDMMYYYY, YYYYMMDD, YYYY-MM-DD, or a date and time
// that is a midnight. The result is that midnight in UTC.
func parseDay(s string) (time.Time, error) {
	if digits(s, 8, 8) {
		return parseEightDigits(s)
	}
	t, err := parseTime(s)
	switch {
	case errors.Is(err, errDateForm):
		return time.Time{}, errDayForm
	case err != nil:
		return time.Time{}, err
	case t != t.Truncate(24*time.Hour): // counted from a midnight
		return time.Time{}, errNotDay
	}
	return t, nil
}

func parseEightDigits(s string) (time.Time, error) {
	for _, layout := range []string{"02012006", "20060102"} {
		t, err := time.Parse(layout, s)
		if err == nil && t.Year() >= firstYear && t.Year() <= lastYear {
			return t, nil
		}
	}
	return time.Time{}, errNoSuchDate
}
