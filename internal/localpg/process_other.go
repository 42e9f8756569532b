//go:build !linux

package localpg

import "syscall"

// setParentDeathSignal does nothing where the kernel has no such service; the watchdog then stands alone.
func setParentDeathSignal(*syscall.SysProcAttr, syscall.Signal) {}
