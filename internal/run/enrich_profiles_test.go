package run_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// eidFile writes a file of EIDs.
func eidFile(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "eids.txt")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Profiles of the EIDs of a file and of an IoT-X source, refreshed after a week: as
// the provider has them, and marked removed where they left.
func TestProfilesAreTheProviders(t *testing.T) {
	o := ordinary
	o.IoTX, o.BadShare = 200, 0
	inEnrichedWorld(t, o, func(w *world) {
		own := w.sim.EIDs()[:8]
		unknown := strings.Repeat("8", 32)
		w.flolive().Profiles = config.Profiles{EIDFile: eidFile(t, append(own, "# more", "", unknown+" # nobody's")...), EIDsFrom: []string{"iotx"}}
		w.wantOK() // IoT-X's EIDs are known from the next run on
		w.wantOK()
		for range 4 {
			reported := w.lines(`SELECT DISTINCT eid FROM fleet.subscriber WHERE source = 'iotx' AND eid IS NOT NULL AND removed_at IS NULL`)
			if len(reported) < 5 {
				t.Fatalf("IoT-X reports %d EIDs", len(reported))
			}
			all := append(slices.Clone(own), reported...)
			if n := query[int](w, `SELECT count(*) FROM sync.profile_request WHERE eid = ANY ($1) AND run_id = (SELECT max(run_id::text)::uuid FROM sync.run) OR eid = $2`, all, unknown); n == 0 {
				t.Error("nobody was asked for")
			}
			want := w.truthOfProfiles(all...)
			if len(want) < 5 {
				t.Fatalf("%d profiles", len(want))
			}
			got := w.storedPairs(profilesSQL)
			for key := range got { // EIDs that left IoT-X stay as they are
				if !slices.Contains(all, key[:32]) {
					delete(got, key)
				}
			}
			w.wantSame(want, got)
			w.goToNight(w.sim.Night() + 8)
			<-time.After(7 * 24 * time.Hour)
			w.wantOK()
			w.wantOK()
		}
		if got := query[string](w, `SELECT outcome FROM sync.profile_request WHERE eid = $1`, unknown); got != "absent" {
			t.Errorf("the unknown EID is %s", got)
		}
		if n := query[int](w, `SELECT count(*) FROM fleet.esim_profile WHERE removed_at IS NOT NULL`); n == 0 {
			t.Error("no profile ever left its EID")
		}
	})
}

// A profile leaves only where a whole answer says so.
func TestProfileLeavesAndReturns(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{}, func(w *world) {
		w.sim.SetFloLIVE(floLIVERecords(w.sim.CustomerIDs(), 2))
		eid := "89033023000000000000000000000001"
		profile := func(id, name string) simulator.FloLIVEProfile {
			r := floLIVERecord("", 1)
			return simulator.FloLIVEProfile{EID: eid, ID: id, Name: name, SubscriberID: r.SubscriberID, ICCID: r.ICCID, Pairs: r.Pairs}
		}
		a, b := profile("aaaaaaaa-0000-4000-8000-000000000001", "a"), profile("bbbbbbbb-0000-4000-8000-000000000001", "b")
		w.flolive().Profiles.EIDFile = eidFile(t, eid)
		night := func(want string, profiles ...simulator.FloLIVEProfile) {
			t.Helper()
			w.sim.SetProfiles(profiles)
			w.wantOK()
			if got := fmt.Sprint(w.lines(`SELECT name || ' ' || (removed_at IS NULL)::text FROM fleet.esim_profile ORDER BY 1`)); got != want {
				t.Errorf("profiles, and whether they are live: %s, want %s", got, want)
			}
			w.sim.ClearFaults()
			<-time.After(8 * 24 * time.Hour)
		}
		night("[a true b true]", a, b)
		for _, kind := range []simulator.FaultKind{simulator.BadRecord, simulator.Forbidden, simulator.ServerError} {
			w.sim.Inject(simulator.Fault{Kind: kind, On: simulator.Profiles, Count: 6})
			night("[a true b true]", b)
		}
		night("[a false b true]", b)
		night("[a true b true]", a, b)
		night("[a false b false]") // the provider knows the EID no longer
		night("[a false b true]", b)
		if n := query[int](w, `SELECT count(*) FROM sync.reject WHERE listing = 'profiles' AND is_whole`); n != 1 {
			t.Errorf("%d rejects of profiles, want 1", n)
		}
		if log := w.logs.String(); strings.Contains(log, eid) || !strings.Contains(log, `"subject":"8903`) {
			t.Error("the log tells an EID, or nothing of one that was not told of")
		}
	})
}

