package load_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
	"simsync/internal/transform"
)

// oddValues are JSON values at the limits of what text, numbers and jsonb can hold
// (PostgreSQL's manual, 8.1.2 and 8.14), and past them.
var oddValues = []string{
	`null`, `""`, `"\u0000"`, `"a\u0000b"`, `{"a\u0000": 1, "a": 2}`, `"\ud83d\ude00"`, `"` + strings.Repeat("long ", 5000) + `"`, `"'; DROP TABLE x; --"`, `"\\x00"`,
	`1e131071`, `1e131072`, `-1e-16383`, `1e-16384`, `0e999999999`, `1e-999999999`, strings.Repeat("9", 200_000), `0.` + strings.Repeat("1", 20_000),
	`9223372036854775807`, `9223372036854775808`, `-9223372036854775809`, `2147483648`, `-1`, `1.5`, `"007"`, `true`, `"TRUE"`,
	`"0000-01-01"`, `"0001-01-01T00:00:00+14:00"`, `"9999-12-31T23:59:59.999999999-14:00"`, `"2023-02-30"`, `"10000-01-01"`, `"2024-12-31T23:59:60Z"`,
	strings.Repeat("[", 64) + strings.Repeat("]", 64), strings.Repeat(`{"a":`, 500) + "1" + strings.Repeat("}", 500), `[]`, `{}`, `[null, {}]`, `{"":{"":[]}}`,
	`"` + strings.Repeat("8", 255) + `"`, `"` + strings.Repeat("8", 3000) + `"`,
}

func iotxMembers() []string {
	return []string{
		"subscriberId", "imsi", "eid", "nickname", "operatorCode", "operatorName", "tariffName", "lineRental", "connectionDate", "expiryDate", "terminateDate",
		"contractLength", "isActive", "isBarred", "groupId", "dataNumber", "subscriberType", "smdpProvider", "networkState", "dataUsage", "related", "unheardOf", "isEnabled",
	}
}

func floLIVEMembers() []string {
	return []string{"imei", "imeisv", "status", "customerId", "customerName", "imsiMsisdnPairs", "unheardOf"}
}

// What transform lets through, the database takes: a value in one record must never
// fail a whole promote.
func TestDatabaseTakesWhatTransformLetsThrough(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	var things, sims transform.Batch
	for v, value := range oddValues {
		for m, member := range iotxMembers() {
			raw := fmt.Sprintf(`{"physicalId": "8901%03d%012d", %q: %s}`, v, m, member, value)
			rec := fetch.Record[iotx.Subscriber]{Raw: []byte(raw)}
			rec.Err = json.Unmarshal(rec.Raw, &rec.Value)
			things.IoTX(rec, at(1, 1))
		}
		physical := fetch.Record[iotx.Subscriber]{Raw: []byte(`{"physicalId": ` + value + `}`)}
		physical.Err = json.Unmarshal(physical.Raw, &physical.Value)
		things.IoTX(physical, at(1, 1))
		for m, member := range floLIVEMembers() {
			raw := fmt.Sprintf(`{"subscriberId": "00000000-0000-4000-8000-%012d", "iccid": "8944%015d", %q: %s}`, m, v, member, value)
			sims.FloLIVE(floLIVERecord(raw))
		}
		sims.FloLIVE(floLIVERecord(`{"subscriberId": ` + value + `, "iccid": "8944000000000000001"}`))
		sims.FloLIVE(floLIVERecord(`{"subscriberId": "x", "iccid": ` + value + `}`))
	}
	for source, batch := range map[string]*transform.Batch{"iotx": &things, "flolive": &sims} {
		n := f.night(1, source)
		n.walk("all").batch(batch)
		done := n.promote()
		if done.Inserted < 100 || done.Rejected == 0 || done.RejectedParts == 0 {
			t.Errorf("%s: %+v: hardly tried", source, done)
		}
		// What is there is what was known of it: the same again is no change.
		n = f.night(2, source)
		n.walk("all").batch(batch)
		if again := n.promote(); again.Unchanged != done.Inserted || again.Records != done.Records {
			t.Errorf("%s: at first %+v, again %+v", source, done, again)
		}
	}
}

func floLIVERecord(raw string) fetch.Record[flolive.Subscriber] {
	rec := fetch.Record[flolive.Subscriber]{Raw: []byte(raw)}
	rec.Err = json.Unmarshal(rec.Raw, &rec.Value)
	return rec
}
