package localpg

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
)

const (
	superuser  = "postgres"
	socketPort = "5432" // names the socket's file; no port is opened
	socketName = ".s.PGSQL." + socketPort
)

// cluster is a data folder together with the programs and the account that serve it.
type cluster struct {
	bin     string // folder of initdb and postgres
	data    string
	who     *account
	durable bool
}

// init makes the data folder unless it is there. It is made under another name and renamed when whole, so that an interrupted first
// start never leaves half a cluster that looks like one.
func (c cluster) init(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(c.data, "PG_VERSION")); err == nil {
		return nil
	}
	fresh := c.data + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return fmt.Errorf("remove what an interrupted start left: %w", err)
	}
	if err := os.Mkdir(fresh, 0o700); err != nil {
		return fmt.Errorf("make the data folder: %w", err)
	}
	if err := c.who.own(fresh); err != nil {
		return err
	}
	if err := c.initdb(ctx, fresh); err != nil {
		return err
	}
	if err := os.Rename(fresh, c.data); err != nil {
		return fmt.Errorf("put the data folder in place: %w", err)
	}
	return nil
}

// initdb runs PostgreSQL's initdb on an empty folder. Cancelling ctx kills it.
func (c cluster) initdb(ctx context.Context, data string) error {
	args := []string{
		"--pgdata=" + data, "--username=" + superuser, "--auth=trust",
		"--encoding=UTF8", "--locale=" + locale(), "--no-instructions",
	}
	if !c.durable {
		args = append(args, "--no-sync")
	}
	p, err := spawn(c.prepare("initdb", args, syscall.SIGKILL), nil)
	if err != nil {
		return fmt.Errorf("run initdb: %w", err)
	}
	select {
	case <-p.done:
	case <-ctx.Done():
		p.kill()
		return fmt.Errorf("run initdb: %w", context.Cause(ctx))
	}
	if p.err != nil {
		return fmt.Errorf("run initdb: %w%s", p.err, p.tail)
	}
	return nil
}

// locale is UTF-8 with code point order wherever it exists: the C locale of macOS before 15 has no UTF-8 form.
func locale() string {
	if runtime.GOOS == "darwin" {
		return "C"
	}
	return "C.UTF-8"
}

// command is the server's command line: no TCP, one socket in run. survive lets it outlive this process.
func (c cluster) command(run string, survive bool) *exec.Cmd {
	settings := []string{
		"listen_addresses=", "port=" + socketPort, "unix_socket_directories=" + run, "unix_socket_permissions=0700",
		"timezone=UTC", "log_timezone=UTC",
	}
	if !c.durable {
		// Without autovacuum nothing happens that a test did not ask for, and no worker sits on a template that is to be cloned.
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
	}
	args := []string{"-D", c.data}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	var parentGone syscall.Signal
	if !survive {
		parentGone = syscall.SIGINT // "fast shutdown": sessions are cut, the data is left clean
	}
	return c.prepare("postgres", args, parentGone)
}

// prepare makes the command run as the account, in a process group of its own so that a Ctrl-C at the terminal does not reach it, with
// an environment of its own so that no PG variable of ours does. parentGone is what it is sent when this process dies (Linux only; 0:
// nothing).
func (c cluster) prepare(program string, args []string, parentGone syscall.Signal) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, program), args...)
	cmd.Dir = "/" // our own may be one that the account cannot enter
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=" + locale(), "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if c.who != nil {
		cmd.SysProcAttr.Credential = c.who.cred
	}
	setParentDeathSignal(cmd.SysProcAttr, parentGone)
	return cmd
}

// pidFile is where a running server writes its process id (first line) and its state (eighth line); it removes it at an orderly end.
func (c cluster) pidFile() string { return filepath.Join(c.data, "postmaster.pid") }