// Profiles have a quarter of the budget, and come first.
func TestProfilesWithinTheBudget(t *testing.T) {
	o := simulator.Options{Seed: 3, FloLIVE: 200}
	inEnrichedWorld(t, o, func(w *world) {
		w.flolive().Profiles.EIDFile = eidFile(t, w.sim.EIDs()...)
		w.flolive().Details.MaxRequests = 20
		w.wantOK()
		stats := w.sim.Stats().Requests
		if stats[simulator.Profiles] != 5 || stats[simulator.Detail] != 15 {
			t.Errorf("%d requests for profiles and %d for details of 20", stats[simulator.Profiles], stats[simulator.Detail])
		}
		w.sim.ResetStats()
		w.sim.Inject(simulator.Fault{Kind: simulator.Unauthorized, On: simulator.Profiles, Count: simulator.Forever})
		w.wantEnd(w.sync(), "flolive", 6, load.OutcomeOK)
		if n := w.detailRequests(); n != 0 {
			t.Errorf("%d requests for details after profiles failed for good", n)
		}
	})
}

// A file of EIDs is read before anything is done, and each bad line is named.
func TestBadEIDFile(t *testing.T) {
	good := strings.Repeat("8", 32)
	long := strings.Repeat("x", 70_000)
	for name, c := range map[string]struct {
		lines []string
		want  []string // after the path
	}{
		"letters":      {[]string{good, "89x"}, []string{":2: is no EID; allowed: 32 digits, alone or before a # and a comment, and empty lines"}},
		"several":      {[]string{good + good, "# " + good, "", good[1:]}, []string{":1: is no EID", ":4: is no EID"}},
		"two on one":   {[]string{good + " " + good}, []string{":1: is no EID"}},
		"a long line":  {[]string{good, long}, []string{":2: bufio.Scanner: token too long"}},
		"a great many": {slices.Repeat([]string{"x"}, 50), []string{":1:", ":2:", ":3:", ":4:", ":5:", ":6:", ":7:", ":8:", ":9:", ":10:"}},
		"none bad":     {[]string{"\ufeff" + good + "\r", "\t" + good + " # twice\r", "#", " "}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := eidFile(t, c.lines...)
			source := config.Source{Name: "flolive", API: config.FloLIVEv2, Profiles: config.Profiles{EIDFile: path}}
			err := run.CheckEIDs([]config.Source{source, {Name: "iotx", API: config.IoTXv4}})
			var wrong *config.Error
			if errors.As(err, &wrong) != (c.want != nil) {
				t.Fatalf("checked: %v", err)
			}
			if c.want == nil {
				return
			}
			got := make([]string, len(wrong.Problems))
			for i, problem := range wrong.Problems {
				got[i] = strings.TrimPrefix(problem, path)
				if i < len(c.want) && strings.HasPrefix(got[i], c.want[i]) {
					got[i] = c.want[i]
				}
				if strings.Contains(problem, good) {
					t.Errorf("it repeats an EID: %s", problem)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBadEIDFileStopsTheRunBeforeItBegins(t *testing.T) {
	inEnrichedWorld(t, simulator.Options{FloLIVE: 10}, func(w *world) {
		for _, path := range []string{eidFile(t, "nonsense"), filepath.Join(t.TempDir(), "none.txt")} {
			w.flolive().Profiles.EIDFile = path
			_, err := run.Sync(t.Context(), w.sources, w.options)
			if run.ExitCode(err) != 2 || !strings.Contains(err.Error(), path) {
				t.Errorf("it ended with %v", err)
			}
		}
		if n := query[int](w, `SELECT count(*) FROM sync.run`); n != 0 {
			t.Errorf("%d runs began", n)
		}
		if n := w.sim.Stats().Requests; len(n) != 0 {
			t.Errorf("requests were made: %v", n)
		}
	})
}
