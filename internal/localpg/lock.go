package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lock takes the data folder for this process. The kernel gives the lock back when the process is gone, so a stale one cannot exist;
// the server of a process that was just killed may still be ending, and is waited for.
func (s *Server) lock(ctx context.Context) error {
	path := filepath.Join(s.dir, "lock")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open the lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close() // nothing was written
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("%s is in use by another process: stop that one first, or choose another folder", s.dir)
		}
		return fmt.Errorf("lock %s: %w", path, err)
	}
	s.undo = append(s.undo, f.Close)
	return awaitPredecessor(ctx, cluster{data: s.dataDir()}.pidFile())
}

// awaitPredecessor waits a while for the server that pidFile names to end. It asks nobody to: if the process id now belongs to somebody
// else, PostgreSQL itself tells a stale file from a live one.
func awaitPredecessor(ctx context.Context, pidFile string) error {
	ctx, cancel := context.WithTimeoutCause(ctx, fastGrace, errPatience)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		pid, _ := readPIDFile(pidFile)
		if pid == 0 || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			if err := context.Cause(ctx); !errors.Is(err, errPatience) {
				return fmt.Errorf("wait for the server before: %w", err)
			}
			return nil
		}
	}
}

// errPatience ends a wait that may end without its event.
var errPatience = errors.New("waited long enough")
