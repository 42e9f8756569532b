package main

import (
	"fmt"
	"runtime"
)

// Set by the linker: see the Makefile.
var (
	version = "dev"
	commit  = "unknown"
)

type versionCommand struct{}

func (versionCommand) examples() [][2]string {
	return [][2]string{{"simsync version", "What to put into a report of a fault."}}
}

// Run prints what this program is.
func (versionCommand) Run(e *environment) error {
	_, err := fmt.Fprintf(e.stdout, "simsync %s, commit %s, %s %s/%s\n", version, commit, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}
