package transform

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParseTime(t *testing.T) {
	at := func(year int, month time.Month, day, hour, minute, second, micros int) time.Time {
		return time.Date(year, month, day, hour, minute, second, micros*1000, time.UTC)
	}
	tests := []struct {
		text string
		want time.Time
		err  error
	}{
		{"2018-02-11T10:33:30.000Z", at(2018, 2, 11, 10, 33, 30, 0), nil},
		{"2018-02-11T10:33:30", at(2018, 2, 11, 10, 33, 30, 0), nil},
		{"2018-02-11t10:33:30z", at(2018, 2, 11, 10, 33, 30, 0), nil},
		{"2018-02-11 10:33:30.123456", at(2018, 2, 11, 10, 33, 30, 123456), nil},
		{"2018-02-11T10:33:30.1234569Z", at(2018, 2, 11, 10, 33, 30, 123456), nil},
		{"2018-02-11T10:33:30.5", at(2018, 2, 11, 10, 33, 30, 500000), nil},
		{"2018-02-11T10:33:30.12345678901234567890Z", at(2018, 2, 11, 10, 33, 30, 123456), nil},
		{"2018-02-11T00:33:30+01:30", at(2018, 2, 10, 23, 3, 30, 0), nil},
		{"2018-02-11T23:33:30-01:30", at(2018, 2, 12, 1, 3, 30, 0), nil},
		{"2018-02-11", at(2018, 2, 11, 0, 0, 0, 0), nil},
		{"2024-02-29", at(2024, 2, 29, 0, 0, 0, 0), nil},
		{"0001-01-01", at(1, 1, 1, 0, 0, 0, 0), nil},
		{"9999-12-31T23:59:59.999999Z", at(9999, 12, 31, 23, 59, 59, 999999), nil},

		{"2018-02-30T00:00:00Z", time.Time{}, errNoSuchDate},
		{"2023-02-29", time.Time{}, errNoSuchDate},
		{"2018-13-01", time.Time{}, errNoSuchDate},
		{"2018-00-10", time.Time{}, errNoSuchDate},
		{"2018-01-00", time.Time{}, errNoSuchDate},
		{"0000-00-00 00:00:00", time.Time{}, errNoSuchDate},
		{"2018-02-11T24:00:00Z", time.Time{}, errNoSuchDate},
		{"2018-02-11T10:60:00Z", time.Time{}, errNoSuchDate},
		{"2018-06-30T23:59:60Z", time.Time{}, errNoSuchDate}, // a leap second: no column holds it
		{"0000-01-01", time.Time{}, errDateYear},
		{"0001-01-01T00:00:00+00:01", time.Time{}, errDateYear},
		{"9999-12-31T23:59:59-00:01", time.Time{}, errDateYear},
		{"-0044-03-15T00:00:00Z", time.Time{}, errDateYear},
		{"12018-02-11T10:33:30Z", time.Time{}, errDateYear},
		{"-12018-02-11T10:33:30Z", time.Time{}, errDateYear},

		{"11/02/2018", time.Time{}, errDateForm},
		{"20180211", time.Time{}, errDateForm},
		{"1518345210", time.Time{}, errDateForm},
		{"2018-02", time.Time{}, errDateForm},
		{"2018-2-11", time.Time{}, errDateForm},
		{"2018-02-11T", time.Time{}, errDateForm},
		{"2018-02-11T10:33", time.Time{}, errDateForm},
		{"2018-02-11T10:33:30.", time.Time{}, errDateForm},
		{"2018-02-11T10:33:30,5Z", time.Time{}, errDateForm},
		{"2018-02-11T10:33:30+0100", time.Time{}, errDateForm},
		{"2018-02-11T10:33:30+24:00", time.Time{}, errDateForm},
		{"2018-02-11T10:33:30 CET", time.Time{}, errDateForm},
		{"2018-02-11T10:33:30ZZ", time.Time{}, errDateForm},
		{"2018-02-11Z", time.Time{}, errDateForm},
		{"tomorrow", time.Time{}, errDateForm},
		{"-", time.Time{}, errDateForm},
	}
	for _, tt := range tests {
		got, err := parseTime(tt.text)
		if !got.Equal(tt.want) || !errors.Is(err, tt.err) {
			t.Errorf("%q is %v, %v; want %v, %v", tt.text, got, err, tt.want, tt.err)
		}
		if err == nil && got.Location() != time.UTC {
			t.Errorf("%q is told in %v", tt.text, got.Location())
		}
	}
}

// TestTimePrinted: a time printed by RFC 3339 in any zone reads as the same time.
func TestTimePrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.Int64Range(time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC).Unix(), time.Date(9999, 12, 30, 0, 0, 0, 0, time.UTC).Unix()).Draw(t, "seconds")
		micros := rapid.Int64Range(0, 999_999).Draw(t, "microseconds")
		zone := time.FixedZone("", 60*rapid.IntRange(-12*60, 14*60).Draw(t, "zone"))
		want := time.Unix(seconds, micros*1000).UTC()
		got, err := parseTime(want.In(zone).Format(time.RFC3339Nano))
		if err != nil || got != want {
			t.Fatalf("got %v, %v; want %v", got, err, want)
		}
	})
}

func FuzzParseTime(f *testing.F) {
	f.Add("2018-02-11T10:33:30.000Z")
	f.Add("2018-02-11 10:33:30+01:00")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := parseTime(s)
		if err != nil {
			return
		}
		again, err := parseTime(got.Format(time.RFC3339Nano))
		if err != nil || again != got {
			t.Errorf("%q is %v, which reads as %v, %v", s, got, again, err)
		}
	})
}
