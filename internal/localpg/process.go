package localpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	// How long a server that was asked to end may take before it is asked harder: SIGINT cuts sessions and writes a checkpoint,
	// SIGQUIT leaves recovery to the next start, SIGKILL needs no help.
	fastGrace      = 10 * time.Second
	immediateGrace = 3 * time.Second
	// pollEvery is how often a file or process that nobody can announce is looked at.
	pollEvery = 5 * time.Millisecond
)

// process is a child and its end.
type process struct {
	pid  int
	tail *tail
	done chan struct{} // closed when the child has ended
	err  error         // how it ended; read after done
}

// spawn starts cmd, with its output copied to log (nil: nowhere) and its last lines kept.
//
// One goroutine starts the child and waits for it on one locked thread: the kernel's parent death signal is sent when the starting
// *thread* ends, and Go ends idle threads as it likes.
func spawn(cmd *exec.Cmd, log io.Writer) (*process, error) {
	p := &process{tail: &tail{next: log}, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = p.tail, p.tail
	cmd.WaitDelay = time.Second // a grandchild that lives on holds the output open
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		err := cmd.Start()
		if err == nil {
			p.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// ready waits until the server accepts connections. It reads what the server itself writes for this purpose, as pg_ctl does: knocking
// at the socket would fill its log with refusals.
func (p *process) ready(ctx context.Context, pidFile string) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if pid, state := readPIDFile(pidFile); pid == p.pid && state == "ready" {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("postgres ended while it started: %w%s", orNil(p.err), p.tail)
		case <-ctx.Done():
			return fmt.Errorf("wait for the server to start: %w", context.Cause(ctx))
		case <-tick.C:
		}
	}
}

// end asks the server to end, harder and harder. When ctx ends it does not wait for answers any more.
func (p *process) end(ctx context.Context) error {
	select {
	case <-p.done:
		return fmt.Errorf("the server had ended by itself: %w%s", orNil(p.err), p.tail)
	default:
	}
	for _, step := range []struct {
		signal syscall.Signal
		grace  time.Duration
	}{{syscall.SIGINT, fastGrace}, {syscall.SIGQUIT, immediateGrace}} {
		if err := syscall.Kill(p.pid, step.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("signal the server: %w", err)
		}
		if p.endsWithin(ctx, step.grace) {
			return nil
		}
	}
	p.kill()
	return errors.New("the server did not end when asked and was killed")
}

func (p *process) endsWithin(ctx context.Context, grace time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, grace)
	defer cancel()
	select {
	case <-p.done:
		return true
	case <-ctx.Done():
		return false
	}
}

// abandon ends a server whose start went wrong; how it ends matters no more.
func (p *process) abandon() {
	ctx, cancel := context.WithTimeout(context.Background(), immediateGrace)
	defer cancel()
	_ = p.end(ctx)
}

// kill ends the process group at once and waits for the child.
func (p *process) kill() {
	_ = syscall.Kill(-p.pid, syscall.SIGKILL) // the only failure is that nobody is left to kill
	<-p.done
}

// readPIDFile returns the process and state that a server wrote; 0 and "" when there is no such file or line yet.
func readPIDFile(path string) (pid int, state string) {
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, ""
	}
	lines := strings.Split(string(content), "\n")
	if pid, err = strconv.Atoi(strings.TrimSpace(lines[0])); err != nil {
		return 0, ""
	}
	if len(lines) >= 8 {
		state = strings.TrimSpace(lines[7])
	}
	return pid, state
}

// orNil words a clean exit where an exit at all is the fault.
func orNil(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

// tail passes output on and remembers the end of it. A process that went wrong says why in its last lines.
type tail struct {
	next io.Writer
	mu   sync.Mutex
	last []byte
}

// tailSize bounds what is remembered, in bytes: a few lines.
const tailSize = 2000

// Write never reports an error: a caller whose log is full must not stop the server.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.next != nil {
		_, _ = t.next.Write(b)
	}
	t.last = append(t.last, b...)
	if cut := len(t.last) - tailSize; cut > 0 {
		t.last = bytes.Clone(t.last[cut:])
	}
	return len(b), nil
}

// String is what is remembered, to append to an error; empty when there was no output.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if text := strings.TrimSpace(string(t.last)); text != "" {
		return "; it said:\n" + text
	}
	return ""
}
