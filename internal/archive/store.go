package archive

import (
	"context"
	"io"
)

// store keeps files under names with slashes.
type store interface {
	// create begins a file. Nothing is to be seen under its name until it is published.
	create(ctx context.Context, name string) (draft, error)
	// open reads a file; what is not there is fs.ErrNotExist.
	open(ctx context.Context, name string) (io.ReadCloser, error)
	// list gives the names below a folder, "" for all, in order.
	list(ctx context.Context, folder string) ([]string, error)
	// remove deletes files, in the order given, and the folders that they leave empty. What
	// is not there is no error.
	remove(ctx context.Context, names []string) error
	// sweep deletes the drafts that somebody who was killed left below a folder.
	sweep(ctx context.Context, folder string) error
	// String names the place, for people.
	String() string
}

// draft is a file that is being written. Exactly one of publish and discard ends it.
type draft interface {
	io.Writer
	publish() error
	discard()
}
