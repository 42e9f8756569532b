package localpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// oldest is the first major version of PostgreSQL that the schema's SQL needs (MERGE is from 15).
const oldest = 15

// search is where binaries are looked for, in the order of its fields. Tests look elsewhere.
type search struct {
	pgBinDir string   // the environment's PGBINDIR: who sets it means it, so nothing else is tried
	path     string   // the environment's PATH
	patterns []string // the folders where systems put PostgreSQL, as patterns of path/filepath
	// download is the last resort. Nil: none.
	download func(ctx context.Context) (string, error)
}

// installed is the search on this machine.
func installed() search {
	return search{
		pgBinDir: os.Getenv("PGBINDIR"),
		path:     os.Getenv("PATH"),
		patterns: []string{
			"/usr/lib/postgresql/*/bin",                                       // Debian, Ubuntu
			"/usr/pgsql-*/bin",                                                // PGDG on Red Hat and its kin
			"/usr/libexec/postgresql*",                                        // Alpine
			"/opt/homebrew/opt/postgresql@*/bin",                              // Homebrew on Apple silicon
			"/usr/local/opt/postgresql@*/bin",                                 // Homebrew on Intel
			"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",                 // Homebrew on Linux
			"/Applications/Postgres.app/Contents/Versions/[1-9]*/bin",         // Postgres.app
			"/usr/local/pgsql/bin",                                            // built by hand
			"/nix/var/nix/profiles/default/bin", "/run/current-system/sw/bin", // Nix
		},
		download: download,
	}
}

// find returns the folder that holds initdb and postgres, version 15 or later: PGBINDIR, PATH, pg_config's folder, the usual folders
// newest first, and at last a download.
func (s search) find(ctx context.Context) (string, error) {
	if s.pgBinDir != "" {
		if majorVersion(ctx, s.pgBinDir) < oldest {
			return "", fmt.Errorf("PGBINDIR is %s: no initdb and postgres of version %d or later there; correct it, or unset it to search elsewhere",
				s.pgBinDir, oldest)
		}
		return s.pgBinDir, nil
	}
	for _, dir := range s.folders(ctx) {
		if majorVersion(ctx, dir) >= oldest {
			return dir, nil
		}
	}
	if ctx.Err() != nil { // the programs were not asked, or killed before they answered
		return "", fmt.Errorf("look for PostgreSQL: %w", context.Cause(ctx))
	}
	err := errors.New("nowhere to download from")
	if s.download != nil {
		var dir string
		if dir, err = s.download(ctx); err == nil {
			return dir, nil
		}
	}
	return "", fmt.Errorf("no PostgreSQL %d or later found on this machine, and none downloaded (%w): "+
		"install it (apt-get install postgresql, brew install postgresql), or set DATABASE_URL to a server of yours", oldest, err)
}

// folders lists where the binaries may be, best first.
func (s search) folders(ctx context.Context) []string {
	var dirs []string
	for _, dir := range filepath.SplitList(s.path) {
		// A package manager often links single programs into PATH, while initdb looks for its companions beside its real self.
		if real, err := filepath.EvalSymlinks(filepath.Join(dir, "initdb")); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	for _, dir := range filepath.SplitList(s.path) {
		if out, err := exec.CommandContext(ctx, filepath.Join(dir, "pg_config"), "--bindir").Output(); err == nil {
			dirs = append(dirs, strings.TrimSpace(string(out)))
		}
	}
	var usual []string
	for _, pattern := range s.patterns {
		found, _ := filepath.Glob(pattern) // the only error is a malformed pattern, and these are ours
		usual = append(usual, found...)
	}
	slices.SortStableFunc(usual, func(a, b string) int { return majorVersion(ctx, b) - majorVersion(ctx, a) })
	return append(dirs, usual...)
}

// majorVersion asks the postgres in dir for its major version. 0: dir does not hold both programs, or they do not run.
func majorVersion(ctx context.Context, dir string) int {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return 0
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "-V").Output()
	if err != nil {
		return 0
	}
	return parseMajor(string(out))
}

// parseMajor reads the answer of postgres -V: "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "postgres (PostgreSQL) 19beta1".
func parseMajor(answer string) int {
	_, version, found := strings.Cut(answer, "(PostgreSQL) ")
	if !found {
		return 0
	}
	end := strings.IndexFunc(version, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(version)
	}
	major, err := strconv.Atoi(version[:end])
	if err != nil {
		return 0
	}
	return major
}
