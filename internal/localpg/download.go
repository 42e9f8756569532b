package localpg

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	embedded "github.com/fergusstrange/embedded-postgres"
)

// downloaded is the version fetched when none is installed. The folder of the cache carries it: a new version is a new folder.
const downloaded = embedded.V17

// download fetches the binaries that zonky publishes on Maven Central (some 10 MB) into a cache and returns their folder. A second call
// finds the cache.
//
// The library offers no fetching without starting, and its own start refuses root and needs a TCP port. So it is given a data folder
// that claims to be initialised and is not: it fetches, unpacks, and then fails to start anything. Whether the binaries arrived is seen
// on the disk.
func download(ctx context.Context) (string, error) {
	cache, err := cacheFolder()
	if err != nil {
		return "", err
	}
	bin := filepath.Join(cache, "bin")
	if majorVersion(ctx, bin) >= oldest {
		return bin, nil
	}
	work, err := os.MkdirTemp("", "simsync-download-")
	if err != nil {
		return "", fmt.Errorf("make a folder to download into: %w", err)
	}
	fetched := make(chan error, 1)
	go func() { // the library takes no context: at worst this ends with the process
		defer os.RemoveAll(work)
		fetched <- fetch(cache, work)
	}()
	select {
	case <-ctx.Done():
		return "", fmt.Errorf("download PostgreSQL %s: %w", downloaded, context.Cause(ctx))
	case err = <-fetched:
	}
	if majorVersion(ctx, bin) < oldest {
		return "", fmt.Errorf("download PostgreSQL %s: %w", downloaded, err)
	}
	return bin, nil
}

// fetch lets the library fill cache. Its error means nothing by itself: see download.
func fetch(cache, work string) error {
	data := filepath.Join(work, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		return err
	}
	major := fmt.Appendf(nil, "%.2s\n", string(downloaded))
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), major, 0o600); err != nil {
		return err
	}
	return embedded.NewDatabase(embedded.DefaultConfig().
		Version(downloaded).
		Port(0).
		CachePath(cache).
		BinariesPath(cache).
		RuntimePath(filepath.Join(work, "runtime")).
		DataPath(data).
		Logger(io.Discard)).Start()
}

// cacheFolder is where downloaded binaries stay: the user's cache, or for root a folder that the server's user can enter as well.
func cacheFolder() (string, error) {
	root := "/var/cache"
	if os.Geteuid() != 0 {
		var err error
		if root, err = os.UserCacheDir(); err != nil {
			return "", fmt.Errorf("find a folder for the download: %w", err)
		}
	}
	cache := filepath.Join(root, "simsync", "postgresql-"+string(downloaded))
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", fmt.Errorf("make a folder for the download: %w", err)
	}
	return cache, nil
}
