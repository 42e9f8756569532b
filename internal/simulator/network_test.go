package simulator_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"simsync/internal/simulator"
)

func TestNetworkInVirtualTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{FloLIVE: 30, Customers: 1, Latency: time.Minute})
		c := newClient(t, s)
		start := time.Now()
		if got := c.subscriberAll(s.CustomerIDs()[0], `{"size":10}`); len(got.Content) != 10 {
			t.Fatalf("got %d records, want 10", len(got.Content))
		}
		if took := time.Since(start); took != time.Minute {
			t.Errorf("took %v of virtual time, want a minute", took)
		}
	})
}

func TestNetworkCloseEndsHangingRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Options{IoTX: 5})
		s.Inject(simulator.Fault{Kind: simulator.Hang})
		network := s.Network()
		transport := &http.Transport{DialContext: network.DialContext}
		defer transport.CloseIdleConnections()
		done := make(chan error)
		go func() {
			_, err := getIoTX(transport, "http://api.iot-x.example/subscribers")
			done <- err
		}()
		synctest.Wait()
		if err := network.Close(); err != nil {
			t.Error(err)
		}
		if got := s.Stats().Statuses[0]; got != 1 {
			t.Errorf("%d requests had ended when Close returned, want 1", got)
		}
		if err := <-done; err == nil {
			t.Error("the request ended well, want an error")
		}
		if _, err := network.DialContext(context.Background(), "tcp", "anywhere:80"); err == nil {
			t.Error("dialled a closed network")
		}
	})
}

func TestRefuseConnection(t *testing.T) {
	s := simulator.New(simulator.Options{})
	network := s.Network()
	defer network.Close()
	s.Inject(simulator.Fault{Kind: simulator.RefuseConnection, Provider: simulator.IoTX, Count: 2})
	for i, want := range []bool{true, false, true, false, false} {
		host := "api.iot-x.com:443"
		if i == 1 {
			host = "floportal.flolive.net:443"
		}
		conn, err := network.DialContext(t.Context(), "tcp", host)
		if refused := errors.Is(err, syscall.ECONNREFUSED); refused != want {
			t.Errorf("dial %d to %s: refused %v (%v), want %v", i, host, refused, err, want)
		}
		if conn != nil {
			_ = conn.Close()
		}
	}
	if got := s.Stats(); got.Dials != 5 || got.Struck[simulator.RefuseConnection] != 2 {
		t.Errorf("got %d dials and %v", got.Dials, got.Struck)
	}
}

// getIoTX sends one authorised request and gives its status.
func getIoTX(transport http.RoundTripper, url string) (int, error) {
	r, err := http.NewRequest(http.MethodGet, url, strings.NewReader(""))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Authorization", "Bearer "+simulator.DefaultIoTXToken)
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}
