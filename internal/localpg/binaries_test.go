package localpg

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSearchOrder(t *testing.T) {
	t.Parallel()
	top := t.TempDir()
	at := func(dir string) string { return filepath.Join(top, dir) }
	install(t, at("usual/9/bin"), "9.6.24")
	install(t, at("usual/15/bin"), "15.18 (Debian 15.18-0+deb12u1)")
	install(t, at("usual/17/bin"), "17.5")
	install(t, at("old"), "13.2")
	install(t, at("new"), "18beta1")
	if err := os.MkdirAll(at("links"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(at("new/initdb"), at("links/initdb")); err != nil {
		t.Fatal(err)
	}
	script(t, at("config/pg_config"), "echo "+at("usual/15/bin"))

	found := func(context.Context) (string, error) { return "/downloaded/bin", nil }
	refused := func(context.Context) (string, error) { return "", errors.New("no network") }
	path := func(dirs ...string) string { return strings.Join(dirs, string(filepath.ListSeparator)) }
	tests := []struct {
		name      string
		search    search
		want      string
		wantError string
	}{
		{name: "PGBINDIR before all", search: search{pgBinDir: at("new"), path: at("usual/17/bin")}, want: at("new")},
		{
			name:      "PGBINDIR that points nowhere is not passed over",
			search:    search{pgBinDir: at("nowhere"), path: at("new")},
			wantError: "PGBINDIR is " + at("nowhere") + ": no initdb and postgres of version 15 or later there; correct it, or unset it to search elsewhere",
		},
		{name: "PATH, the link resolved", search: search{path: path(at("links"), at("usual/17/bin"))}, want: at("new")},
		{name: "PATH, too old a version passed over", search: search{path: path(at("old"), at("new"))}, want: at("new")},
		{name: "pg_config", search: search{path: at("config"), patterns: []string{at("usual/*/bin")}}, want: at("usual/15/bin")},
		{name: "usual folders, newest first", search: search{patterns: []string{at("usual/*/bin")}}, want: at("usual/17/bin")},
		{name: "download at last", search: search{path: at("old"), download: found}, want: "/downloaded/bin"},
		{
			name:   "nothing",
			search: search{download: refused},
			wantError: "no PostgreSQL 15 or later found on this machine, and none downloaded (no network): " +
				"install it (apt-get install postgresql, brew install postgresql), or set DATABASE_URL to a server of yours",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := test.search.find(t.Context())
			if test.wantError != "" {
				wantError(t, err, test.wantError)
				return
			}
			if err != nil || got != resolved(t, test.want) {
				t.Errorf("found %q, %v; want %q", got, err, test.want)
			}
		})
	}
}

func TestParseMajor(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]int{
		"postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n": 15,
		"postgres (PostgreSQL) 17.5\n":                           17,
		"postgres (PostgreSQL) 19beta1\n":                        19,
		"postgres (PostgreSQL) 20":                               20,
		"postgres (PostgreSQL) devel":                            0,
		"something else 15.1":                                    0,
		"":                                                       0,
	} {
		if got := parseMajor(answer); got != want {
			t.Errorf("parseMajor(%q) = %d, want %d", answer, got, want)
		}
	}
}

// install makes a folder that looks like PostgreSQL's of that version.
func install(t *testing.T, dir, version string) {
	t.Helper()
	script(t, filepath.Join(dir, "postgres"), "echo 'postgres (PostgreSQL) "+version+"'")
	script(t, filepath.Join(dir, "initdb"), "exit 1")
}

func script(t *testing.T, path, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// resolved is dir without symlinks: the temporary folder of macOS lies behind one. A folder that is not there stays as it is.
func resolved(t *testing.T, dir string) string {
	t.Helper()
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return dir
	}
	return real
}
