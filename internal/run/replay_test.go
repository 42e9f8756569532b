package run_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"simsync/internal/archive"
	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// Nights with changes, removals, a returning subscriber, drift, a lost session, an
// incomplete walk, details, contacts, profiles, records that are rejected, and IoT-X
// removals that are confirmed one by one: replayed into an empty database they make the
// same tables, the same history and the same ledger.
func TestArchiveRebuildsTheDatabase(t *testing.T) {
	o := simulator.Options{
		Seed: 11, FloLIVE: 400, IoTX: 200, BadShare: 0.02,
		Churn: simulator.Churn{New: 0.03, Changed: 0.05, Moved: 0.02, Removed: 0.03, Returned: 0.4},
	}
	inArchivedWorld(t, o, func(w *world, kept *archive.Archive, empty *load.DB) {
		w.flolive().Details = config.Details{RefreshAfter: 24 * time.Hour, Concurrency: 4, MaxRequests: 150}
		w.flolive().Profiles = config.Profiles{EIDFile: eidFile(t, w.sim.EIDs()[:6]...), EIDsFrom: []string{"iotx"}}
		w.flolive().KeepContacts = true
		for night := range 5 {
			w.troubleNight(night)
			w.sync()
			w.sim.ClearFaults()
			w.nextNight()
		}
		w.mustReplay(kept, empty)
		w.wantSameContent(empty)
		for what, sql := range map[string]string{
			"removed":    `SELECT count(*) FROM fleet.subscriber_history WHERE removed_at IS NULL`,
			"returned":   `SELECT count(*) FROM fleet.subscriber_history WHERE removed_at IS NOT NULL`,
			"incomplete": `SELECT count(*) FROM sync.run WHERE outcome = 'incomplete'`,
			"gone":       `SELECT count(*) FROM fleet.subscriber WHERE source = 'iotx' AND removed_at IS NOT NULL`,
			"details":    `SELECT count(*) FROM fleet.subscriber_detail`,
			"contacts":   `SELECT count(*) FROM private.contact`,
			"profiles":   `SELECT count(*) FROM fleet.esim_profile`,
			"sessions":   `SELECT count(*) FROM sync.walk WHERE sessions > 1`,
		} {
			if query[int](w, sql) == 0 {
				t.Errorf("nothing of it was tried: %s", what)
			}
		}
	})
}

// troubleNight has the providers fail in a night's own way.
func (w *world) troubleNight(night int) {
	switch night {
	case 1:
		w.sim.Inject(simulator.Fault{Kind: simulator.LostAnswer, Provider: simulator.FloLIVE, From: 3})
		w.sim.Inject(simulator.Fault{Kind: simulator.ShiftRight, Provider: simulator.IoTX, From: 3})
	case 2:
		w.sim.Inject(simulator.Fault{Kind: simulator.Global1018, Provider: simulator.FloLIVE, From: 4, Count: simulator.Forever})
		w.sim.Inject(simulator.Fault{Kind: simulator.TooManyRequests, Provider: simulator.IoTX, From: 2})
	case 3:
		w.sim.Inject(simulator.Fault{Kind: simulator.OneUnreachable, Provider: simulator.IoTX})
	}
}

