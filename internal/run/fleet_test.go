package run_test

import (
	"fmt"

	"simsync/internal/simulator"
)

// The records that tests put together themselves.

// customerName is the name that a fleet's own listing has.
const customerName = "Gualas LTD"

// sim number i of a floLIVE listing.
func floLIVERecord(listing string, i int) simulator.FloLIVESubscriber {
	return simulator.FloLIVESubscriber{
		SubscriberID: fmt.Sprintf("00000000-0000-4000-8000-%012d", i), ICCID: fmt.Sprintf("89357110000%08d", i),
		Status: "ACTIVE", CustomerID: listing, CustomerName: customerName, Listing: listing,
		Pairs: []simulator.Pair{{IMSI: fmt.Sprintf("222013%09d", i), MSISDN: fmt.Sprintf("999013%09d", i), IsLastActive: true}},
	}
}

// floLIVERecords are n subscribers of each listing.
func floLIVERecords(listings []string, n int) []simulator.FloLIVESubscriber {
	var all []simulator.FloLIVESubscriber
	for l, listing := range listings {
		for i := range n {
			all = append(all, floLIVERecord(listing, 1000*l+i))
		}
	}
	return all
}

// subscriber number i of IoT-X, connected after those before it.
func ioTXRecord(i int) simulator.IoTXSubscriber {
	return simulator.IoTXSubscriber{
		PhysicalID: fmt.Sprintf("89441000000%08d", i), SubscriberID: fmt.Sprintf("4477%09d", i), IMSI: fmt.Sprintf("23415%010d", i),
		Nickname: fmt.Sprintf("Pump %d", i), OperatorName: "Operator One", OperatorCode: "op1", TariffName: "TARIFF ABC", LineRental: 100,
		ConnectionDate: fmt.Sprintf("2024-01-%02dT%02d:%02d:00Z", 1+i/1440%28, i/60%24, i%60), ExpiryDate: "2030-01-01T00:00:00Z",
		ContractLength: 12, IsActive: true, SubscriberType: "physical", IsOnline: true, DataUsage: int64(1000 + i),
	}
}

func ioTXRecords(n int) []simulator.IoTXSubscriber {
	all := make([]simulator.IoTXSubscriber, n)
	for i := range all {
		all[i] = ioTXRecord(i)
	}
	return all
}

// unreadable is a record of which nothing can be read, not even whose it is.
func unreadable(listing string, i int) simulator.FloLIVESubscriber {
	return simulator.FloLIVESubscriber{Listing: listing, Raw: fmt.Appendf(nil, `"record %d is lost"`, i), Bad: true}
}
