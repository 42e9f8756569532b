package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"simsync/internal/run"
)

// checkOut refuses before any work what can be no file. example is a name for one.
func checkOut(out, example string) error {
	if out == "-" {
		return nil
	}
	info, err := os.Stat(out)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%w: --out %s is a folder: name a file in it, such as %s", run.ErrUsage, out, filepath.Join(out, example))
	case err == nil && !info.Mode().IsRegular():
		return fmt.Errorf("%w: --out %s is no regular file: name one, or - for stdout", run.ErrUsage, out)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: --out: %w", run.ErrUsage, err)
	}
	folder := filepath.Dir(out)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fmt.Errorf("%w: --out %s: there is no folder %s", run.ErrUsage, out, folder)
	}
	return nil
}

// outFile is a file that is there, whole, only once it is committed: who reads its name
// meanwhile has the old one. Until then it has another name beside its own, which begins
// with a dot.
type outFile struct {
	name string
	*os.File
}

// createFile begins a file that will take the place of what has its name. A link stays,
// and what it names is replaced. The mode is a new file's, less what the umask takes.
func createFile(name string, mode fs.FileMode) (*outFile, error) {
	target, err := filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		target = name
	} else if err != nil {
		return nil, err
	}
	// Not os.CreateTemp, whose files are for their owner alone.
	beside := filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+"."+rand.Text()[:8]+".part")
	file, err := os.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err
	}
	return &outFile{target, file}, nil
}

// commit gives the file its name, once all of it is on the disk.
func (f *outFile) commit() error {
	err := errors.Join(f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.File.Name(), f.name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("finish %s: %w", f.name, err), os.Remove(f.File.Name()))
	}
	return nil
}

// discard takes a file that was not finished away.
func (f *outFile) discard() error {
	return errors.Join(f.Close(), os.Remove(f.File.Name()))
}

// replaceFile writes a file whole, or leaves what is there.
func replaceFile(name string, mode fs.FileMode, content []byte) error {
	file, err := createFile(name, mode)
	if err != nil {
		return err
	}
	if _, err := file.Write(content); err != nil {
		return errors.Join(err, file.discard())
	}
	return file.commit()
}
