package run_test

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"simsync/internal/archive"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// archivedText is all that stands in the files of an archive's folder, unpacked.
func archivedText(t *testing.T, dir string) string {
	t.Helper()
	unpack, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer unpack.Close()
	var text strings.Builder
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		packed, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		plain, err := unpack.DecodeAll(packed, nil)
		text.Write(plain)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// No login is archived, and no contact unless contacts are kept; details are.
func TestSecretsAreNotArchived(t *testing.T) {
	o := ordinary
	o.BadShare = 0.1
	inEnrichedWorld(t, o, func(w *world) {
		dir := w.t.(*testing.T).TempDir()
		w.keepIn(dir)
		w.sim.Inject(simulator.Fault{Kind: simulator.BadRecord, On: simulator.Detail, From: 3, Count: 10})
		w.sim.Inject(simulator.Fault{Kind: simulator.GarbageBody, On: simulator.Detail, From: 20})
		w.sync()
		text := archivedText(t, dir)
		for _, word := range w.personal() {
			if len(word) > 3 && strings.Contains(text, word) {
				t.Errorf("%q of a contact is in the archive", word)
				break
			}
		}
		for _, secret := range []string{simulator.DefaultPassword, simulator.DefaultIoTXToken, "login-", "Bearer", "auth/token"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in the archive", secret)
			}
		}
		if !strings.Contains(text, "lastKnownLocation") {
			t.Error("no details are in the archive")
		}
		w.nextNight()
		w.flolive().KeepContacts = true
		w.wantOK()
		text = archivedText(t, dir)
		if !slices.ContainsFunc(w.personal(), func(word string) bool { return len(word) > 10 && strings.Contains(text, word) }) {
			t.Error("the contacts that are kept are not in the archive")
		}
	})
}

// A run that is stopped before its promote leaves nothing in the archive; one that the
// provider refuses leaves what was answered, and is passed over by a replay.
func TestRunsThatLoadNothing(t *testing.T) {
	inArchivedWorld(t, simulator.Options{Seed: 3, FloLIVE: 120, IoTX: 40}, func(w *world, kept *archive.Archive, empty *load.DB) {
		ctx, cancel := context.WithCancelCause(t.Context())
		defer cancel(nil)
		w.sim.Inject(simulator.Fault{Kind: simulator.Hang, Provider: simulator.FloLIVE, From: 2})
		w.options = w.options.WithClient(func(o *fetch.Options) {
			transport := &http.Transport{DialContext: w.network.DialContext}
			o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "/subscriber-all") {
					cancel(run.ErrTerminated)
				}
				return transport.RoundTrip(r)
			})
		})
		w.wantEnd(w.syncOf(ctx, *w.flolive()), "flolive", 143, load.OutcomeInterrupted)
		if runs, err := kept.Runs(t.Context(), "flolive"); err != nil || len(runs) != 0 {
			t.Errorf("archived: %d runs, %v", len(runs), err)
		}
		w.calm()
		w.sim.ClearFaults()
		w.sim.Inject(simulator.Fault{Kind: simulator.Forbidden, Provider: simulator.FloLIVE, Count: simulator.Forever})
		w.wantEnd(w.syncOf(t.Context(), *w.flolive()), "flolive", 1, load.OutcomeFailed)
		w.sim.ClearFaults()
		w.wantOK()
		done, err := w.replay(kept, *w.flolive(), empty)
		if err != nil || done.Void != 1 || len(done.Runs) != 1 {
			t.Errorf("replayed: %+v, %v", done, err)
		}
	})
}

// Where the archive cannot be written to, the source is loaded all the same, and the log
// tells it once.
func TestArchiveOutOfReach(t *testing.T) {
	t.Parallel()
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet { // nothing may be put there
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write([]byte(`<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>`))
	}))
	defer refusing.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]archive.Options{
		"folder": {Dir: file},
		"bucket": {URL: "s3://sims", Endpoint: refusing.URL, Region: "us-east-1", AccessKey: "a", SecretKey: "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, err := newWorldNow(t, localpg.NewDatabase(t, migrate), simulator.New(simulator.Options{Seed: 3, FloLIVE: 120}), "flolive", "iotx")
			if err != nil {
				t.Fatal(err)
			}
			defer w.close()
			if w.options.Archive, err = archive.Open(o); err != nil {
				t.Fatal(err)
			}
			w.sources = w.sources[:1]
			delete(w.truth, "iotx")
			w.wantOK()
			if told := strings.Count(w.logs.String(), "the run is not archived; it goes on"); told != 1 {
				t.Errorf("the log tells it %d times", told)
			}
		})
	}
}
