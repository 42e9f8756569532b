package localpg

import "syscall"

// setParentDeathSignal asks the kernel to send the child s when the thread that started it ends: prctl(2), PR_SET_PDEATHSIG.
func setParentDeathSignal(attr *syscall.SysProcAttr, s syscall.Signal) { attr.Pdeathsig = s }
