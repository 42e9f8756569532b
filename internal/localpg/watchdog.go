package localpg

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// watchdogScript waits for the end of its input, which comes when this process is gone, however it went. A line "over" before that
// means that the server was stopped in order. Else it stops the server ($1 its process, $2 its pid file), gives it ten seconds, and
// removes the temporary folder ($3). A pid file of another process, or none, means that the server has gone already.
const watchdogScript = `
read -r word && exit 0
ours() { read -r pid <"$2" && [ "$pid" = "$1" ]; }
ours "$@" 2>/dev/null && kill -INT "$1"
left=100
while [ "$left" -gt 0 ] && ours "$@" 2>/dev/null; do sleep 0.1; left=$((left - 1)); done
ours "$@" 2>/dev/null && kill -KILL "$1"
rm -rf "$3"
`

// watch sets a watchdog on the server and returns how to call it off, to be called when the server has ended.
func watch(pid int, pidFile, run string) (release func() error, err error) {
	cmd := exec.Command("/bin/sh", "-c", watchdogScript, "simsync-watchdog", fmt.Sprint(pid), pidFile, run)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // or the Ctrl-C that ends us would end it too
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("make the watchdog's pipe: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the watchdog: %w", err)
	}
	return func() error {
		if _, err := io.WriteString(input, "over\n"); err != nil {
			return fmt.Errorf("call off the watchdog: %w", err)
		}
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("wait for the watchdog: %w", err)
		}
		return nil
	}, nil
}
