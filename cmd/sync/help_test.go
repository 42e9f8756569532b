package main

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"simsync/internal/config"
)

// variableName is an environment variable of the settings.
var variableName = regexp.MustCompile(`\b(DATABASE|FLOLIVE|IOTX|SIMSYNC)_[A-Z_]*[A-Z]\b`)

// TestHelpNamesTheSettingsVariables holds the top help's list to the settings' own
// tables, both ways.
func TestHelpNamesTheSettingsVariables(t *testing.T) {
	var help strings.Builder
	if code := execute(context.Background(), []string{"--help"}, &help, &help); code != 0 {
		t.Fatalf("simsync --help: exit code %d", code)
	}
	got := names(help.String())
	want := append(names(config.Reference()), "SIMSYNC_CONFIG")                                         // names the file that the tables are of
	want = slices.DeleteFunc(want, func(name string) bool { return name == "SIMSYNC_PUSHGATEWAY_URL" }) // nothing is pushed yet
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables in the settings' tables (-) and in the help (+):\n%s", diff)
	}
}

func names(text string) []string {
	found := variableName.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryCommandShowsHowItIsUsed(t *testing.T) {
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range parser.Model.Leaves(false) {
		command, ok := reflect.TypeAssert[examples](leaf.Target)
		if !ok {
			t.Errorf("%s has no examples", leaf.FullPath())
			continue
		}
		for _, example := range command.examples() {
			command, _, _ := strings.Cut(example[0], " > ") // what follows is the shell's
			args := strings.Fields(command)
			parsed, err := parser.Parse(args[1:])
			if err != nil {
				t.Errorf("%s: the example %q is not a command line: %v", leaf.FullPath(), example[0], err)
			} else if parsed.Selected() != leaf {
				t.Errorf("%s: the example %q is of another command", leaf.FullPath(), example[0])
			}
			if !strings.HasSuffix(example[1], ".") {
				t.Errorf("%s: the example %q does not say in a sentence what it does", leaf.FullPath(), example[0])
			}
		}
	}
}

func TestJoinNegatives(t *testing.T) {
	for line, want := range map[string]string{
		"":                                 "",
		"runs --limit -3 --json":           "runs --limit=-3 --json",
		"run --max-rejects -0.1":           "run --max-rejects=-0.1",
		"runs --limit=5 -3":                "runs --limit=5 -3",
		"runs --limit -3 -4":               "runs --limit=-3 -4",
		"-3 runs -h -3":                    "-3 runs -h -3",
		"export --out --source iotx":       "export --out --source iotx",
		"export --out -":                   "export --out -",
		"run --max-rejects -inf":           "run --max-rejects -inf",
		"nickname --apply -- --limit -3 x": "nickname --apply -- --limit -3 x",
	} {
		if diff := cmp.Diff(strings.Fields(want), strings.Fields(strings.Join(joinNegatives(strings.Fields(line)), " "))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text  string
		width int
		want  []string
	}{
		{"", 10, nil},
		{"one", 10, []string{"one"}},
		{"one two three", 7, []string{"one two", "three"}},
		{"one two three", 6, []string{"one", "two", "three"}},
		{"a_word_wider_than_the_line b", 5, []string{"a_word_wider_than_the_line", "b"}},
		{"  spaces\n\tfold ", 80, []string{"spaces fold"}},
		{"no room at all", -3, []string{"no", "room", "at", "all"}},
	} {
		t.Run(fmt.Sprintf("%q in %d", test.text, test.width), func(t *testing.T) {
			if diff := cmp.Diff(test.want, wrap(test.text, test.width)); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}
