package localpg

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// maxSocketPath is how long the path of a unix socket may be: 103 bytes and a zero byte on the BSDs and macOS, 107 on Linux.
const maxSocketPath = 103

// account is the user that the server runs as where it cannot be ours: PostgreSQL refuses to run as root. Nil is our own user.
type account struct {
	name string
	cred *syscall.Credential
}

// serverAccount is nil for everybody but root; for root it is postgres, which a system package of PostgreSQL makes, else nobody.
func serverAccount() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
		if uidErr == nil && gidErr == nil {
			return &account{name: name, cred: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
		}
	}
	return nil, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as: use another user")
}

// mayEnter says whether the account can reach what is in dir; if not, which folder on the way keeps it out.
func (a *account) mayEnter(dir string) error {
	if a == nil {
		return nil
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return fmt.Errorf("look at the folders above %s: %w", dir, err)
	}
	for at := real; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err != nil {
			return fmt.Errorf("look at the folders above %s: %w", dir, err)
		}
		if info.Mode().Perm()&a.enterBit(info) == 0 {
			return fmt.Errorf("%s: run by root, the server works as user %s, who may not enter %s; choose a folder elsewhere, such as under /tmp",
				dir, a.name, at)
		}
		if at == filepath.Dir(at) {
			return nil
		}
	}
}

// enterBit is the permission bit that lets the account enter the folder: the owner's, the group's or everybody's.
func (a *account) enterBit(info os.FileInfo) os.FileMode {
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case ok && stat.Uid == a.cred.Uid:
		return 0o100
	case ok && stat.Gid == a.cred.Gid:
		return 0o010
	default:
		return 0o001
	}
}

// own gives path to the account.
func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	if err := os.Chown(path, int(a.cred.Uid), int(a.cred.Gid)); err != nil {
		return fmt.Errorf("give %s to user %s: %w", path, a.name, err)
	}
	return nil
}

// makeRunFolder makes a temporary folder that only the server's user (and root) may enter, under a path short enough for a socket:
// TMPDIR where it will do, else /tmp.
func makeRunFolder(who *account) (string, error) {
	parent := os.TempDir()
	longest := filepath.Join(parent, "simsync-pg-4294967295", socketName)
	if len(longest) > maxSocketPath || who.mayEnter(parent) != nil {
		parent = "/tmp"
	}
	dir, err := os.MkdirTemp(parent, "simsync-pg-")
	if err != nil {
		return "", fmt.Errorf("make a temporary folder: %w", err)
	}
	if err := who.own(dir); err != nil {
		_ = os.Remove(dir) // empty; the error that matters is the first
		return "", err
	}
	return dir, nil
}
