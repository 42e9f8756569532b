package run_test

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/rs/zerolog"

	"simsync/internal/archive"
	"simsync/internal/config"
	"simsync/internal/load"
	"simsync/internal/localpg"
	"simsync/internal/run"
	"simsync/internal/simulator"
)

// A walk's file is read twice. Whichever time the connection to the bucket is cut, nobody
// is taken for gone: the replay ends there, and the next one loads the night.
func TestCutReadRemovesNobody(t *testing.T) {
	t.Parallel()
	url, dir := localpg.NewDatabase(t, migrate), t.TempDir()
	var source config.Source
	synctest.Test(t, func(t *testing.T) {
		w, err := newWorld(t, url, simulator.New(simulator.Options{}), "flolive", "iotx")
		if err != nil {
			t.Fatal(err)
		}
		defer w.close()
		w.keepIn(dir)
		w.flolive().RemovalLimit = 1
		records := floLIVERecords(w.sim.CustomerIDs(), 300)
		noise := make([]byte, 8000)
		for i := range records { // so that a file has several blocks, and the last breaks off
			_, _ = rand.Read(noise)
			records[i].CustomerName = hex.EncodeToString(noise)
		}
		w.sim.SetFloLIVE(records)
		for range 2 {
			w.wantEnd(w.sync(), "flolive", 0, load.OutcomeOK)
			w.nextNight()
		}
		source = *w.flolive()
	})
	for _, reading := range []int64{1, 2} {
		t.Run(fmt.Sprint("reading ", reading), func(t *testing.T) {
			t.Parallel()
			db, err := load.Open(t.Context(), localpg.NewDatabase(t, migrate))
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			from := cutBucket(t, dir, reading)
			o := run.Options{DB: db, Command: "backfill", Version: "test", Log: zerolog.Nop()}
			done, err := run.Replay(t.Context(), source, from, o)
			if code := run.ExitCode(append(done.Errs(), err)...); code != 1 || len(done.Runs) != 2 || done.Runs[1].Sources[0].Loaded {
				t.Errorf("it ended with %d after %d runs: %v, %v", code, len(done.Runs), done.Errs(), err)
			}
			done, err = run.Replay(t.Context(), source, from, o)
			if code := run.ExitCode(append(done.Errs(), err)...); code != 0 || done.In != 1 || len(done.Runs) != 1 {
				t.Errorf("again: it ended with %d after %d runs, %d in: %v, %v", code, len(done.Runs), done.In, done.Errs(), err)
			}
			var gone int
			if err := db.Pool().QueryRow(t.Context(), `SELECT count(removed_at) FROM fleet.subscriber`).Scan(&gone); err != nil || gone > 0 {
				t.Errorf("%d are gone, %v", gone, err)
			}
		})
	}
}

// cutBucket serves a folder's archive as a bucket that cuts one reading of the last run's
// first walk short, counted from 1.
func cutBucket(t *testing.T, dir string, reading int64) *archive.Archive {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("sims"); err != nil {
		t.Fatal(err)
	}
	folder := os.DirFS(dir)
	walks, err := fs.Glob(folder, "flolive/*/walk-1.zst")
	files, err2 := fs.Glob(folder, "flolive/*/*.zst")
	if err != nil || err2 != nil || len(walks) != 2 {
		t.Fatal(walks, err, err2)
	}
	for _, name := range files {
		content, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Fatal(err)
		}
		meta := map[string]string{"Last-Modified": "Mon, 02 Jan 2006 15:04:05 GMT"}
		if _, err := backend.PutObject("sims", name, meta, bytes.NewReader(content), int64(len(content)), nil); err != nil {
			t.Fatal(err)
		}
	}
	whole := gofakes3.New(backend).Server()
	var readings atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		isCut := r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, path.Join("/", slices.Max(walks)))
		if !isCut || readings.Add(1) != reading {
			whole.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		whole.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()[:answer.Body.Len()*9/10])
		_ = http.NewResponseController(w).Flush() // or it would be asked again
		panic(http.ErrAbortHandler)
	}))
	t.Cleanup(server.Close)
	from, err := archive.Open(archive.Options{URL: "s3://sims", Endpoint: server.URL, Region: "us-east-1", AccessKey: "key", SecretKey: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	return from
}
