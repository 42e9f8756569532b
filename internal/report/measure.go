package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"simsync/internal/load"
)

// number words a count with a comma between thousands; nil is unknown.
func number[T int | int64](n *T) string {
	if n == nil {
		return unknown
	}
	digits := strconv.FormatInt(int64(*n), 10)
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// size words a number of bytes to three digits or so, in decimal units; nil is unknown.
func size(bytes *int64) string {
	if bytes == nil {
		return unknown
	}
	if *bytes < 1000 {
		return fmt.Sprintf("%d B", *bytes)
	}
	n, unit := float64(*bytes), ""
	for _, unit = range []string{"kB", "MB", "GB", "TB", "PB", "EB"} {
		n /= 1000
		if n < 999.95 { // what would be shown as 1000.0 belongs to the next unit
			break
		}
	}
	return fmt.Sprintf("%.1f %s", n, unit)
}

// duration words how long something took, in two units at most. A clock that was set
// back makes no time negative.
func duration(d time.Duration) string {
	d = max(d, 0)
	switch {
	case d.Round(time.Millisecond) < time.Second:
		return fmt.Sprintf("%dms", d.Round(time.Millisecond).Milliseconds())
	case d.Round(100*time.Millisecond) < time.Minute:
		return fmt.Sprintf("%.1fs", d.Round(100*time.Millisecond).Seconds())
	}
	d = d.Round(time.Second)
	if d < time.Hour {
		return fmt.Sprintf("%dm %02ds", d/time.Minute, d%time.Minute/time.Second)
	}
	d = d.Round(time.Minute)
	if d < 24*time.Hour {
		return fmt.Sprintf("%dh %02dm", d/time.Hour, d%time.Hour/time.Minute)
	}
	d = d.Round(time.Hour)
	return fmt.Sprintf("%dd %02dh", d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
}

// lasted words how long a run took, or has taken until now. Of a killed one nobody
// knows.
func (o Style) lasted(r load.RunRow) string {
	switch {
	case r.FinishedAt != nil:
		return duration(r.FinishedAt.Sub(r.StartedAt))
	case r.Running:
		return duration(o.Now.Sub(r.StartedAt))
	}
	return unknown
}

// moment words a time to the minute, with its zone.
func (o Style) moment(t time.Time) string { return o.local(t).Format("2006-01-02 15:04 MST") }

// second words a time to the second, with its zone.
func (o Style) second(t time.Time) string { return o.local(t).Format("2006-01-02 15:04:05 MST") }

func (o Style) local(t time.Time) time.Time {
	if o.Location == nil {
		return t.Local()
	}
	return t.In(o.Location)
}

// compact words a number of an axis: to the thousand or million from 10,000 on.
func compact(n int64) string {
	switch {
	case n >= 1_000_000:
		return strconv.FormatFloat(float64(n)/1e6, 'f', -1, 64) + "M"
	case n >= 10_000:
		return strconv.FormatFloat(float64(n)/1e3, 'f', -1, 64) + "k"
	}
	return number(&n)
}
