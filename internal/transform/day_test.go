package transform

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseDay(t *testing.T) {
	tests := []struct {
		text string
		want *time.Time
		err  error
	}{
		{"28122000", day(2000, 12, 28), nil},
		{"20001228", day(2000, 12, 28), nil},
		{"2000-12-28", day(2000, 12, 28), nil},
		{"2000-12-28 00:00:00.000000", day(2000, 12, 28), nil},
		{"19121920", day(1920, 12, 19), nil}, // not month 19 of 1912
		{"20102010", day(2010, 10, 20), nil},
		{"29022024", day(2024, 2, 29), nil},
		{"01011900", day(1900, 1, 1), nil},
		{"31122099", day(2099, 12, 31), nil},
		{"29022023", nil, errNoSuchDate},
		{"31131999", nil, errNoSuchDate},
		{"01011899", nil, errNoSuchDate},
		{"00000000", nil, errNoSuchDate},
		{"2000-13-28", nil, errNoSuchDate},
		{"2000-12-28 00:00:01", nil, errNotDay},
		{"2812200", nil, errDayForm},
		{"28/12/2000", nil, errDayForm},
		{"12018-02-11", nil, errDateYear},
	}
	for _, tt := range tests {
		got, err := parseDay(tt.text)
		if tt.want == nil {
			tt.want = new(time.Time)
		}
		if got != *tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%q is %v, %v; want %v, %v", tt.text, got, err, tt.want, tt.err)
		}
	}
}

// TestDayPrinted: a day reads as itself in each of its forms, over the whole range in
// which eight digits are told apart.
func TestDayPrinted(t *testing.T) {
	first, last := *day(firstYear, 1, 1), *day(lastYear, 12, 31)
	rapid.Check(t, func(t *rapid.T) {
		want := first.AddDate(0, 0, rapid.IntRange(0, int(last.Sub(first).Hours()/24)).Draw(t, "day"))
		for _, layout := range []string{"02012006", "20060102", time.DateOnly, time.DateTime} {
			if got, err := parseDay(want.Format(layout)); err != nil || got != want {
				t.Errorf("%s is %v, %v; want %v", want.Format(layout), got, err, want)
			}
		}
	})
}
