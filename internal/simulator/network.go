package simulator

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
)

// Network is a network in memory on which every host name and port is the simulator. It uses no socket, so a test in a
// testing/synctest bubble that makes its Network inside runs in virtual time. A request sees [Simulator.Handler].
type Network struct {
	simulator *Simulator
	server    *http.Server
	listener  *memoryListener
	open      sync.WaitGroup // the server's connections
	served    chan struct{}  // closed when the server accepts no more
}

// Network starts a network of its own. [Network.Close] must be called: it ends everything that was started.
func (s *Simulator) Network() *Network {
	n := &Network{
		simulator: s, served: make(chan struct{}),
		listener: &memoryListener{dialled: make(chan net.Conn), closed: make(chan struct{})},
	}
	n.server = &http.Server{Handler: s.Handler(), ConnState: n.count}
	go func() {
		defer close(n.served)
		_ = n.server.Serve(n.listener) // ends with ErrServerClosed, by Close
	}()
	return n
}

// count follows the connections, so that Close can wait for the last.
func (n *Network) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		n.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		n.open.Done()
	}
}

// DialContext connects to the simulator, whatever the address; it fits [http.Transport]. The fault refuse-connection makes it
// fail as a closed port does; with a provider only for hosts whose names, without dashes, contain the provider's.
func (n *Network) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if n.simulator.refuses(address) {
		return nil, &net.OpError{Op: "dial", Net: network, Err: syscall.ECONNREFUSED}
	}
	client, server := net.Pipe()
	var err error
	select {
	case n.listener.dialled <- server:
		return client, nil
	case <-n.listener.closed:
		err = net.ErrClosed
	case <-ctx.Done():
		err = ctx.Err()
	}
	return nil, errors.Join(&net.OpError{Op: "dial", Net: network, Err: err}, client.Close(), server.Close())
}

// Close cuts all connections and waits until nothing of the network runs any more.
func (n *Network) Close() error {
	err := n.server.Close()
	<-n.served
	n.open.Wait()
	return err
}

// refuses counts a dial and decides whether a fault strikes it.
func (s *Simulator) refuses(address string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stats.Dials++
	host := strings.ReplaceAll(strings.ToLower(address), "-", "")
	refused := false
	for _, f := range s.faults {
		if f.Kind == RefuseConnection && strings.Contains(host, string(f.Provider)) && f.due() {
			s.stats.Struck[f.Kind]++
			refused = true
		}
	}
	return refused
}

// memoryListener hands the server's ends of pipes to the server.
type memoryListener struct {
	dialled chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.dialled:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *memoryListener) Addr() net.Addr { return memoryAddr{} }

type memoryAddr struct{}

func (memoryAddr) Network() string { return "memory" }
func (memoryAddr) String() string  { return "simulator" }
