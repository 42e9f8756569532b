package house

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// rule finds what breaks it in a tree of source files.
type rule struct {
	name  string // also that of its fixture, testdata/NAME.txtar
	check func(*tree) []finding
}

// finding is one breach of a rule.
type finding struct {
	place string // FILE, FILE:LINE or a folder, from the root of the tree
	what  string // what is wrong there, and why that matters
}

func (f finding) String() string { return f.place + ": " + f.what }

var rules = []rule{
	{"imports", checkImports},
	{"pure", checkPure},
	{"goroutines", checkGoroutines},
	{"errortext", checkErrorText},
	{"sleep", checkSleep},
	{"names", checkPackageNames},
	{"comments", checkPackageComments},
	{"docstrings", checkDocstrings},
	{"length", checkLength},
	{"markers", checkMarkers},
	{"paths", checkPaths},
	{"letters", checkLetters},
	{"statements", checkStatements},
	{"migrations", checkMigrations},
}

// The rules hold in the program.
func TestHouse(t *testing.T) {
	t.Parallel()
	program, err := read(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if program.module != "simsync" || len(program.goFiles) < 20 {
		t.Fatalf("this is not the program's tree: module %q, %d Go files", program.module, len(program.goFiles))
	}
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range r.check(program) {
				t.Error(f)
			}
		})
	}
}

// Every rule finds what its fixture holds, and nothing else. The fixture's comment, before its files, is the findings.
func TestRulesFind(t *testing.T) {
	t.Parallel()
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(filepath.Join("testdata", r.name+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			files := make(fstest.MapFS)
			for _, f := range archive.Files {
				files[f.Name] = &fstest.MapFile{Data: f.Data}
			}
			broken, err := read(files)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Split(strings.TrimSpace(string(archive.Comment)), "\n")
			if diff := cmp.Diff(want, lines(r.check(broken))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// Every fixture belongs to a rule.
func TestFixtures(t *testing.T) {
	t.Parallel()
	found, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, r := range rules {
		want = append(want, filepath.Join("testdata", r.name+".txtar"))
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("fixtures (-want +got):\n%s", diff)
	}
}

func lines(findings []finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, fmt.Sprint(f))
	}
	return all
}
