package load_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"

	"simsync/internal/load"
)

func TestLockOfASource(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	n := f.night(1, "flolive")
	if _, err := f.db.Session(t.Context(), "flolive"); !errors.Is(err, load.ErrLocked) {
		t.Errorf("a second session: %v", err)
	}
	f.night(1, "iotx") // another source is another lock
	n.session.Close()
	n.session.Close()
	f.night(1, "flolive")
}

// As many sources as there are connections in the pool, and more: the ledger must
// not wait for one of them.
func TestManySourcesAtOnce(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	var nights []*night
	for source := range strings.SplitSeq("abcdefgh", "") {
		nights = append(nights, f.night(1, source))
	}
	var all sync.WaitGroup
	for _, n := range nights {
		all.Go(func() {
			n.walk("all").add(fleetOf(1, 50, sim)...)
			if _, err := n.tryPromote(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	f.want(`SELECT count(*), count(DISTINCT source), count(DISTINCT subscriber_key) FROM fleet.subscriber`, "400|8|400")
}

// Whoever loses the connection has lost the lock, and must not write what was staged
// under it.
func TestKilledConnection(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	n := f.night(1, "flolive")
	n.walk("all").add(sim(1))
	f.exec(`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	f.awaitUnlocked()
	other := f.night(1, "flolive")
	other.walk("all").add(sim(2))
	if _, err := n.tryPromote(); err == nil {
		t.Error("promoted without the lock")
	}
	other.promote()
	f.want(nicknames, "2|-")
}

func TestNewestKnownAfterTheLock(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "flolive", sim(1), sim(2))
	f.sync(2, "flolive", sim(1))
	n := f.night(3, "flolive")
	if n.session.Known() != 2 || len(n.session.MissingKeys()) != 1 {
		t.Errorf("%d known, %d missing; want 2, the removed one included, and 1", n.session.Known(), len(n.session.MissingKeys()))
	}
}

func TestOpenRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	if _, err := load.Open(t.Context(), "postgres://host:port/"); err == nil || !strings.HasPrefix(err.Error(), "read the database URL: ") {
		t.Errorf("a URL that is none: %v", err)
	}
	if _, err := load.Open(t.Context(), "host="+t.TempDir()+" user=nobody"); err == nil || !strings.HasPrefix(err.Error(), "connect to the database: ") {
		t.Errorf("nobody there: %v", err)
	}
	f := newFleet(t)
	f.exec(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0', current_database()); END $$`)
	_, err := load.Open(t.Context(), withUser(t, f.url, "simsync_stranger"))
	if !load.IsCredentialsRefused(err) {
		t.Errorf("a role that does not exist: %v", err)
	}
}

// The rights that a run needs where its role does not own the schema. Only the
// partition of a new month asks for more: to make it, one has to be the owner.
func TestRightsOfARun(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1, observed(1, at(1, 0))), thing(2))
	db, _ := f.runner(t,
		`USAGE ON SCHEMA fleet, sync`,
		`SELECT ON sync.schema_version`,
		`SELECT, INSERT, UPDATE ON fleet.subscriber, fleet.contract, fleet.customer, fleet.network_state, fleet.data_usage`,
		`SELECT, INSERT, UPDATE, DELETE ON fleet.subscriber_imsi`,
		`INSERT ON fleet.subscriber_history`,
		`SELECT, INSERT, DELETE ON fleet.tariff_usage`,
		`USAGE ON SEQUENCE fleet.subscriber_key_block`,
		`SELECT, INSERT, UPDATE ON sync.run`,
		`SELECT, INSERT ON sync.walk`,
		`INSERT ON sync.reject`,
		`SELECT, UPDATE ON sync.change_request`)
	other := *f
	other.db = db
	n := other.night(2, "iotx")
	n.walk("all").add(thing(1, nickname("a"), pairs(), tariff("large"), observed(2, at(2, 0)), customer(customerA, "Acme"))).add(fleetOf(3, 6000, thing)...)
	n.promotion.RemovalLimit = 0.5
	done := n.promote()
	n.end(load.OutcomeOK)
	wantCounts(t, done.Counts, load.Counts{Records: 5999, Inserted: 5998, Updated: 1, Removed: 1})

	n = other.night(2, "iotx")
	n.walk("all").add(thing(1, observed(3, at(2, 0).AddDate(0, 1, 0))))
	n.promotion.Complete = false
	if _, err := n.tryPromote(); err != nil {
		t.Errorf("a new month: %v", err)
	}
}

// runner is the database as a role of the test's own that has these rights and no
// other.
func (f *fleet) runner(t *testing.T, rights ...string) (db *load.DB, role string) {
	t.Helper()
	role = "simsync_runner_" + strings.ToLower(strings.NewReplacer("/", "_").Replace(t.Name()))
	f.exec(`CREATE ROLE ` + role + ` LOGIN`)
	f.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		_, _ = f.conn.Exec(ctx, `DROP OWNED BY `+role)
		if _, err := f.conn.Exec(ctx, `DROP ROLE `+role); err != nil {
			t.Error(err)
		}
	})
	for _, right := range rights {
		f.exec(`GRANT ` + right + ` TO ` + role)
	}
	db, err := load.Open(t.Context(), withUser(t, f.url, role))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db, role
}

func withUser(t *testing.T, address, user string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.User(user)
	if q := u.Query(); q.Has("user") {
		q.Set("user", user)
		u.RawQuery = q.Encode()
	}
	return u.String()
}
