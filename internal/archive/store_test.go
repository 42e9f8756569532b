package archive

import (
	"errors"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"simsync/internal/fetch"
)

// inEachStore runs a test with an archive in a folder and with one in a bucket.
func inEachStore(t *testing.T, test func(t *testing.T, o Options)) {
	t.Helper()
	t.Parallel()
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		test(t, Options{Dir: filepath.Join(t.TempDir(), "not", "there", "yet")})
	})
	t.Run("bucket", func(t *testing.T) {
		t.Parallel()
		test(t, newBucket(t))
	})
}

// newBucket serves a bucket for the length of a test.
func newBucket(t *testing.T) Options {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("sims"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return Options{URL: "s3://sims/raw/answers", Endpoint: server.URL, Region: "us-east-1", AccessKey: "key", SecretKey: "secret"}
}

func open(t *testing.T, o Options) *Archive {
	t.Helper()
	a, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// headOf is the head of a run on a source, begun so many days after noon.
func headOf(source string, day int) Head {
	h := someHead()
	h.Run = "0199f3c2-0000-7000-8000-" + strings.Repeat("0", 11) + string(rune('0'+day))
	h.Source, h.At = source, noon.AddDate(0, 0, day)
	return h
}

// keepRun keeps a run of one walk with one record.
func keepRun(t *testing.T, a *Archive, head Head) *Run {
	t.Helper()
	r, err := a.Begin(t.Context(), head)
	if err != nil {
		t.Fatal(err)
	}
	k := r.Keep(t.Context(), Part{FileWalk, 1, "c"}, nil)
	body := []byte(`{"content":[{"a":1}]}`)
	answer := fetch.Answer{Status: 200, Body: body, SentAt: noon, ReceivedAt: noon}
	answer.Number = k.Answered(fetch.Request{Op: "read", Method: "GET", Path: "/p", Query: map[string][]string{"offset": {"5"}}}, answer)
	KeepPage(k, fetch.Page[int]{Session: 1, Records: []fetch.Record[int]{{Raw: body[12:19]}}, ReceivedAt: noon, Answer: answer})
	k.KeepBatch(1)
	k.End()
	if err := k.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	declared := int64(1)
	walks := []Walk{{Listing: "c", Verdict: fetch.VerdictComplete, Declared: &declared, Distinct: 1, StartedAt: noon, FinishedAt: noon}}
	if err := r.Publish(t.Context(), Manifest{Command: "run", StartedAt: head.At, PromotedAt: head.At.Add(time.Hour), Walks: walks}); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRunIsKeptAndFound(t *testing.T) {
	inEachStore(t, func(t *testing.T, o Options) {
		a := open(t, o)
		if runs, err := a.Runs(t.Context(), "flolive"); err != nil || runs != nil {
			t.Fatalf("before the first run: %v, %v", runs, err)
		}
		for _, day := range []int{2, 1} {
			keepRun(t, a, headOf("flolive", day))
		}
		keepRun(t, a, headOf("iotx", 1))
		sources, err := a.Sources(t.Context())
		if err != nil || !slices.Equal(sources, []string{"flolive", "iotx"}) {
			t.Errorf("sources: %v, %v", sources, err)
		}
		runs, err := a.Runs(t.Context(), "flolive")
		if err != nil || len(runs) != 2 || !runs[0].PromotedAt.Equal(noon.AddDate(0, 0, 1).Add(time.Hour)) || runs[0].Walks[0].Facts().Distinct != 1 {
			t.Fatalf("runs: %+v, %v", runs, err)
		}
		file, err := runs[1].Open(t.Context(), Part{FileWalk, 1, "c"})
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		frames, err := read(file.Reader)
		if !errors.Is(err, io.EOF) {
			t.Fatal(err)
		}
		body := []byte(`{"content":[{"a":1}]}`)
		want := []Frame{
			&Answer{Number: 1, Op: "read", Method: "GET", Path: "/p?offset=5", Status: 200, Sent: noon, Received: noon, Bytes: len(body), Body: body},
			&Page{Session: 1, Answer: 1, Received: noon, Records: Places{12, 7}},
			&Batch{Number: 1},
		}
		if diff := cmp.Diff(want, frames, alike); diff != "" {
			t.Errorf("frames (-want +got):\n%s", diff)
		}
		if _, err := runs[0].Open(t.Context(), Part{FileWalk, 2, "d"}); !errors.Is(err, ErrTorn) {
			t.Errorf("a file that is not there: %v", err)
		}
	})
}

// What a killed run left is cleared away by the next one on its source, and nothing else
// is.
func TestKilledRunIsClearedAway(t *testing.T) {
	inEachStore(t, func(t *testing.T, o Options) {
		a := open(t, o)
		keepRun(t, a, headOf("flolive", 1))
		other, err := a.Begin(t.Context(), headOf("iotx", 1))
		if err != nil {
			t.Fatal(err)
		}
		elsewhere := other.Keep(t.Context(), Part{FileWalk, 1, "c"}, nil)
		elsewhere.End()
		if err := elsewhere.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		killed, err := a.Begin(t.Context(), headOf("flolive", 2))
		if err != nil {
			t.Fatal(err)
		}
		whole := killed.Keep(t.Context(), Part{FileWalk, 1, "c"}, nil)
		whole.End()
		if err := whole.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		half, err := a.store.create(t.Context(), path.Join(killed.folder, Part{FileWalk, 2, "d"}.name()))
		if err != nil {
			t.Fatal(err)
		}
		defer half.discard()
		if _, err := half.Write(make([]byte, 6<<20)); err != nil { // more than one part of an upload
			t.Fatal(err)
		}
		before, _ := a.store.list(t.Context(), "")
		keepRun(t, a, headOf("flolive", 3))
		after, _ := a.store.list(t.Context(), "")
		want := []string{
			"flolive/20261129T120000Z-0199f3c2-0000-7000-8000-000000000001/run.zst",
			"flolive/20261129T120000Z-0199f3c2-0000-7000-8000-000000000001/walk-1.zst",
			"flolive/20261201T120000Z-0199f3c2-0000-7000-8000-000000000003/run.zst",
			"flolive/20261201T120000Z-0199f3c2-0000-7000-8000-000000000003/walk-1.zst",
			"iotx/20261129T120000Z-0199f3c2-0000-7000-8000-000000000001/walk-1.zst",
		}
		if diff := cmp.Diff(want, after); diff != "" {
			t.Errorf("files (-want +got):\n%s\nbefore: %q", diff, before)
		}
	})
}

// Runs are deleted by age, those of today never, and files that are not ours stay.
func TestOldRunsAreDeleted(t *testing.T) {
	inEachStore(t, func(t *testing.T, o Options) {
		o.Keep, o.Now = 48*time.Hour, func() time.Time { return noon.AddDate(0, 0, 4).Add(-time.Hour) }
		a := open(t, o)
		for day := range 5 {
			keepRun(t, a, headOf("flolive", day))
		}
		foreign, err := a.store.create(t.Context(), "flolive/20261128T120000Z-0199f3c2-0000-7000-8000-000000000000/notes.txt")
		if err == nil {
			_, _ = foreign.Write([]byte("mine"))
			err = foreign.publish()
		}
		if err != nil {
			t.Fatal(err)
		}
		if n, err := a.Prune(t.Context(), "flolive"); n != 2 || err != nil {
			t.Errorf("%d deleted, %v", n, err)
		}
		left, _ := a.store.list(t.Context(), "flolive")
		if len(left) != 7 || !strings.HasSuffix(left[0], "notes.txt") {
			t.Errorf("left: %q", left)
		}
		a.keep = time.Minute
		if n, err := a.Prune(t.Context(), "flolive"); n != 2 || err != nil {
			t.Errorf("%d deleted, %v", n, err)
		}
		if runs, _ := a.Runs(t.Context(), "flolive"); len(runs) != 1 {
			t.Errorf("%d runs are left, want today's", len(runs))
		}
	})
}

func TestDiscardedRunLeavesNothing(t *testing.T) {
	inEachStore(t, func(t *testing.T, o Options) {
		a := open(t, o)
		r, err := a.Begin(t.Context(), headOf("flolive", 1))
		if err != nil {
			t.Fatal(err)
		}
		k := r.Keep(t.Context(), Part{FileWalk, 1, "c"}, nil)
		k.End()
		if err := k.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := r.Discard(t.Context()); err != nil {
			t.Error(err)
		}
		if left, _ := a.store.list(t.Context(), ""); left != nil {
			t.Errorf("left: %q", left)
		}
		if o.Dir == "" {
			return
		}
		if _, err := os.Stat(filepath.Join(o.Dir, "flolive")); err == nil { // the folder of the source may stay
			entries, _ := os.ReadDir(filepath.Join(o.Dir, "flolive"))
			if len(entries) > 0 {
				t.Errorf("folders left: %v", entries)
			}
		}
	})
}

// Subscriber numbers are for the program's user alone.
func TestModesOfFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "archive")
	keepRun(t, open(t, Options{Dir: dir}), headOf("flolive", 1))
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %s", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWrongPlaces(t *testing.T) {
	t.Parallel()
	for _, o := range []Options{
		{},
		{Dir: "a", URL: "s3://b"},
		{URL: "https://b"},
		{URL: "s3://"},
		{URL: "s3://user@b"},
		{URL: "s3://b?c"},
		{URL: "s3://b", Endpoint: "nowhere"},
		{URL: "s3://b", Endpoint: "https://host/path"},
	} {
		if _, err := Open(o); err == nil {
			t.Errorf("%+v is a place", o)
		}
	}
}
