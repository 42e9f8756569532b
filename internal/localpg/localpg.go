// Package localpg runs a PostgreSQL of our own: installed binaries (or, where there are none, downloaded ones) started as a child of
// this process on a unix socket that nobody else can reach, for tests and for the demo.
//
// A server ends with the process that started it, however that one ends: [Server.Stop] is the orderly way; after a panic, os.Exit or
// Ctrl-C a small watchdog stops the server and removes its temporary folder; and where Linux can tell a child that its parent is gone,
// it does, so that even kill -9 leaves nothing behind. A Ctrl-C at the terminal reaches this process alone, which is therefore free to
// finish with the database before it stops the server.
//
// The package refuses to know what is in the database: migrations and their tables come from the caller as a function. It is no part of
// the program that runs in production, where PostgreSQL is somebody's whom DATABASE_URL names. It needs a Unix.
package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// Options says where the data lives and how safe it must be. The zero value is right for a test.
type Options struct {
	// Dir holds the data and is kept, so that the next Start finds it again; it is made where missing. Run by root, the server works
	// as another user, who must be able to enter Dir. Empty: a temporary folder, removed by Stop.
	Dir string
	// Durable makes every commit reach the disk, and leaves autovacuum on. Without it the server is faster, and a power cut ruins the
	// data.
	Durable bool
	// Log receives what the server logs, line by line. Nil: nowhere; its last lines are in the error when a start goes wrong.
	Log io.Writer

	survive  bool   // outlive this process: somebody wants to look at a failed test's database
	binaries string // the folder of initdb and postgres, for tests; empty: search
}

// Server is a running PostgreSQL. Its superuser is postgres, without a password. It is safe for concurrent use.
type Server struct {
	dir    string // data, data.new and the lock
	run    string // temporary, owned by the server's user: the socket, and the data too when no folder was given
	proc   *process
	undo   []func() error // what Stop has left to do after the server has ended, last first
	stop   sync.Once
	stopOK error
}

// Start finds the binaries, makes a database cluster unless Dir already holds one, starts the server and returns when it accepts
// connections. When ctx ends first, or anything goes wrong, nothing is left running and no temporary folder stays. A Dir that another
// Start uses at this moment is an error.
func Start(ctx context.Context, o Options) (*Server, error) {
	s := &Server{}
	if err := s.start(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("start a local PostgreSQL: %w", err), s.cleanUp())
	}
	return s, nil
}

// start does the work of Start and notes in s.undo how to take back each step; the caller takes them back on an error.
func (s *Server) start(ctx context.Context, o Options) error {
	bin := o.binaries
	if bin == "" {
		var err error
		if bin, err = installed().find(ctx); err != nil {
			return err
		}
	}
	who, err := serverAccount()
	if err != nil {
		return err
	}
	if err := who.mayEnter(bin); err != nil {
		return err
	}
	if err := s.makeFolders(o.Dir, who); err != nil {
		return err
	}
	if err := s.lock(ctx); err != nil {
		return err
	}
	c := cluster{bin: bin, data: s.dataDir(), who: who, durable: o.Durable}
	if err := c.init(ctx); err != nil {
		return err
	}
	return s.launch(ctx, c, o)
}

// makeFolders makes the temporary folder of the socket and, where the caller named one, the folder of the data.
func (s *Server) makeFolders(dir string, who *account) error {
	run, err := makeRunFolder(who)
	if err != nil {
		return err
	}
	s.run = run
	s.undo = append(s.undo, func() error { return os.RemoveAll(run) })
	if dir == "" {
		s.dir = run
		return nil
	}
	if s.dir, err = filepath.Abs(dir); err != nil {
		return fmt.Errorf("find the data folder: %w", err)
	}
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	return who.mayEnter(s.dir)
}

// launch starts the server process with its watchdog, and waits until it accepts connections.
func (s *Server) launch(ctx context.Context, c cluster, o Options) error {
	proc, err := spawn(c.command(s.run, o.survive), o.Log)
	if err != nil {
		return fmt.Errorf("run postgres: %w", err)
	}
	s.proc = proc
	if !o.survive {
		release, err := watch(proc.pid, c.pidFile(), s.run)
		if err != nil {
			proc.abandon()
			return err
		}
		s.undo = append(s.undo, release)
	}
	if err := proc.ready(ctx, c.pidFile()); err != nil {
		proc.abandon()
		return err
	}
	return nil
}

// URL is the address of a database on the server, as libpq (psql) and pgx understand it. It names all that the environment could
// otherwise change (PGHOST, PGPORT, PGUSER).
func (s *Server) URL(database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.User(superuser),
		Path:     "/" + database,
		RawQuery: "host=" + url.PathEscape(s.run) + "&port=" + socketPort, // libpq takes a plus for a plus, not for a space
	}
	return u.String()
}

// Stop ends the server in order: it asks, and kills what has not ended when ctx does or after some seconds. Then the temporary folder
// goes. Close pools first: their connections are cut. An error says that the server had already ended by itself, or did not end well;
// a second Stop returns what the first did.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() {
		if err := errors.Join(s.proc.end(ctx), s.cleanUp()); err != nil {
			s.stopOK = fmt.Errorf("stop the local PostgreSQL: %w", err)
		}
	})
	return s.stopOK
}

// cleanUp takes back the steps of start, last first, all of them even if one fails.
func (s *Server) cleanUp() error {
	var errs []error
	for _, step := range slices.Backward(s.undo) {
		errs = append(errs, step())
	}
	s.undo = nil
	return errors.Join(errs...)
}

func (s *Server) dataDir() string { return filepath.Join(s.dir, "data") }
