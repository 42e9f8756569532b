package main

import (
	"cmp"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// replaceFile puts a file in the place of what has its name, whole or not at all: who
// reads that name meanwhile has the old one. A link stays, and what it names is
// replaced. The mode is a new file's: 0644 less what the umask takes.
func replaceFile(name string, content []byte) error {
	target, err := filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		target = name
	} else if err != nil {
		return err
	}
	// Not os.CreateTemp, whose files are for their owner alone.
	beside := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+"."+rand.Text()[:8])
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644) //nolint:gosec // G302: a page is made to be read
	if err != nil {
		return err
	}
	defer os.Remove(beside) // gone already where all went well
	_, err = file.Write(content)
	err = cmp.Or(err, file.Sync())
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return os.Rename(beside, target)
}
