package localpg

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestRunFolderIsShort(t *testing.T) {
	long := filepath.Join(openFolder(t), strings.Repeat("long", 20))
	if err := os.Mkdir(long, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", long)
	dir := runFolder(t, nil)
	if filepath.Dir(dir) != "/tmp" {
		t.Errorf("a socket in %s has a path of %d bytes", dir, len(filepath.Join(dir, socketName)))
	}
}

func TestRunFolderIsWhereTheServerMayGo(t *testing.T) {
	closed := t.TempDir()
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", closed)
	if dir := runFolder(t, nil); filepath.Dir(dir) != closed {
		t.Errorf("our own user may enter %s, and the folder is %s", closed, dir)
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can give a folder away")
	}
	if dir := runFolder(t, stranger); filepath.Dir(dir) != "/tmp" {
		t.Errorf("the server's user may not enter %s", dir)
	}
}

func TestFolderThatTheServerMayNotEnter(t *testing.T) {
	t.Parallel()
	closed := filepath.Join(openFolder(t), "closed")
	below := filepath.Join(closed, "below")
	if err := os.MkdirAll(below, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := stranger.mayEnter(below); err != nil {
		t.Error(err)
	}
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	wantError(t, stranger.mayEnter(below), below+": run by root, the server works as user stranger, who may not enter "+
		closed+"; choose a folder elsewhere, such as under /tmp")
	var ourselves *account
	if err := ourselves.mayEnter(below); err != nil {
		t.Error(err)
	}
}

// stranger owns nothing here.
var stranger = &account{name: "stranger", cred: &syscall.Credential{Uid: 54321, Gid: 54321}}

func runFolder(t *testing.T, who *account) string {
	t.Helper()
	dir, err := makeRunFolder(who)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.Remove(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
