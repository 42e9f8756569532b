package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"simsync/internal/metrics"
	"simsync/internal/run"
)

// bucketTimeout bounds the look at a bucket, with the few times that it is tried again.
const bucketTimeout = 10 * time.Second

// checkBucket looks whether the bucket where raw answers are kept can be listed. Nothing
// is written there: not every key may delete.
func (f *findings) checkBucket() {
	kept, err := openArchive(f.settings.Archive)
	if err == nil {
		ctx, cancel := context.WithTimeoutCause(f.ctx, bucketTimeout, fmt.Errorf("no answer within %s", bucketTimeout))
		defer cancel()
		if err = kept.Reach(ctx); err != nil && ctx.Err() != nil {
			err = fmt.Errorf("list what is archived in %s: %w", kept, context.Cause(ctx))
		}
	}
	if err != nil {
		f.fail("archive", "", err, "Check archive.url and archive.endpoint, the keys and what they may do; or leave archive.url out.")
		return
	}
	f.ok("archive", "", kept.String()+" can be listed; whether it takes files is not tried")
}

// checkArchive looks whether files can be made where raw answers are kept. The folder
// may be made later, below one that is there.
func (f *findings) checkArchive() {
	if f.settings.Archive.URL != "" {
		f.checkBucket()
		return
	}
	dir := f.settings.Archive.Dir
	if dir == "" {
		return
	}
	there := dir
	for {
		if _, err := os.Stat(there); !errors.Is(err, fs.ErrNotExist) || filepath.Dir(there) == there {
			break
		}
		there = filepath.Dir(there)
	}
	if err := tryFile(there); err != nil {
		f.fail("archive", "", fmt.Errorf("no file can be made in %s: %w", there, err), "Have archive.dir name a folder that this user may write to, or leave it out.")
		return
	}
	f.ok("archive", "", "files can be made in "+there)
}

// tryFile makes a file in a folder and takes it away.
func tryFile(dir string) error {
	file, err := os.CreateTemp(dir, ".simsync-check-*")
	if cause, ok := errors.AsType[*fs.PathError](err); ok {
		return cause.Err // without the name that was drawn
	}
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// checkPushgateway asks the Pushgateway whether it is ready, under the URL that metrics
// are pushed to. A push that fails is no failed run.
func (f *findings) checkPushgateway() {
	if f.settings.PushgatewayURL == "" {
		return
	}
	host, err := metrics.Ready(f.ctx, f.settings.PushgatewayURL)
	if err != nil {
		f.warn("pushgateway", "", inOneLine(run.EndOf(f.ctx, err)), "Check pushgateway_url; runs go on without it, and their metrics are missing.")
		return
	}
	f.ok("pushgateway", "", "ready at "+host)
}
