package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// Raw answers hold subscriber numbers: they are for the program's user alone.
const (
	folderMode = 0o700
	fileMode   = 0o600
)

// partSuffix is behind the name of a file that is not whole.
const partSuffix = ".part"

// disk is a folder on this machine.
type disk string

func (d disk) String() string { return string(d) }

func (d disk) path(name string) string { return filepath.Join(string(d), filepath.FromSlash(name)) }

func (d disk) create(_ context.Context, name string) (draft, error) {
	if err := os.MkdirAll(filepath.Dir(d.path(name)), folderMode); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(d.path(name)+partSuffix, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, fileMode)
	if err != nil {
		return nil, err
	}
	return &diskDraft{File: file, place: d.path(name), root: d.path("")}, nil
}

func (d disk) open(_ context.Context, name string) (io.ReadCloser, error) {
	return os.Open(d.path(name))
}

func (d disk) list(_ context.Context, folder string) ([]string, error) {
	var names []string
	err := fs.WalkDir(os.DirFS(string(d)), path.Join(".", folder), func(name string, entry fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist): // nothing is kept yet, or it has just been deleted
			return nil
		case err != nil:
			return err
		case entry.Type().IsRegular():
			names = append(names, name)
		}
		return nil
	})
	return names, err
}

func (d disk) remove(_ context.Context, names []string) error {
	var failures []error
	for _, name := range names {
		if err := os.Remove(d.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failures = append(failures, err)
		}
		_ = os.Remove(filepath.Dir(d.path(name))) // fails while there is something in it
	}
	return errors.Join(failures...)
}

func (d disk) sweep(ctx context.Context, folder string) error {
	names, err := d.list(ctx, folder)
	if err != nil {
		return err
	}
	var parts []string
	for _, name := range names {
		if whole, isPart := strings.CutSuffix(name, partSuffix); isPart && isOurs(whole) {
			parts = append(parts, name)
		}
	}
	return d.remove(ctx, parts)
}

// diskDraft is a file beside its place.
type diskDraft struct {
	*os.File
	place, root string
}

// publish puts the file into its place, and makes sure that it is still there after the
// power has failed.
func (d *diskDraft) publish() error {
	err := d.Sync()
	if err = errors.Join(err, d.Close()); err == nil {
		err = os.Rename(d.Name(), d.place)
	}
	if err != nil {
		_ = os.Remove(d.Name()) // what is wrong is told already
		return err
	}
	// The folder of a run is new in that of its source, and that perhaps in the archive's.
	for at := d.place; at != d.root; {
		at = filepath.Dir(at)
		if err := syncFolder(at); err != nil {
			return fmt.Errorf("make the new name last: %w", err)
		}
	}
	return nil
}

func syncFolder(name string) error {
	folder, err := os.Open(name)
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

func (d *diskDraft) discard() {
	_ = d.Close()
	_ = os.Remove(d.Name()) // what stays is swept by the next run
	_ = os.Remove(filepath.Dir(d.place))
}
