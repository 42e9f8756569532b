package localpg

import (
	"archive/zip"
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFetchUnpacksAndStartsNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	release := filepath.Join(t.TempDir(), "release")
	started := filepath.Join(t.TempDir(), "started")
	install(t, filepath.Join(release, "bin"), "17.5")
	script(t, filepath.Join(release, "bin", "pg_ctl"), `[ -e "$4/postgresql.conf" ] || exit 1; touch `+started)
	repository := httptest.NewServer(serveJar(t, release))
	defer repository.Close()

	cache := t.TempDir()
	home := filepath.Join(cache, "home")
	for range 2 { // the second finds that another process was quicker
		if err := fetch(repository.URL, cache, home); err != nil {
			t.Fatal(err)
		}
	}
	if got := majorVersion(t.Context(), filepath.Join(home, "bin")); got != 17 {
		t.Errorf("the folder holds version %d", got)
	}
	if _, err := os.Stat(started); err == nil {
		t.Error("the library started a server")
	}
	if left, _ := os.ReadDir(cache); len(left) != 1 {
		t.Errorf("left in the cache: %v", left)
	}
}

func TestFetchOutOfReach(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	repository := httptest.NewServer(http.NotFoundHandler())
	defer repository.Close()
	cache := t.TempDir()
	err := fetch(repository.URL, cache, filepath.Join(cache, "home"))
	wantError(t, err, "no version found matching "+string(downloaded))
	if left, _ := os.ReadDir(cache); len(left) != 0 {
		t.Errorf("left in the cache: %v", left)
	}
}

// serveJar answers every request as Maven Central does: a jar that holds the folder as one .txz, and no checksum.
func serveJar(t *testing.T, folder string) http.Handler {
	t.Helper()
	archive, err := exec.Command("tar", "-C", folder, "-cJf", "-", "bin").Output()
	if err != nil {
		t.Skipf("no tar with xz here: %v", err)
	}
	var jar bytes.Buffer
	w := zip.NewWriter(&jar)
	entry, err := w.Create("postgres.txz")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := entry.Write(archive); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".sha256") {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(jar.Bytes())
	})
}
