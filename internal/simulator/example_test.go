package simulator_test

import (
	"fmt"
	"net/http"

	"simsync/internal/simulator"
)

// A test asks over a network in memory, and lets the second page get lost.
func Example() {
	s := simulator.New(simulator.Options{Seed: 1, IoTX: 150})
	network := s.Network()
	defer network.Close()
	transport := &http.Transport{DialContext: network.DialContext, DisableKeepAlives: true}

	s.Inject(simulator.Fault{Kind: simulator.LostAnswer, Provider: simulator.IoTX, From: 2})
	for _, offset := range []int{0, 100, 100} {
		status, err := getIoTX(transport, fmt.Sprintf("http://api.iot-x.com/subscribers?limit=100&offset=%d", offset))
		fmt.Println(offset, status, err != nil)
	}
	fmt.Println(s.Stats().Requests[simulator.List], "requests,", s.Stats().Records, "records")
	// Output:
	// 0 200 false
	// 100 0 true
	// 100 200 false
	// 3 requests, 150 records
}
