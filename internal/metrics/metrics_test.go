package metrics_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/metrics"
	"simsync/internal/run"
)

var night = time.Date(2026, 11, 20, 2, 17, 5, 250_000_000, time.UTC)

func good(source string) run.Result {
	return run.Result{
		Source: source, Loaded: true, Took: 90 * time.Second,
		Promoted: load.Promoted{Counts: load.Counts{Records: 100, Inserted: 4, Updated: 3, Unchanged: 91, Repeated: 1, Rejected: 1, Removed: 2}},
		Walks:    []fetch.Facts{{Listing: "a", Verdict: fetch.VerdictComplete}, {Listing: "b", Verdict: fetch.VerdictComplete}},
		Traffic:  fetch.Counters{Requests: map[string]int64{"ok": 12, "lost answer": 1}, Retries: 1},
	}
}

func failed(source string) run.Result {
	return run.Result{Source: source, Took: 3 * time.Second, Err: errors.New("the provider is out of reach")}
}

// The file is what promtool and a collector read.
func TestFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "simsync.prom")
	write(t, path, night, good("flolive"), failed("iotx"), run.Result{Source: "other", Locked: true})
	want, err := os.ReadFile("testdata/night.prom")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), read(t, path)); diff != "" {
		t.Errorf("the metrics (-want +got):\n%s", diff)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the file: %v, %v", info, err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("beside it: %v, %v", entries, err)
	}
	if promtool := installed(t, "promtool", "prometheus"); promtool != "" {
		check := exec.CommandContext(t.Context(), promtool, "check", "metrics")
		check.Stdin = strings.NewReader(read(t, path))
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("promtool check metrics: %v\n%s", err, out)
		}
	}
}

// What a run does not say stays: the last success of a source that failed, and all of one
// that was not synced, or that another run held.
func TestFileKeepsWhatIsNotSaid(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "simsync.prom")
	write(t, path, night, good("flolive"), good("iotx"))
	write(t, path, night.Add(24*time.Hour), failed("flolive"), run.Result{Source: "iotx", Locked: true})
	text := read(t, path)
	for _, want := range []string{
		`simsync_last_success_timestamp_seconds{source="flolive"} 1.79514102525e+09`, `simsync_exit_code{source="flolive"} 1`,
		`simsync_records{source="flolive"} 0`, `simsync_walk_complete{source="flolive"} 0`,
		`simsync_exit_code{source="iotx"} 0`, `simsync_records{source="iotx"} 100`,
	} {
		if !strings.Contains(text, want+"\n") {
			t.Errorf("it lacks %s:\n%s", want, text)
		}
	}
	if strings.Contains(text, `outcome="lost answer",source="flolive"`) {
		t.Errorf("it still tells of requests that the last run did not make:\n%s", text)
	}
}

// A file that is somebody else's is not written over.
func TestFileOfSomebodyElse(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.txt")
	if err := os.WriteFile(path, []byte("to do: nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := metrics.WriteFile(path, []run.Result{good("iotx")}, night); err == nil || !strings.Contains(err.Error(), "name another file") {
		t.Errorf("written over notes: %v", err)
	}
	if text := read(t, path); text != "to do: nothing\n" {
		t.Errorf("the notes: %q", text)
	}
	if err := metrics.WriteFile(filepath.Join(t.TempDir(), "none", "x.prom"), []run.Result{good("iotx")}, night); err == nil {
		t.Error("written into a folder that is not there")
	}
}

// A real Pushgateway keeps the last success after a run that failed.
func TestPushgateway(t *testing.T) {
	t.Parallel()
	url := startGateway(t)
	push := func(at time.Time, results ...run.Result) {
		t.Helper()
		if err := metrics.Push(t.Context(), url, results, at); err != nil {
			t.Fatal(err)
		}
	}
	want := func(lines ...string) {
		t.Helper()
		text := get(t, url+"/metrics")
		for _, line := range lines {
			if !strings.Contains(text, line+"\n") {
				t.Errorf("the gateway lacks %s", line)
			}
		}
	}
	push(night, good("flolive"), good("iotx"), run.Result{Source: "other", Locked: true})
	want(`simsync_rows{change="updated",instance="",job="simsync",source="flolive"} 3`,
		`simsync_requests{instance="",job="simsync",outcome="lost answer",source="iotx"} 1`)
	if strings.Contains(get(t, url+"/metrics"), `source="other"`) {
		t.Error("a source that another run held has metrics")
	}
	push(night.Add(24*time.Hour), failed("flolive"))
	want(`simsync_exit_code{instance="",job="simsync",source="flolive"} 1`,
		`simsync_last_success_timestamp_seconds{instance="",job="simsync",source="flolive"} 1.79514102525e+09`,
		`simsync_exit_code{instance="",job="simsync",source="iotx"} 0`)
}

func TestPushgatewayOutOfReach(t *testing.T) {
	t.Parallel()
	err := metrics.Push(t.Context(), "http://"+freeAddress(t), []run.Result{good("flolive"), good("iotx")}, night)
	if err == nil || strings.Count(err.Error(), "push the metrics of source ") != 2 {
		t.Errorf("pushed to nobody: %v", err)
	}
}

func write(t *testing.T, path string, at time.Time, results ...run.Result) {
	t.Helper()
	if err := metrics.WriteFile(path, results, at); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// installed finds a program of a Debian package. Where it is missing the test that
// needs it is skipped; under CI, which installs it, that is a failure.
func installed(t *testing.T, program, pkg string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	switch {
	case err == nil:
		return path
	case os.Getenv("CI") != "":
		t.Errorf("%s is not installed: apt-get install %s", program, pkg)
	default:
		t.Logf("%s is not installed (apt-get install %s): not tried with it", program, pkg)
	}
	return ""
}

// startGateway starts a Pushgateway that ends with the test.
func startGateway(t *testing.T) string {
	t.Helper()
	program := installed(t, "prometheus-pushgateway", "prometheus-pushgateway")
	if program == "" {
		t.SkipNow()
	}
	address := freeAddress(t)
	gateway := exec.CommandContext(t.Context(), program, "--web.listen-address="+address)
	if err := gateway.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = gateway.Process.Kill()
		_ = gateway.Wait()
	})
	url := "http://" + address
	for tick := time.NewTicker(10 * time.Millisecond); ; {
		if response, err := http.Get(url + "/-/ready"); err == nil {
			_ = response.Body.Close()
			tick.Stop()
			return url
		}
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatal("the Pushgateway does not answer")
		}
	}
}

// freeAddress is one that nobody listened on a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func get(t *testing.T, url string) string {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatal(fmt.Errorf("%s: %w", response.Status, err))
	}
	return string(text)
}