// Of a walk whose file is damaged what stands before is loaded, and nothing is removed.
func TestTornArchiveRemovesNothing(t *testing.T) {
	inArchivedWorld(t, simulator.Options{}, func(w *world, kept *archive.Archive, empty *load.DB) {
		listings := w.sim.CustomerIDs()
		w.flolive().ChunkSize = 1000
		w.sim.SetFloLIVE(floLIVERecords(listings, 900))
		w.wantOK()
		w.nextNight()
		w.sim.SetFloLIVE(floLIVERecords(listings, 850)[100:])
		w.flolive().RemovalLimit = 1
		w.wantOK()
		w.nextNight()
		for _, harm := range []func(path string) error{
			func(path string) error { return os.Truncate(path, 100) },
			os.Remove,
		} {
			if err := harm(walkFiles(t, kept)[2]); err != nil { // the second night's first
				t.Fatal(err)
			}
			done, err := w.replay(kept, *w.flolive(), empty)
			if err != nil || len(done.Runs) != 2 {
				t.Fatalf("%d runs replayed, %v", len(done.Runs), err)
			}
			r := w.wantEnd(done.Runs[1], "flolive", 3, load.OutcomeIncomplete)
			if r.Promoted.Removed != 0 || verdicts(r) != fetch.VerdictTorn || r.Walks[1].Verdict != fetch.VerdictComplete {
				t.Errorf("%d removed, walks %+v", r.Promoted.Removed, r.Walks)
			}
			done, err = w.replay(kept, *w.flolive(), empty)
			if code := run.ExitCode(append(done.Errs(), err)...); code != 3 || done.In != 2 || !errors.Is(done.Lost, run.ErrIncomplete) {
				t.Errorf("again: it ended with %d: %+v, %v", code, done, err)
			}
			if _, err := empty.Pool().Exec(t.Context(), `TRUNCATE fleet.subscriber, sync.run CASCADE`); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// walkFiles are the files of the walks of an archive's folder, oldest first.
func walkFiles(t *testing.T, kept *archive.Archive) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(kept.String(), "flolive", "*", "walk-*.zst"))
	if err != nil || len(files) < 4 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

// A replay that broke off goes on where it stopped, and what is older than the database
// is refused.
func TestReplayGoesOn(t *testing.T) {
	o := simulator.Options{Seed: 5, FloLIVE: 100, IoTX: 40}
	inArchivedWorld(t, o, func(w *world, kept *archive.Archive, empty *load.DB) {
		for range 3 {
			w.wantOK()
			w.nextNight()
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		for range 3 {
			options := run.Options{DB: empty, Command: "backfill", Version: "test", Log: w.options.Log, Now: func() time.Time {
				if n := countRuns(t, empty); n == 2 {
					cancel(run.ErrTerminated)
				}
				return time.Now()
			}}
			_, _ = run.Replay(ctx, *w.iotx(), kept, options)
		}
		if n := countRuns(t, empty); n >= 3 {
			t.Errorf("%d runs are in: it was not stopped", n)
		}
		w.mustReplay(kept, empty)
		w.wantSameContent(empty)
		done, err := w.replay(kept, *w.iotx(), empty)
		if err != nil || done.In != 3 || len(done.Runs) != 0 {
			t.Errorf("once more: %+v, %v", done, err)
		}
		if _, err := empty.Pool().Exec(t.Context(), `DELETE FROM sync.run WHERE source = 'iotx' AND as_of NOT IN
			(SELECT min(as_of) FROM sync.run WHERE source = 'iotx' UNION SELECT max(as_of) FROM sync.run WHERE source = 'iotx')`); err != nil {
			t.Fatal(err)
		}
		if _, err := w.replay(kept, *w.iotx(), empty); !errors.Is(err, run.ErrUsage) {
			t.Errorf("what is older than the database: %v", err)
		}
	})
}

// Details that could not be saved are saved by the next replay, before another run.
func TestReplayGoesOnWithDetails(t *testing.T) {
	inArchivedWorld(t, simulator.Options{Seed: 11, FloLIVE: 100}, func(w *world, kept *archive.Archive, empty *load.DB) {
		w.flolive().Details = config.Details{RefreshAfter: 240 * time.Hour, Concurrency: 4, MaxRequests: 60}
		for range 3 {
			w.wantOK()
			w.nextNight()
		}
		exec := func(sql string) {
			t.Helper()
			if _, err := empty.Pool().Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		exec(`ALTER TABLE sync.detail_request RENAME TO away`)
		done, err := w.replay(kept, *w.flolive(), empty)
		if code := run.ExitCode(append(done.Errs(), err)...); code != 1 || len(done.Runs) != 1 || !errors.Is(done.Errs()[0], run.ErrEnrichment) {
			t.Errorf("it ended with %d after %d runs: %v, %v", code, len(done.Runs), done.Errs(), err)
		}
		wantFresh := func(want string) {
			t.Helper()
			var got string
			err := empty.Pool().QueryRow(t.Context(), `SELECT concat_ws(' ', is_complete, attempts_since, complete_run_id = attempted_run_id) FROM fleet.freshness`).Scan(&got)
			if err != nil || got != want {
				t.Errorf("freshness %q, want %q: %v", got, want, err)
			}
		}
		wantFresh("t 0 t")
		if _, err = w.replay(kept, *w.flolive(), empty); err != nil { // which breaks off as well
			t.Error(err)
		}
		wantFresh("t 0 t") // to go on with details is no attempt to read the source
		exec(`ALTER TABLE sync.away RENAME TO detail_request`)
		done, err = w.replay(kept, *w.flolive(), empty)
		if code := run.ExitCode(append(done.Errs(), err)...); code != 0 || done.In != 1 || len(done.Runs) != 2 {
			t.Errorf("again: it ended with %d after %d runs, %d in: %v, %v", code, len(done.Runs), done.In, done.Errs(), err)
		}
		w.wantSameFound(empty, ofSubscriber("fleet.subscriber_detail", ""))
		exec(`UPDATE sync.run SET started_at = started_at + interval '1 second', outcome = NULL, exit_code = NULL, finished_at = NULL WHERE as_of = (SELECT max(as_of) FROM sync.run)`) // as if killed
		<-time.After(2 * time.Second)
		for range 2 {
			if done, err = w.replay(kept, *w.flolive(), empty); err != nil || done.In != 3 || len(done.Runs) != 0 {
				t.Errorf("once more: %+v, %v", done, err)
			}
		}
		var resumed int // in the first replay after the failure, and in the first after the kill
		err = empty.Pool().QueryRow(t.Context(), `SELECT count(*) FROM sync.run WHERE as_of IS NULL AND details_asked > 0 AND exit_code = 0`).Scan(&resumed)
		if err != nil || resumed != 2 {
			t.Errorf("details were gone on with %d times, want 2: %v", resumed, err)
		}
	})
}

// Details that the archive has lost keep no later run waiting, however often it is replayed.
func TestLostDetailsKeepNobodyWaiting(t *testing.T) {
	inArchivedWorld(t, simulator.Options{Seed: 11, FloLIVE: 100}, func(w *world, kept *archive.Archive, empty *load.DB) {
		w.flolive().Details = config.Details{RefreshAfter: 240 * time.Hour, Concurrency: 4, MaxRequests: 60}
		w.wantOK()
		if done, err := w.replay(kept, *w.flolive(), empty); err != nil || len(done.Runs) != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
		if _, err := empty.Pool().Exec(t.Context(), `UPDATE sync.run SET outcome = NULL, exit_code = NULL, finished_at = NULL`); err != nil { // as if killed
			t.Fatal(err)
		}
		details, err := filepath.Glob(filepath.Join(kept.String(), "flolive", "*", "details.zst"))
		if err != nil || len(details) != 1 {
			t.Fatal(details, err)
		}
		if err := os.Truncate(details[0], 100); err != nil {
			t.Fatal(err)
		}
		w.nextNight()
		w.wantOK()
		done, err := w.replay(kept, *w.flolive(), empty)
		if code := run.ExitCode(append(done.Errs(), err)...); code != 1 || len(done.Runs) != 2 || !errors.Is(done.Errs()[0], archive.ErrTorn) || done.Errs()[1] != nil {
			t.Errorf("it ended with %d after %d runs: %v, %v", code, len(done.Runs), done.Errs(), err)
		}
		if n := countRuns(t, empty); n != 2 {
			t.Errorf("%d runs are in, want 2", n)
		}
	})
}

// A run whose details are torn, or its profiles, gives what the other file holds; and it is
// said each time that a part is lost.
func TestTornDetailsOrProfiles(t *testing.T) {
	for file, other := range map[string]string{"details": "fleet.esim_profile", "profiles": "fleet.subscriber_detail"} {
		t.Run(file, func(t *testing.T) {
			inArchivedWorld(t, simulator.Options{Seed: 11, FloLIVE: 100, IoTX: 40}, func(w *world, kept *archive.Archive, empty *load.DB) {
				w.flolive().Details = config.Details{RefreshAfter: 240 * time.Hour, Concurrency: 4, MaxRequests: 300}
				w.flolive().Profiles = config.Profiles{EIDFile: eidFile(t, w.sim.EIDs()[:6]...)}
				for range 2 {
					w.wantOK()
					w.nextNight()
				}
				files, err := filepath.Glob(filepath.Join(kept.String(), "flolive", "*", file+".zst"))
				if err != nil || len(files) == 0 {
					t.Fatal(files, err)
				}
				if err := os.Truncate(files[0], 60); err != nil {
					t.Fatal(err)
				}
				for again := range 3 {
					done, err := w.replay(kept, *w.flolive(), empty)
					if code := run.ExitCode(append(done.Errs(), err)...); code != 1 || (again > 0) != errors.Is(done.Lost, run.ErrEnrichment) {
						t.Errorf("replay %d ended with %d: %+v, %v", again, code, done, err)
					}
				}
				count := func(db *load.DB) (n int) {
					t.Helper()
					if err := db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM `+other).Scan(&n); err != nil {
						t.Fatal(err)
					}
					return n
				}
				if got, want := count(empty), count(w.db); got != want || want == 0 {
					t.Errorf("%d rows of %s, want %d", got, other, want)
				}
			})
		})
	}
}

// Details that cannot be saved for now are not lost, also where the profiles of the run
// are: the runs behind have to wait, and the same command goes on with them.
func TestUnsavedDetailsBesideTornProfiles(t *testing.T) {
	inArchivedWorld(t, simulator.Options{Seed: 11, FloLIVE: 100, IoTX: 40}, func(w *world, kept *archive.Archive, empty *load.DB) {
		w.flolive().Details = config.Details{RefreshAfter: 240 * time.Hour, Concurrency: 4, MaxRequests: 300}
		w.flolive().Profiles = config.Profiles{EIDFile: eidFile(t, w.sim.EIDs()[:6]...)}
		for range 2 {
			w.wantOK()
			w.nextNight()
		}
		files, err := filepath.Glob(filepath.Join(kept.String(), "flolive", "*", "profiles.zst"))
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		if err := os.Truncate(files[0], 60); err != nil {
			t.Fatal(err)
		}
		exec := func(sql string) {
			t.Helper()
			if _, err := empty.Pool().Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
		}
		exec(`ALTER TABLE sync.detail_request RENAME TO away`)
		done, err := w.replay(kept, *w.flolive(), empty)
		if code := run.ExitCode(append(done.Errs(), err)...); code != 1 || len(done.Runs) != 1 || done.Left != 1 {
			t.Errorf("it ended with %d: %+v, %v", code, done, err)
		}
		exec(`ALTER TABLE sync.away RENAME TO detail_request`)
		if done, err = w.replay(kept, *w.flolive(), empty); err != nil || done.Left != 0 {
			t.Errorf("again: %+v, %v", done, err)
		}
		w.wantSameFound(empty, ofSubscriber("fleet.subscriber_detail", ""))
	})
}

// A signal between two runs is a signal's end, and not the end of the archive.
func TestReplayStoppedBetweenRuns(t *testing.T) {
	inArchivedWorld(t, simulator.Options{Seed: 5, FloLIVE: 20, IoTX: 20}, func(w *world, kept *archive.Archive, empty *load.DB) {
		for range 2 {
			w.wantOK()
			w.nextNight()
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		o := run.Options{DB: empty, Command: "backfill", Version: "test", Log: w.options.Log, Now: func() time.Time {
			if countRuns(t, empty) == 1 {
				cancel(run.ErrTerminated)
			}
			return time.Now()
		}}
		done, err := run.Replay(ctx, *w.iotx(), kept, o)
		if code := run.ExitCode(append(done.Errs(), err)...); code != 143 || len(done.Runs) != 1 || !done.Runs[0].Sources[0].Loaded {
			t.Errorf("it ended with %d after %d runs: %v, %v", code, len(done.Runs), done.Errs(), err)
		}
	})
}

// From the first run to the last nobody else gets hold of the source, not even between
// two: what a nightly run loads there is newer than all that is left.
func TestReplayHoldsTheSource(t *testing.T) {
	inArchivedWorld(t, simulator.Options{Seed: 5, FloLIVE: 20, IoTX: 20}, func(w *world, kept *archive.Archive, empty *load.DB) {
		for range 3 {
			w.wantOK()
			w.nextNight()
		}
		var tries, locked int
		o := run.Options{DB: empty, Command: "backfill", Version: "test", Log: w.options.Log}
		nightly := run.Options{DB: empty, Command: "run", Version: "test", Log: w.options.Log}
		o.Now = func() time.Time { // asked for before each run, after it and in it
			summary, err := run.Sync(t.Context(), []config.Source{*w.iotx()}, nightly)
			if err != nil {
				t.Error(err)
			}
			tries++
			if summary.Sources[0].Locked {
				locked++
			}
			return time.Now()
		}
		done, err := run.Replay(t.Context(), *w.iotx(), kept, o)
		if code := run.ExitCode(append(done.Errs(), err)...); code != 0 || len(done.Runs) != 3 || countRuns(t, empty) != 3 {
			t.Errorf("it ended with %d after %d runs: %v, %v", code, len(done.Runs), done.Errs(), err)
		}
		if tries < 6 || locked != tries {
			t.Errorf("of %d nightly runs meanwhile %d found the source held", tries, locked)
		}
		session, err := empty.Session(t.Context(), "iotx")
		if err != nil {
			t.Fatalf("after the replay: %v", err)
		}
		defer session.Close()
		done, err = w.replay(kept, *w.iotx(), empty)
		if !done.Locked || len(done.Runs)+done.In != 0 || err != nil {
			t.Errorf("beside a run: %+v, %v", done, err)
		}
	})
}

// countRuns is how many runs have loaded.
func countRuns(t *testing.T, db *load.DB) (n int) {
	t.Helper()
	if err := db.Pool().QueryRow(t.Context(), `SELECT count(*) FROM sync.run WHERE as_of IS NOT NULL`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
