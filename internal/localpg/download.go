package localpg

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	embedded "github.com/fergusstrange/embedded-postgres"
)

// downloaded is the version fetched when none is installed.
const downloaded = embedded.V17

// mavenCentral is where zonky publishes the binaries.
const mavenCentral = "https://repo1.maven.org/maven2"

// download fetches the binaries that zonky publishes (some 30 MB) into a cache, and returns their folder. A second call finds the cache.
func download(ctx context.Context) (string, error) {
	cache, err := cacheFolder()
	if err != nil {
		return "", err
	}
	home := filepath.Join(cache, "postgresql-"+string(downloaded))
	bin := filepath.Join(home, "bin")
	if majorVersion(ctx, bin) >= oldest {
		return bin, nil
	}
	fetched := make(chan error, 1)
	go func() { fetched <- fetch(mavenCentral, cache, home) }() // the library takes no context: at worst this ends with the process
	select {
	case <-ctx.Done():
		err = context.Cause(ctx)
	case err = <-fetched:
	}
	if err != nil {
		return "", fmt.Errorf("download PostgreSQL %s: %w", downloaded, err)
	}
	return bin, nil
}

// fetch lets the library fetch and unpack into a folder beside home, which then becomes home, so that home is always whole.
//
// The library offers no fetching without starting, and its own start refuses root and needs a TCP port. So it is given a data folder
// that claims to be initialised and is not: it fetches, unpacks, and then fails to start anything. Its error thus means nothing by
// itself; whether the binaries arrived is seen on the disk. (It also leaves a log file of a few lines in the temporary folder.)
func fetch(repository, cache, home string) error {
	work, err := os.MkdirTemp(cache, "download-")
	if err != nil {
		return fmt.Errorf("make a folder to download into: %w", err)
	}
	defer os.RemoveAll(work)
	unpacked, data := filepath.Join(work, "unpacked"), filepath.Join(work, "data")
	major := fmt.Appendf(nil, "%.2s\n", string(downloaded))
	if err := errors.Join(
		os.Mkdir(data, 0o700),
		os.WriteFile(filepath.Join(data, "PG_VERSION"), major, 0o600),
	); err != nil {
		return err
	}
	err = embedded.NewDatabase(embedded.DefaultConfig().
		Version(downloaded).
		BinaryRepositoryURL(repository).
		Port(0). // any: nothing will listen
		CachePath(work).
		BinariesPath(unpacked).
		RuntimePath(filepath.Join(work, "runtime")).
		DataPath(data).
		Logger(io.Discard)).Start()
	if majorVersion(context.Background(), filepath.Join(unpacked, "bin")) < oldest {
		return err
	}
	if err := os.Rename(unpacked, home); err != nil && !errors.Is(err, os.ErrExist) { // exists: another process was quicker
		return fmt.Errorf("put the download in place: %w", err)
	}
	return nil
}

// cacheFolder is where downloaded binaries stay: the user's cache, or for root a folder that the server's user can enter as well.
func cacheFolder() (string, error) {
	parent := "/var/cache"
	if os.Geteuid() != 0 {
		var err error
		if parent, err = os.UserCacheDir(); err != nil {
			return "", fmt.Errorf("find a folder for the download: %w", err)
		}
	}
	cache := filepath.Join(parent, "simsync")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("make a folder for the download: %w", err)
	}
	return cache, nil
}
