package localpg

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

var migrations atomic.Int32

// migrate is a schema of one table, as a caller's migrations would make it.
func migrate(ctx context.Context, url string) error {
	migrations.Add(1)
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE TABLE visitor (name text)")
	return errors.Join(err, conn.Close(ctx))
}

func TestDatabasesAreApart(t *testing.T) {
	t.Parallel()
	t.Run("each", func(t *testing.T) {
		for range 4 {
			t.Run("test", func(t *testing.T) {
				t.Parallel()
				url := NewDatabase(t, migrate)
				if got := ask[int](t, url, "INSERT INTO visitor VALUES ('somebody'); SELECT count(*)::int FROM visitor"); got != 1 {
					t.Errorf("%d visitors in a database of our own", got)
				}
			})
		}
	})
	if got := migrations.Load(); got != 1 {
		t.Errorf("migrated %d times for four databases", got)
	}
}

func TestDatabaseGoesWithItsTest(t *testing.T) {
	t.Parallel()
	var gone string
	t.Run("test", func(t *testing.T) {
		gone = NewDatabase(t, nil)
		conn, err := pgx.Connect(t.Context(), gone)
		if err != nil {
			t.Fatal(err)
		}
		// A connection that a test forgot must not keep the database.
		_ = conn
	})
	_, err := pgx.Connect(t.Context(), gone)
	if err == nil {
		t.Error("the database is still there")
	}
}

func TestFailedMigrationIsTold(t *testing.T) {
	t.Parallel()
	broken := errors.New("no such column")
	var template string
	_, err := tests.template(t.Context(), func(_ context.Context, url string) error {
		template = url
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("template: %v", err)
	}
	if conn, err := pgx.Connect(t.Context(), template); err == nil {
		_ = conn.Close(t.Context())
		t.Error("the half-made template is still there")
	}
}

func TestSomebodysServer(t *testing.T) {
	given := NewDatabase(t, nil)
	t.Setenv(envServer, given)
	var s testServer
	template, err := s.template(t.Context(), func(context.Context, string) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	count := func() int {
		return ask[int](t, given, "SELECT count(*)::int FROM pg_database WHERE datname = $1", template)
	}
	if s.own != nil || !s.stays() || count() != 1 {
		t.Errorf("own %v, stays %v, %d templates on the server given", s.own, s.stays(), count())
	}
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	if count() != 0 {
		t.Error("the template stays on somebody else's server")
	}

	t.Setenv(envServer, "host=somewhere password=hunter2")
	var wrong testServer
	_, err = wrong.template(t.Context(), nil)
	wantError(t, err, envServer+": want a URL such as postgres://postgres@host/postgres")
}
