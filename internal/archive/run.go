package archive

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"
)

// manifest is the file that makes a folder a run.
var manifest = Part{File: FileRun}

// Run is a run on a source that is being kept.
type Run struct {
	archive *Archive
	head    Head
	folder  string
}

// Begin begins to keep a run, and clears away what runs on the source left that were
// killed: the caller holds the source, so nobody is writing there.
func (a *Archive) Begin(ctx context.Context, head Head) (*Run, error) {
	head.Format, head.At = Format, head.At.UTC()
	r := &Run{archive: a, head: head, folder: path.Join(head.Source, head.At.Format(folderTime)+"-"+head.Run)}
	if !isOurs(path.Join(r.folder, manifest.name())) {
		return nil, fmt.Errorf("a run cannot be kept under the name %s", r.folder)
	}
	if err := a.clear(ctx, head.Source); err != nil {
		return nil, fmt.Errorf("clear away what killed runs left in %s: %w", a, err)
	}
	return r, nil
}

// clear deletes drafts, and files of runs without a manifest.
func (a *Archive) clear(ctx context.Context, source string) error {
	if err := a.store.sweep(ctx, source); err != nil {
		return err
	}
	folders, err := a.folders(ctx, source)
	if err != nil {
		return err
	}
	for _, f := range folders {
		if f.isRun() {
			continue
		}
		if err := a.delete(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// Keep begins a file of the run. Redact may be nil.
func (r *Run) Keep(ctx context.Context, part Part, redact Redact) *Keeper {
	head := r.head
	head.File, head.Listing, head.At = part.File, part.Listing, r.archive.now().UTC()
	return newKeeper(ctx, r.archive.store, path.Join(r.folder, part.name()), head, redact)
}

// Publish writes the manifest, which makes what was kept a run.
func (r *Run) Publish(ctx context.Context, m Manifest) error {
	h := r.head
	m.Format, m.Version, m.Run, m.Source, m.API = Format, h.Version, h.Run, h.Source, h.API
	k := r.Keep(ctx, manifest, nil)
	k.put(func(w *Writer) error { return w.Write(&m) })
	k.End()
	return k.Wait(ctx)
}

// Discard deletes what was kept of the run.
func (r *Run) Discard(ctx context.Context) error {
	folders, err := r.archive.folders(ctx, r.head.Source)
	for _, f := range folders {
		if f.name == r.folder {
			err = errors.Join(err, r.archive.delete(ctx, f))
		}
	}
	return err
}

// Prune deletes the runs on the source that are older than they are kept, and returns
// how many. Those of today, by UTC, stay whatever the setting says.
func (a *Archive) Prune(ctx context.Context, source string) (int, error) {
	if a.keep == 0 {
		return 0, nil
	}
	folders, err := a.folders(ctx, source)
	if err != nil {
		return 0, err
	}
	now := a.now().UTC()
	before := now.Add(-a.keep)
	if today := now.Truncate(24 * time.Hour); today.Before(before) {
		before = today
	}
	old := slices.DeleteFunc(folders, func(f folder) bool {
		at, ok := begunAt(f.files[0])
		return !ok || !at.Before(before)
	})
	for i, f := range old {
		if err := a.delete(ctx, f); err != nil {
			return i, fmt.Errorf("delete what is older than archive.keep from %s: %w", a, err)
		}
	}
	return len(old), nil
}
