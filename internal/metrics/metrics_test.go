package metrics_test

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
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

// The text is what promtool and a collector read.
func TestText(t *testing.T) {
	t.Parallel()
	got := text(t, "", night, good("flolive"), failed("iotx"), run.Result{Source: "other", Locked: true})
	want, err := os.ReadFile("testdata/night.prom")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the metrics (-want +got):\n%s", diff)
	}
	if promtool := installed(t, "promtool", "prometheus"); promtool != "" {
		check := exec.CommandContext(t.Context(), promtool, "check", "metrics")
		check.Stdin = strings.NewReader(got)
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("promtool check metrics: %v\n%s", err, out)
		}
	}
}

// What a run does not say stays: the last success of a source that failed, and all of one
// that was not synced, or that another run held.
func TestTextKeepsWhatIsNotSaid(t *testing.T) {
	t.Parallel()
	old := text(t, "", night, good("flolive"), good("iotx"))
	got := text(t, old, night.Add(24*time.Hour), failed("flolive"), run.Result{Source: "iotx", Locked: true})
	for _, want := range []string{
		`simsync_last_success_timestamp_seconds{source="flolive"} 1.79514102525e+09`, `simsync_exit_code{source="flolive"} 1`,
		`simsync_records{source="flolive"} 0`, `simsync_walk_complete{source="flolive"} 0`,
		`simsync_exit_code{source="iotx"} 0`, `simsync_records{source="iotx"} 100`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("it lacks %s:\n%s", want, got)
		}
	}
	if strings.Contains(got, `outcome="lost answer",source="flolive"`) {
		t.Errorf("it still tells of requests that the last run did not make:\n%s", got)
	}
}

// A text that is somebody else's is not added to.
func TestTextOfSomebodyElse(t *testing.T) {
	t.Parallel()
	if got, err := metrics.Text([]byte("to do: nothing\n"), []run.Result{good("iotx")}, night); err == nil {
		t.Errorf("added to notes:\n%s", got)
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

func text(t *testing.T, old string, at time.Time, results ...run.Result) string {
	t.Helper()
	text, err := metrics.Text([]byte(old), results, at)
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
		if host, err := metrics.Ready(t.Context(), url+"/"); err == nil && host == address {
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

// Only a Pushgateway that is ready is said to be; what is wrong names neither a password
// nor a path.
func TestReady(t *testing.T) {
	gateway := startGateway(t)
	host := strings.TrimPrefix(gateway, "http://")
	for name, test := range map[string]struct{ url, want string }{
		"ready":         {gateway, ""},
		"another path":  {"http://user:secret@" + host + "/elsewhere", "at " + host + " it is not: /-/ready is answered with 404"},
		"nobody":        {"http://user:secret@127.0.0.1:1/elsewhere", "not reached: dial tcp 127.0.0.1:1: connect: connection refused"},
		"not even HTTP": {silent(t), "not reached: "},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := metrics.Ready(t.Context(), test.url)
			switch {
			case test.want == "" && (err != nil || got != host):
				t.Errorf("%q, %v, want %s", got, err, host)
			case test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)):
				t.Errorf("%v, want %s", err, test.want)
			case err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "elsewhere")):
				t.Errorf("the error tells too much: %v", err)
			}
		})
	}
}

// silent is the URL of somebody who hangs up on everybody.
func silent(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	return "http://" + listener.Addr().String()
}
