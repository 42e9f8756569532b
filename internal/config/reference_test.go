package config

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

func TestReference(t *testing.T) {
	t.Parallel()
	const golden = "testdata/settings.golden.md"
	if *update {
		if err := os.WriteFile(golden, []byte(Reference()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), Reference()); diff != "" {
		t.Errorf("the settings changed; go test ./internal/config -update writes the page anew (-want +got):\n%s", diff)
	}
	const page = "../../docs/settings.md"
	published, err := os.ReadFile(page)
	if err == nil && !strings.Contains(string(published), Reference()) {
		t.Errorf("%s does not hold %s as it is", page, golden)
	}
}

// Every default is allowed, and every setting says why it is there.
func TestSettingsTables(t *testing.T) {
	t.Parallel()
	checkTable(t, programSettings)
	checkTable(t, sourceSettings)
}

func checkTable[T any](t *testing.T, settings []setting[T]) {
	t.Helper()
	seen := make(map[string]bool)
	for _, s := range settings {
		if seen[s.key] {
			t.Errorf("%s is named twice", s.key)
		}
		seen[s.key] = true
		if s.why == "" {
			t.Errorf("%s has no reason", s.key)
		}
		if s.def != "" {
			if wrong := s.kind.set(new(T), given{place: s.key, raw: s.def, text: s.def}); wrong != nil {
				t.Errorf("its own default: %v", wrong)
			}
		}
	}
}
