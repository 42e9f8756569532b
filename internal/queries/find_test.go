package queries_test

import (
	"strings"
	"testing"

	"simsync/internal/localpg"
)

// People type identifiers as they read them.
func TestFind(t *testing.T) {
	t.Parallel()
	conn := analyst(t, localpg.NewDatabase(t, withKnownFleet))
	for _, test := range []struct{ typed, want string }{
		{"8944000000000000001", "1 iccid, 4 iccid"},
		{" 8944 0000 0000 0000 001F ", "1 iccid, 4 iccid"},
		{"8944-0000-0000-0000-001f", "1 iccid, 4 iccid"},
		{"89440000000000000027", "2 iccid"},
		{"8944000000000000002", "2 iccid"}, // without its check digit
		{"894400000000000000", "1 iccid, 3 iccid, 4 iccid"},
		{"89440000000000000", ""}, // two digits too short
		{"234150000000001", "1 imsi, 4 imsi"},
		{"901280000000001", "1 imsi, 3 imsi"},
		{"234 15 0000000003", "3 imsi"},
		{"+44 7700 900101", "1 msisdn, 4 msisdn"},
		{"0044 7700 900101", "1 msisdn, 4 msisdn"},
		{"447700900101", "1 msisdn, 4 msisdn"},
		{"+44 (0)7700 900-101", "1 msisdn, 4 msisdn"},
		{"tel: +44 7700 900101", ""},
		{"07700 900101", ""},                                            // of which country?
		{"\u202a+44\u00a07700\u00a0900101\u202c", "1 msisdn, 4 msisdn"}, // pasted from an address book
		{"+44 7700 900011", "5 msisdn until 2026-06-09 02:00:00+00, 11 msisdn"},
		{"447700900001", "5 msisdn, 15 msisdn"},
		{"350000000000017", "1 imei, 4 imei"},
		{"35-000000-000001-9", "1 imei, 4 imei"}, // another check digit, the same device
		{"35000000000001", "1 imei, 4 imei"},
		{"3500000000000199", "1 imei, 4 imei"}, // an IMEISV of another version
		{"350000000000033", "3 imei"},          // of which the IMEISV alone is known
		{"3500000000000399", "3 imei"},
		{"350000000000991", "5 imei until 2026-06-09 02:00:00+00"},
		{"350000000000058", "5 imei, 11 imei"},
		{"350000000000165", "16 imei, 16 physical_id"},
		{"8900 0000 0000 0000 0000 0000 0000 0012", "12 eid"},
		{"89000000000000000000000000000021", "1 eid"},
		{"89000000000000000000000000000022", "3 eid until 2026-06-10 02:01:00+00"},
		{"70:B3:D5:E7:5E:00:1A:2B", "17 physical_id"},
		{"70b3d5e75e001a2b", "17 physical_id"},
		{"00000000-0000-4000-9000-000000000002", "2 subscriber_id"},
		{"234150000000099", ""},
		{"", ""},
		{" - ", ""},
		{"'; DROP TABLE fleet.sim; --", ""},
		{"%", ""},
		{strings.Repeat("8", 10_000), ""},
	} {
		rows, err := conn.Query(t.Context(), `SELECT concat(subscriber_key, ' ', found_as, ' until ' || held_until) FROM fleet.find($1) ORDER BY subscriber_key, found_as`, test.typed)
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for rows.Next() {
			var one string
			if err := rows.Scan(&one); err != nil {
				t.Fatal(err)
			}
			found = append(found, one)
		}
		if got := strings.Join(found, ", "); rows.Err() != nil || got != test.want {
			t.Errorf("%.50q: %q, want %q (%v)", test.typed, got, test.want, rows.Err())
		}
	}
}
