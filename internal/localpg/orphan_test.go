package localpg

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// What the test binary does when it runs as a helper of a test: the value of envHelper.
const (
	envHelper    = "LOCALPG_TEST_HELPER"
	helperWaits  = "wait"  // starts a server, reports, waits to be killed
	helperPanics = "panic" // starts a server, reports, panics
	helperExits  = "exit"  // starts a server, reports, exits without Stop
	helperChild  = "child" // starts a child without a watchdog, reports, waits to be killed
	helperFails  = "fail"  // runs TestHelperFails
)

// helper is a process that starts a server, prints "pid folder", and comes to a bad end.
func helper(task string) {
	if task == helperChild {
		p, err := spawn(cluster{bin: "/bin"}.prepare("sleep", []string{"600"}, syscall.SIGINT), nil)
		if err != nil {
			panic(err)
		}
		_, _ = fmt.Fprintln(os.Stdout, p.pid, "-")
		select {}
	}
	s, err := Start(context.Background(), Options{})
	if err != nil {
		panic(err)
	}
	_, _ = fmt.Fprintln(os.Stdout, s.proc.pid, s.run)
	switch task {
	case helperPanics:
		panic("as told")
	case helperExits:
		os.Exit(0)
	}
	select {}
}

func TestServerEndsWithItsStarter(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, task string
		signal     syscall.Signal // 0: it ends by itself
	}{
		{"kill -9", helperWaits, syscall.SIGKILL},
		{"Ctrl-C", helperWaits, syscall.SIGINT},
		{"SIGTERM", helperWaits, syscall.SIGTERM},
		{"panic", helperPanics, 0},
		{"os.Exit", helperExits, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			pid, run := helperProcess(t, test.task, test.signal)
			await(t, "the server's end", func() bool { return !alive(pid) })
			await(t, "the folder's end", func() bool {
				_, err := os.Stat(run)
				return errors.Is(err, os.ErrNotExist)
			})
			await(t, "the watchdog's end", func() bool { return len(processesWith(run)) == 0 })
		})
	}
}

func TestKernelTellsTheChild(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("Linux only")
	}
	pid, _ := helperProcess(t, helperChild, syscall.SIGKILL)
	await(t, "the child's end", func() bool { return !alive(pid) })
}

// The watchdog alone, for systems where the kernel does not tell: the "server" here is deaf to the death of its parent.
func TestWatchdogAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	run, pidFile := filepath.Join(dir, "run"), filepath.Join(dir, "postmaster.pid")
	if err := os.Mkdir(run, 0o700); err != nil {
		t.Fatal(err)
	}
	p, err := spawn(cluster{bin: "/bin"}.prepare("sleep", []string{"600"}, 0), nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(pidFile, fmt.Appendln(nil, p.pid), 0o600); err != nil {
		t.Fatal(err)
	}
	watchdog := exec.Command("/bin/sh", "-c", watchdogScript, "watchdog", strconv.Itoa(p.pid), pidFile, run)
	input, err := watchdog.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := watchdog.Start(); err != nil {
		t.Fatal(err)
	}
	if !alive(p.pid) {
		t.Fatal("the watchdog did not wait")
	}
	if err := input.Close(); err != nil { // what the kernel does when we die
		t.Fatal(err)
	}
	<-p.done
	if err := os.Remove(pidFile); err != nil { // what the server does when it ends
		t.Fatal(err)
	}
	if err := watchdog.Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(run); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

// TestHelperFails is the failing test of a helper process; by itself it does nothing.
func TestHelperFails(t *testing.T) {
	if os.Getenv(envHelper) != helperFails {
		t.Skip("for a helper process")
	}
	NewDatabase(t, nil)
	t.Error("as told")
}

func TestFailedDatabaseIsKeptOnRequest(t *testing.T) {
	t.Parallel()
	cmd := exec.Command(os.Args[0], "-test.run=^TestHelperFails$")
	cmd.Env = append(os.Environ(), envHelper+"="+helperFails, envKeep+"=1")
	output, err := cmd.CombinedOutput()
	if err == nil {
		t.Fatalf("the failing test passed:\n%s", output)
	}
	// Whatever else goes wrong here, the server must not stay.
	ending := regexp.MustCompile(`kill -INT (\d+); rm -rf (\S+)`).FindSubmatch(output)
	if ending == nil {
		t.Fatalf("no word on how to end the server:\n%s", output)
	}
	pid, _ := strconv.Atoi(string(ending[1]))
	t.Cleanup(func() {
		_ = syscall.Kill(pid, syscall.SIGINT)
		await(t, "the server's end", func() bool { return !alive(pid) })
		if err := os.RemoveAll(string(ending[2])); err != nil {
			t.Error(err)
		}
	})
	left := regexp.MustCompile(`left standing: psql '([^']+)'`).FindSubmatch(output)
	if left == nil {
		t.Fatalf("no psql line:\n%s", output)
	}
	if got := ask[int](t, string(left[1]), "SELECT 1"); got != 1 {
		t.Errorf("the database answers %d", got)
	}
}

// helperProcess runs this binary as a helper, brings it to its end, and returns what it reported: its child's pid and the folder.
func helperProcess(t *testing.T, task string, end syscall.Signal) (pid int, run string) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), envHelper+"="+task)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("read the helper's report: %v", err)
	}
	if end != 0 {
		if err := cmd.Process.Signal(end); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Wait() // a bad end is the purpose
	if _, err := fmt.Sscan(strings.TrimSpace(line), &pid, &run); err != nil {
		t.Fatalf("the helper reported %q: %v", line, err)
	}
	return pid, run
}
