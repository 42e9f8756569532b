package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// DefaultEndpoint is the server of a bucket where none is named.
const DefaultEndpoint = "https://s3.amazonaws.com"

// Options say where an archive is. Dir and URL exclude each other.
type Options struct {
	// Dir is a folder on this machine. It need not be there yet.
	Dir string
	// URL is s3://bucket/prefix.
	URL string
	// Endpoint is the server of the bucket, http or https and a host; empty:
	// DefaultEndpoint.
	Endpoint string
	// Region of the bucket; empty: the server is asked.
	Region string
	// AccessKey, SecretKey and SessionToken are the bucket's credentials; empty: a role of
	// the machine or of the pod.
	AccessKey, SecretKey, SessionToken string
	// Keep is how long runs are kept; 0: for ever.
	Keep time.Duration
	// Now is the clock; nil: the system's.
	Now func() time.Time
}

// Archive is the raw answers of many runs, of one database's sources.
type Archive struct {
	store store
	keep  time.Duration
	now   func() time.Time
}

// Open checks the options. Nothing is written and nothing is asked yet.
func Open(o Options) (*Archive, error) {
	a := &Archive{keep: o.Keep, now: o.Now}
	if a.now == nil {
		a.now = time.Now
	}
	if o.Endpoint == "" {
		o.Endpoint = DefaultEndpoint
	}
	switch {
	case (o.Dir == "") == (o.URL == ""):
		return nil, errors.New("an archive has either a folder or a URL")
	case o.Dir != "":
		a.store = disk(o.Dir)
		return a, nil
	}
	var err error
	a.store, err = openBucket(o)
	return a, err
}

// String names the place, for people.
func (a *Archive) String() string { return a.store.String() }

const fileSuffix = ".zst"

// ours is how the program names its files: nothing else is ever deleted.
var ours = regexp.MustCompile(`^([a-z0-9_-]{1,63})/([0-9]{8}T[0-9]{6}Z)-[0-9a-f-]{36}/(?:walk-[0-9]+|missing|details|profiles|run)\.zst$`)

func isOurs(name string) bool { return ours.MatchString(name) }

const folderTime = "20060102T150405Z"

// begunAt is when the run was begun that a file is of.
func begunAt(name string) (time.Time, bool) {
	parts := ours.FindStringSubmatch(name)
	if parts == nil {
		return time.Time{}, false
	}
	at, err := time.Parse(folderTime, parts[2])
	return at, err == nil
}

// folders are our files below a source, by the folder of their run, oldest first.
func (a *Archive) folders(ctx context.Context, source string) ([]folder, error) {
	names, err := a.store.list(ctx, source)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("list what is archived in %s: %w", a, err)
	}
	names = slices.DeleteFunc(names, func(name string) bool { return !isOurs(name) })
	slices.Sort(names)
	var all []folder
	for _, name := range names {
		if dir := path.Dir(name); len(all) == 0 || all[len(all)-1].name != dir {
			all = append(all, folder{name: dir})
		}
		last := &all[len(all)-1]
		last.files = append(last.files, name)
	}
	return all, nil
}

// folder is a run's.
type folder struct {
	name  string
	files []string
}

func (f folder) manifest() string { return path.Join(f.name, manifest.name()) }

// isRun tells whether the folder has its manifest.
func (f folder) isRun() bool { return slices.Contains(f.files, f.manifest()) }

// delete removes a run's files, the manifest first: half a run is none.
func (a *Archive) delete(ctx context.Context, f folder) error {
	names := slices.Clone(f.files)
	slices.SortStableFunc(names, func(x, y string) int {
		return strings.Compare(order(x, f), order(y, f))
	})
	return a.store.remove(ctx, names)
}

func order(name string, f folder) string {
	if name == f.manifest() {
		return ""
	}
	return name
}
