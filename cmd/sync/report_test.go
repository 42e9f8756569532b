package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/simulator"
)

// identifiers are all that names a subscriber or a device in the database, and what
// people have called them.
const identifiers = `
SELECT v FROM fleet.subscriber, unnest(ARRAY[iccid, subscriber_id, physical_id, eid, imei, imeisv, eui, nickname]) v
UNION SELECT v FROM fleet.subscriber_imsi, unnest(ARRAY[imsi, msisdn]) v
UNION SELECT v FROM fleet.esim_profile, unnest(ARRAY[iccid, eid, imei, imeisv, subscriber_id]) v
UNION SELECT v FROM fleet.esim_profile_imsi, unnest(ARRAY[imsi, msisdn]) v
UNION SELECT alias FROM fleet.subscriber_detail
UNION SELECT host(last_ip) FROM fleet.subscriber_detail
UNION SELECT subject FROM sync.reject`

// TestReportNamesNoSubscriber looks for every identifier of a fleet, rejected ones too,
// in the page.
func TestReportNamesNoSubscriber(t *testing.T) {
	t.Parallel()
	url := localpg.NewDatabase(t, migrate)
	sim := simulator.New(simulator.Options{FloLIVE: 200, IoTX: 50, BadShare: 0.05})
	file := filepath.Join(t.TempDir(), "fleet.html")
	runShell(t, environmentOf(t, sim, url), "simsync run --max-rejects 1; simsync report --out "+file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	db, err := load.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Pool().Query(t.Context(), identifiers)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[*string])
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 1000 {
		t.Fatalf("the database holds %d identifiers: too few to mean anything", len(all))
	}
	page := string(text)
	for _, id := range all {
		if id != nil && len(*id) > 4 && strings.Contains(page, *id) {
			t.Errorf("the page names %q", *id)
		}
	}
}
