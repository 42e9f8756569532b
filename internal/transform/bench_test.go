package transform

import (
	"fmt"
	"testing"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// BenchmarkFloLIVE transforms pages of 1,000 ordinary records with two pairs each.
func BenchmarkFloLIVE(b *testing.B) {
	var page []fetch.Record[flolive.Subscriber]
	for i := range 1000 {
		page = append(page, record[flolive.Subscriber](fmt.Sprintf(`{
			"subscriberId": "e7fcef24-5c03-41dd-9e33-%012x",
			"imsiMsisdnPairs": [
				{"imsi": "2220130%08d", "msisdn": "9990130%08d", "isLastActive": true},
				{"imsi": "3103805%08d", "msisdn": "1340444%08d", "isLastActive": false}],
			"iccid": "89357110010%08d", "status": "ACTIVE",
			"imei": "354306110218529", "imeisv": "3543061102185201",
			"customerId": "3bd92beb-0367-4e68-b50d-72c0fb08beab", "customerName": "Gualas LTD"}`, i, i, i, i, i, i)))
	}
	var batch Batch
	b.ReportAllocs()
	for b.Loop() {
		batch.Reset()
		for _, rec := range page {
			batch.FloLIVE(rec)
		}
	}
	if len(batch.Rows) != len(page) || len(batch.Rejects) > 0 {
		b.Fatalf("%d rows and %d rejects of %d records", len(batch.Rows), len(batch.Rejects), len(page))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(page)), "ns/record")
}
