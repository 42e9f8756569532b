package export

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrNoFile says that a name is not that of a file that can be written.
var ErrNoFile = errors.New("cannot be written as a file")

// File is a file that is there, whole, only once it is committed. Until then it has
// another name beside its own, that begins with a dot. Nobody but its owner may read it:
// it holds subscribers' numbers.
type File struct {
	name string
	*os.File
}

// Create begins a file that will take the place of one that is there. Where the name is a
// link, it is the file that it leads to.
func Create(name string) (*File, error) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	switch found, err := os.Stat(name); {
	case err == nil && !found.Mode().IsRegular():
		return nil, fmt.Errorf("%w: %s is there and is no file", ErrNoFile, name)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%w: %w", ErrNoFile, err)
	}
	file, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.part") // with mode 0600
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoFile, err)
	}
	return &File{name: name, File: file}, nil
}

// Commit gives the file its name, once all of it is on the disk.
func (f *File) Commit() error {
	err := errors.Join(f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.File.Name(), f.name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("finish %s: %w", f.name, err), os.Remove(f.File.Name()))
	}
	return nil
}

// Discard takes a file that was not finished away.
func (f *File) Discard() error {
	return errors.Join(f.Close(), os.Remove(f.File.Name()))
}
