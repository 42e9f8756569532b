package localpg

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// envServer names a server to test on instead of one of our own: the postgres:// URL of a superuser.
	envServer = "SIMSYNC_TEST_DATABASE_URL"
	// envKeep, set to anything, leaves the server and the databases of failed tests standing.
	envKeep = "SIMSYNC_KEEP_TEST_POSTGRES"
)

// Migrate brings the empty database at url to the schema that a test wants.
type Migrate func(ctx context.Context, url string) error

// Main runs the tests and then stops the server that NewDatabase started, if any did. Use it as
//
//	func TestMain(m *testing.M) { os.Exit(localpg.Main(m)) }
//
// A package that forgets it leaves the stopping to the watchdog.
func Main(m *testing.M) int {
	code := m.Run()
	if err := tests.close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// NewDatabase makes a database for one test, with the schema that migrate makes, and returns its URL. Migrate runs once a process: each
// test gets a clone of what it made (some 60 ms). Nil: an empty database. The test may run in parallel with others.
//
// A migrate is known by its code: two closures made by one function literal count as the same one.
//
// After the test the database is dropped, whoever is connected. SIMSYNC_KEEP_TEST_POSTGRES=1 leaves that of a failed test standing,
// with the psql line in the test's log; SIMSYNC_TEST_DATABASE_URL names a server to use instead of one of our own, where failed tests'
// databases stay too.
func NewDatabase(t testing.TB, migrate func(ctx context.Context, url string) error) string {
	t.Helper()
	template, err := tests.template(t.Context(), migrate)
	if err != nil {
		t.Fatal(err)
	}
	name := uniqueName("test")
	if err := tests.exec(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+template); err != nil {
		t.Fatalf("clone a database for the test: %v", err)
	}
	url := tests.url(name)
	t.Cleanup(func() {
		if t.Failed() && tests.stays() {
			t.Logf("the database is left standing: psql '%s'", url)
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), fastGrace)
		defer cancel()
		if err := tests.drop(ctx, name); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return url
}

// tests is this process's server for tests. Tests of one package share it; each package's test binary has its own.
var tests testServer

// testServer starts a server when the first test asks for a database.
type testServer struct {
	start sync.Once
	err   error
	own   *Server                      // nil when envServer names another
	url   func(database string) string // the address of a database

	mu        sync.Mutex
	templates map[uintptr]string // by the code of the function that filled it
}

// template returns the name of the database to clone, made and migrated at the first request. Requests wait for each other: the second
// of one kind wants what the first makes.
func (s *testServer) template(ctx context.Context, migrate Migrate) (string, error) {
	s.start.Do(func() { s.err = s.open(ctx) })
	if s.err != nil {
		return "", s.err
	}
	if migrate == nil {
		return "template0", nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	key := reflect.ValueOf(migrate).Pointer()
	if name, ok := s.templates[key]; ok {
		return name, nil
	}
	name := uniqueName("template")
	if err := s.fill(ctx, name, migrate); err != nil {
		return "", fmt.Errorf("make the template of the tests' databases: %w", err)
	}
	s.templates[key] = name
	return name, nil
}

// fill makes a template, or leaves none.
func (s *testServer) fill(ctx context.Context, name string, migrate Migrate) error {
	if err := s.exec(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	err := migrate(ctx, s.url(name))
	if err != nil {
		err = fmt.Errorf("migrate: %w", err)
	} else {
		// A database can be cloned only while nobody is connected to it.
		err = s.exec(ctx, "ALTER DATABASE "+name+" WITH ALLOW_CONNECTIONS false")
	}
	if err != nil {
		return errors.Join(err, s.drop(context.WithoutCancel(ctx), name))
	}
	return nil
}

// open starts the server, or takes the one that the environment names.
func (s *testServer) open(ctx context.Context) error {
	s.templates = make(map[uintptr]string)
	if given := os.Getenv(envServer); given != "" {
		u, err := url.Parse(given)
		if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
			return fmt.Errorf("%s: want a URL such as postgres://postgres@host/postgres", envServer) // given may hold a password
		}
		s.url = func(database string) string {
			other := *u
			other.Path = "/" + database
			return other.String()
		}
		return nil
	}
	// Not the test's context: the server is for the tests after this one, too.
	own, err := Start(context.WithoutCancel(ctx), Options{survive: os.Getenv(envKeep) != ""})
	if err != nil {
		return err
	}
	s.own, s.url = own, own.URL
	return nil
}

// stays says whether a database can still be looked at after the tests.
func (s *testServer) stays() bool { return s.own == nil || os.Getenv(envKeep) != "" }

// close stops our own server, or removes the templates from somebody else's.
func (s *testServer) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	switch {
	case s.url == nil: // no test asked
		return nil
	case s.own == nil:
		for _, name := range s.templates {
			if err := s.drop(ctx, name); err != nil {
				return fmt.Errorf("drop the template of the tests' databases: %w", err)
			}
		}
		return nil
	case s.stays():
		fmt.Fprintf(os.Stderr, "%s: psql '%s' reaches the server; to end it: kill -INT %d; rm -rf %s\n",
			envKeep, s.url(superuser), s.own.proc.pid, s.own.run)
		return nil
	default:
		return s.own.Stop(ctx)
	}
}

func (s *testServer) drop(ctx context.Context, database string) error {
	return s.exec(ctx, "DROP DATABASE "+database+" WITH (FORCE)")
}

// exec runs one statement in the database postgres, on a connection of its own: these cannot run in a transaction, and a kept connection
// would have to be guarded.
func (s *testServer) exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	if closeErr := conn.Close(ctx); err == nil {
		err = closeErr
	}
	return err
}

// uniqueName is a database name that no other process on the server uses, and that needs no quotes.
func uniqueName(kind string) string {
	return "simsync_" + kind + "_" + strings.ToLower(rand.Text()[:12])
}
