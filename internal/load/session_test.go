package load_test

import (
	"context"
	"errors"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/transform"
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

// The rights that docs/permissions.md gives to whoever runs the syncs are enough where
// that role does not own the schema, also for a new month and for contacts.
func TestRightsOfARun(t *testing.T) {
	t.Parallel()
	f := newEnrichedFleet(t)
	f.sync(1, "iotx", thing(1, observed(1, at(1, 0))), thing(2))
	db, _ := f.runner(t, documentedRights(t)...)
	other := *f.fleet
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

	enriched := &enrichedFleet{fleet: &other}
	enriched.sync(3, "flolive", sim(1))
	e := enriched.enrich(3, transform.KeepContacts)
	e.answer(1, load.RequestFound, whole, people("Ada"))
	e.saveProfiles(load.ProfileAnswer{EID: eid(1), Outcome: load.RequestFound, Profiles: []transform.ESIMProfile{profile(1, "home", "234010000000001")}, Complete: true})
	if n, err := enriched.open.DropContacts(t.Context()); err != nil || n != 1 {
		t.Errorf("%d contacts dropped, %v", n, err)
	}
	enriched.release()
	f.want(`SELECT (SELECT count(*) FROM fleet.subscriber_detail), (SELECT count(*) FROM fleet.esim_profile), (SELECT count(*) FROM private.contact)`, "1|1|0")
}

// documentedRights are what docs/permissions.md grants the role that runs the syncs.
func documentedRights(t *testing.T) []string {
	t.Helper()
	page, err := os.ReadFile("../../docs/permissions.md")
	if err != nil {
		t.Fatal(err)
	}
	var rights []string
	for _, grant := range regexp.MustCompile(`(?m)^GRANT (.*) TO simsync_run;$`).FindAllStringSubmatch(string(page), -1) {
		rights = append(rights, grant[1])
	}
	if len(rights) == 0 {
		t.Fatal("docs/permissions.md grants nothing to simsync_run")
	}
	return rights
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

// A role that may read, and make temporary tables, can compare; promoting it cannot, and
// neither can a session of its owner that is there to compare.
func TestRightsOfADryRun(t *testing.T) {
	t.Parallel()
	f := newFleet(t)
	f.sync(1, "iotx", thing(1), thing(2))
	role := "simsync_reader_" + strings.ToLower(t.Name())
	f.exec(`CREATE ROLE ` + role + ` LOGIN`)
	f.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		_, _ = f.conn.Exec(ctx, `DROP OWNED BY `+role)
		if _, err := f.conn.Exec(ctx, `DROP ROLE `+role); err != nil {
			t.Error(err)
		}
	})
	f.exec(`GRANT USAGE ON SCHEMA fleet, sync TO ` + role)
	f.exec(`GRANT SELECT ON fleet.subscriber, fleet.subscriber_imsi, fleet.contract, sync.run, sync.walk TO ` + role)
	reader, err := load.Open(t.Context(), withUser(t, f.url, role))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(reader.Close)
	for name, db := range map[string]*load.DB{"a reader": reader, "the owner": f.db} {
		before := f.physical()
		s, err := db.Preview(t.Context(), "iotx")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		t.Cleanup(s.Close)
		rows := []transform.Row{thing(1, nickname("a"), observed(1, at(2, 0))), thing(3)}
		if err := s.Walk("all").Add(t.Context(), &transform.Batch{Rows: rows, Records: 2}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		p := load.Promotion{At: dawn(2), Walks: []fetch.Facts{factsOf("all", dawn(2))}, Complete: true, Gone: s.MissingKeys(), RemovalLimit: 1}
		found, err := s.Compare(t.Context(), p)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		wantCounts(t, found.Counts, load.Counts{Records: 2, Inserted: 1, Updated: 1, Removed: 1})
		if _, err := s.Promote(t.Context(), p); err == nil {
			t.Errorf("%s promoted what was there to be compared", name)
		}
		if diff := cmp.Diff(before, f.physical()); diff != "" {
			t.Errorf("%s wrote:\n%s", name, diff)
		}
	}
	n := f.night(3, "iotx")
	if _, err := n.session.Compare(t.Context(), n.promotion); err == nil {
		t.Error("a session that is there to promote compared")
	}
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
