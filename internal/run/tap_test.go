package run_test

import (
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync"
	"testing"
)

// tap stands between a sync and its database, and acts when the sync has spoken so
// many times: that is how a run is disturbed at each word of its conversation.
type tap struct {
	listener net.Listener
	server   string // the path of the server's socket
	pipes    sync.WaitGroup

	mu   sync.Mutex
	said int
	at   int // act when said is as much; 0: never
	act  func(client net.Conn)
}

// newTap returns a tap and the address that leads through it to the database at
// address.
func newTap(t *testing.T, address string) (*tap, string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	p := &tap{server: filepath.Join(query.Get("host"), ".s.PGSQL."+query.Get("port"))}
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil { // it lives as long as the test
		t.Fatal(err)
	}
	host, port, err := net.SplitHostPort(p.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	query.Set("host", host)
	query.Set("port", port)
	query.Set("sslmode", "disable")
	u.RawQuery = query.Encode()
	p.pipes.Go(p.accept)
	t.Cleanup(func() {
		_ = p.listener.Close()
		p.pipes.Wait()
	})
	return p, u.String()
}

// arm makes the tap act at the so manieth word from now on.
func (p *tap) arm(at int, act func(client net.Conn)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said, p.at, p.act = 0, at, act
}

// disarm tells whether the tap has acted.
func (p *tap) disarm() (acted bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	acted = p.said >= p.at
	p.at = 0
	return acted
}

func (p *tap) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.pipes.Go(func() {
			defer client.Close()
			_, _ = io.Copy(client, server) // ends with either side
		})
		p.pipes.Go(func() {
			defer server.Close()
			p.listen(client, server)
		})
	}
}

// listen hands on what the client says, piece by piece.
func (p *tap) listen(client, server net.Conn) {
	piece := make([]byte, 64<<10)
	for {
		n, err := client.Read(piece)
		if err != nil {
			return
		}
		p.mu.Lock()
		p.said++
		act := p.act
		due := p.at > 0 && p.said == p.at
		p.mu.Unlock()
		if due {
			act(client)
		}
		if _, err := server.Write(piece[:n]); err != nil {
			return
		}
	}
}
