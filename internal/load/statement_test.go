package load

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Statements are named by text, so that a failing one can be told: each name in the
// sources must have its file, and each file its name.
func TestEveryStatementIsThereAndUsed(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("sql")
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, f := range files {
		name, isSQL := strings.CutSuffix(f.Name(), ".sql")
		if !isSQL {
			t.Errorf("sql/%s is no statement", f.Name())
		}
		there = append(there, name)
	}
	if used := namesInSources(t); !slices.Equal(there, used) {
		t.Errorf("files of sql/:\n%q\nnames in the sources:\n%q", there, used)
	}
}

// namesInSources are the names of all statements that the package runs.
func namesInSources(t *testing.T) []string {
	t.Helper()
	named := regexp.MustCompile(`(?:statement\(|\.do\(|collect\(.*?)"(\w+)"`)
	sources, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range sources {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		text, err := os.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range named.FindAllStringSubmatch(string(text), -1) {
			names = append(names, found[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
