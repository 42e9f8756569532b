package archive

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Stored is a run that was kept.
type Stored struct {
	Manifest

	archive *Archive
	folder  folder
}

// Runs are the runs kept of a source, in the order in which they were promoted; those
// that never were come first. Folders without a manifest are none.
func (a *Archive) Runs(ctx context.Context, source string) ([]Stored, error) {
	folders, err := a.folders(ctx, source)
	if err != nil {
		return nil, err
	}
	var runs []Stored
	for _, f := range folders {
		if !f.isRun() {
			continue
		}
		m, err := a.readManifest(ctx, f)
		if err != nil {
			return nil, fmt.Errorf("read %s of the archive in %s: %w", f.manifest(), a, err)
		}
		runs = append(runs, Stored{Manifest: *m, archive: a, folder: f})
	}
	slices.SortStableFunc(runs, func(x, y Stored) int {
		return cmp.Or(x.PromotedAt.Compare(y.PromotedAt), x.StartedAt.Compare(y.StartedAt))
	})
	return runs, nil
}

// Sources are the sources that something is kept of.
func (a *Archive) Sources(ctx context.Context) ([]string, error) {
	names, err := a.store.list(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("list what is archived in %s: %w", a, err)
	}
	var sources []string
	for _, name := range names {
		if isOurs(name) {
			source, _, _ := strings.Cut(name, "/")
			sources = append(sources, source)
		}
	}
	slices.Sort(sources)
	return slices.Compact(sources), nil
}

// nobody is no source's name, so that nothing is below it.
const nobody = ".check"

// Reach asks whether the place lets itself be listed, by one short question.
func (a *Archive) Reach(ctx context.Context) error {
	if _, err := a.store.list(ctx, nobody); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("list what is archived in %s: %w", a, err)
	}
	return nil
}

func (a *Archive) readManifest(ctx context.Context, f folder) (*Manifest, error) {
	from, err := a.store.open(ctx, f.manifest())
	if err != nil {
		return nil, err
	}
	defer from.Close()
	r := NewReader(from)
	defer r.Close()
	var m *Manifest
	for {
		frame, err := r.Next()
		switch {
		case errors.Is(err, io.EOF) && m != nil:
			return m, nil
		case errors.Is(err, io.EOF):
			return nil, fmt.Errorf("%w: it holds no manifest", ErrTorn)
		case err != nil:
			return nil, err
		}
		if found, ok := frame.(*Manifest); ok {
			m = found
		}
		if head, ok := frame.(*Head); ok && head.Format > Format {
			return nil, fmt.Errorf("it is of format %d, made by simsync %s; this program reads up to %d", head.Format, head.Version, Format)
		}
	}
}

// Has tells whether the run has a file.
func (s Stored) Has(part Part) bool {
	return slices.Contains(s.folder.files, path.Join(s.folder.name, part.name()))
}

// Name is what the run's folder is called.
func (s Stored) Name() string { return path.Base(s.folder.name) }

// Open reads a file of the run from its beginning. One that is not there, or that is
// another's, is an [ErrTorn].
func (s Stored) Open(ctx context.Context, part Part) (*Opened, error) {
	name := path.Join(s.folder.name, part.name())
	from, err := s.archive.store.open(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s is not there", ErrTorn, name)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s of the archive in %s: %w", name, s.archive, err)
	}
	o := &Opened{Reader: NewReader(from), from: from, name: name}
	head, err := o.Next()
	h, ok := head.(*Head)
	switch {
	case err == nil && ok && h.Run == s.Run && h.Source == s.Source && h.File == part.File && h.Listing == part.Listing:
		return o, nil
	case err == nil:
		err = fmt.Errorf("%w: %s is the file of something else", ErrTorn, name)
	}
	o.Close()
	return nil, err
}

// Opened is a file of a run that is being read.
type Opened struct {
	*Reader
	from io.Closer
	name string
}

// Next is [Reader.Next], its errors with the file's name.
func (o *Opened) Next() (Frame, error) {
	f, err := o.Reader.Next()
	if err != nil && !errors.Is(err, io.EOF) {
		err = fmt.Errorf("read %s: %w", o.name, err)
	}
	return f, err
}

// Close lets the file go.
func (o *Opened) Close() {
	o.Reader.Close()
	_ = o.from.Close() // it was only read
}
