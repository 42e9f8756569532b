package report

import (
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second:                          "0ms",
		0:                                     "0ms",
		499 * time.Microsecond:                "0ms",
		340 * time.Millisecond:                "340ms",
		999_499 * time.Microsecond:            "999ms",
		999_500 * time.Microsecond:            "1.0s",
		12_340 * time.Millisecond:             "12.3s",
		59_949 * time.Millisecond:             "59.9s",
		59_950 * time.Millisecond:             "1m 00s",
		83 * time.Second:                      "1m 23s",
		time.Hour - 501*time.Millisecond:      "59m 59s",
		time.Hour - 500*time.Millisecond:      "1h 00m",
		2*time.Hour + 5*time.Minute:           "2h 05m",
		24*time.Hour - 31*time.Second:         "23h 59m",
		24*time.Hour - 30*time.Second:         "1d 00h",
		50*time.Hour + 40*time.Minute:         "2d 03h",
		1000*24*time.Hour + 29*time.Minute:    "1000d 00h",
		time.Duration(math.MaxInt64):          "106751d 23h",
		time.Minute + 59*time.Second + 5*1e8:  "2m 00s",
		time.Hour + 59*time.Minute + 30*1e9:   "2h 00m",
		24*time.Hour + 23*time.Hour + 30*60e9: "2d 00h",
	} {
		if got := duration(d); got != want {
			t.Errorf("duration(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestSize(t *testing.T) {
	for bytes, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 1499: "1.5 kB", 999_949: "999.9 kB", 999_950: "1.0 MB", 423_400_000: "423.4 MB",
		999_950_000_000_000_000: "1.0 EB", math.MaxInt64: "9.2 EB",
	} {
		if got := size(&bytes); got != want {
			t.Errorf("size(%d) = %q, want %q", bytes, got, want)
		}
	}
	if got := size(nil); got != "-" {
		t.Errorf("size(nil) = %q, want a dash", got)
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1,000", 12_345: "12,345", 123_456: "123,456", 1_234_567: "1,234,567", -999: "-999", -1000: "-1,000",
		math.MaxInt64: "9,223,372,036,854,775,807", math.MinInt64: "-9,223,372,036,854,775,808",
	} {
		if got := number(&n); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
	}
	if got := number[int](nil); got != "-" {
		t.Errorf("number(nil) = %q, want a dash", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		groups := strings.Split(strings.TrimPrefix(number(&n), "-"), ",")
		for _, group := range groups[1:] {
			if len(group) != 3 {
				t.Fatalf("number(%d) = %q: a group of %d digits", n, number(&n), len(group))
			}
		}
		if back, err := strconv.ParseInt(strings.ReplaceAll(number(&n), ",", ""), 10, 64); err != nil || back != n || len(groups[0]) > 3 {
			t.Fatalf("number(%d) = %q", n, number(&n))
		}
	})
}
