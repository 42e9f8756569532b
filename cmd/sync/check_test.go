package main

import (
	"errors"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/report"
)

// What no script can bring about is shown here: other clocks, other servers, other days.
func TestFindings(t *testing.T) {
	now := time.Date(2026, 11, 20, 6, 0, 0, 0, time.UTC)
	healthy := load.Health{Version: "15.8", Role: "simsync_run", Free: 90}
	for _, test := range []struct {
		name string
		look func(f *findings)
		want []report.Finding
	}{
		{"a healthy server", func(f *findings) { f.checkServer(healthy) }, []report.Finding{
			{Check: "database", Level: "ok", Text: "reached, PostgreSQL 15.8"},
		}},
		{"a standby", func(f *findings) { f.checkServer(load.Health{Version: "15.8", IsStandby: true, Free: 90}) }, []report.Finding{
			{
				Check: "database", Level: "fail", Text: "PostgreSQL 15.8 is a standby and takes no writes",
				Remedy: "Have DATABASE_URL name the primary server, or several with target_session_attrs=read-write.",
			},
		}},
		{"no connection is left", func(f *findings) { f.checkConnections(load.Health{Free: -1}) }, []report.Finding{
			{
				Check: "connections", Level: "warn", Text: "0 are free, and a run may open 5",
				Remedy: "Raise max_connections or the limit of the role or database, or see who holds the others in pg_stat_activity.",
			},
		}},
		{"clocks apart", func(f *findings) {
			f.checkClock(load.Health{ClockAhead: -90*time.Second - time.Millisecond, Within: time.Millisecond})
			f.checkClock(load.Health{ClockAhead: 6 * time.Second, Within: time.Millisecond})
		}, []report.Finding{
			{Check: "clock", Level: "warn", Text: "the database's is 1m30s behind this machine's", Remedy: keepTime},
			{Check: "clock", Level: "warn", Text: "the database's is 6s ahead of this machine's", Remedy: keepTime},
		}},
		{"clocks that may be the same", func(f *findings) { f.checkClock(load.Health{ClockAhead: 6 * time.Second, Within: 2 * time.Second}) }, []report.Finding{
			{Check: "clock", Level: "ok", Text: "the database's and this machine's agree within 9s"},
		}},
		{"plain text to another machine", func(f *findings) { f.checkTransport(load.Transport{Host: "db", IsPlainAllowed: true}) }, []report.Finding{
			{
				Check: "tls", Level: "warn", Text: "DATABASE_URL lets the connection to db do without TLS, and then password and fleet are there for the network to read",
				Remedy: "Add sslmode=verify-full and sslrootcert to DATABASE_URL, or at least sslmode=require.",
			},
		}},
		{"an unknown server", func(f *findings) { f.checkTransport(load.Transport{Host: "db"}) }, []report.Finding{
			{
				Check: "tls", Level: "warn", Text: "the connection to db is encrypted, but whose server that is nobody checks",
				Remedy: "Add sslmode=verify-full and sslrootcert to DATABASE_URL.",
			},
		}},
		{"a proven server", func(f *findings) { f.checkTransport(load.Transport{Host: "db", IsVerified: true}) }, []report.Finding{
			{Check: "tls", Level: "ok", Text: "the connection to db is encrypted, and the server proves which one it is"},
		}},
		{"nothing leaves this machine", func(f *findings) { f.checkTransport(load.Transport{IsPlainAllowed: true}) }, nil},
		{"no analysts", func(f *findings) { f.addAnalysts(load.Analysts{}) }, []report.Finding{
			{
				Check: "analysts", Level: "warn", Text: "there is no role simsync_analyst, so nobody may read the fleet but its owner",
				Remedy: "As a superuser: " + makeAnalysts + " Then as the owner of the schema: " + grantAnalysts,
			},
		}},
		{"fresh", func(f *findings) {
			f.addFreshness(load.SourceFreshness{Source: "iotx", CompleteAsOf: new(now.Add(-4 * time.Hour))}, now)
		}, []report.Finding{
			{Check: "freshness", Source: "iotx", Level: "ok", Text: "complete as of 2026-11-20 02:00 UTC, 4 hours ago"},
		}},
		{"a window alone", func(f *findings) {
			f.addFreshness(load.SourceFreshness{Source: "iotx", LoadedAsOf: &now}, now)
		}, []report.Finding{
			{
				Check: "freshness", Source: "iotx", Level: "warn", Text: "never complete: subscribers may be missing, and some that are there may be gone",
				Remedy: "simsync run reads the whole source.",
			},
		}},
		{"never complete", func(f *findings) {
			f.addFreshness(load.SourceFreshness{Source: "iotx", LoadedAsOf: &now, AttemptsSince: 2, AttemptedOutcome: new("held_back")}, now)
		}, []report.Finding{
			{
				Check: "freshness", Source: "iotx", Level: "warn",
				Text:   "never complete: subscribers may be missing, and some that are there may be gone; 2 runs ended otherwise, the last: held_back",
				Remedy: "simsync runs tells why.",
			},
		}},
		{"stale", func(f *findings) {
			f.addFreshness(load.SourceFreshness{Source: "iotx", CompleteAsOf: new(now.Add(-76 * time.Hour))}, now)
		}, []report.Finding{
			{
				Check: "freshness", Source: "iotx", Level: "warn", Text: "complete as of 2026-11-17 02:00 UTC, 3 days ago",
				Remedy: "See whether the scheduler still starts simsync run.",
			},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := findings{environment: &environment{stdout: io.Discard}, sources: make([]config.Source, 1)}
			test.look(&f)
			if diff := cmp.Diff(test.want, f.all); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			fails := 0
			for _, found := range f.all {
				if found.Level == report.LevelFail {
					fails++
				}
			}
			if err := errors.Join(f.errs...); (err != nil) != (fails > 0) {
				t.Errorf("%d findings fail, and the command ends with %v", fails, err)
			}
		})
	}
}

func TestGrants(t *testing.T) {
	missing := []load.Privilege{
		{Kind: "DATABASE", Name: `the "fleet"`, Privilege: "TEMPORARY"},
		{Kind: "SCHEMA", Name: "private", Privilege: "USAGE"},
		{Kind: "TABLE", Name: "sync.run", Privilege: "SELECT"},
		{Kind: "TABLE", Name: "sync.run", Privilege: "INSERT"},
		{Kind: "TABLE", Name: "sync.walk", Privilege: "SELECT"},
		{Kind: "TABLE", Name: "sync.walk", Privilege: "INSERT"},
		{Kind: "TABLE", Name: "sync.reject", Privilege: "INSERT"},
	}
	want := `GRANT TEMPORARY ON DATABASE "the ""fleet""" TO "night-run"; GRANT USAGE ON SCHEMA private TO "night-run"; ` +
		`GRANT SELECT, INSERT ON sync.run, sync.walk TO "night-run"; GRANT INSERT ON sync.reject TO "night-run";`
	if diff := cmp.Diff(want, grants(missing, "night-run")); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
}
