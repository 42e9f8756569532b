package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"
)

func TestComplete(t *testing.T) {
	t.Setenv("FLOLIVE_BASE_URL", "https://floportal.example")
	t.Setenv("FLOLIVE_TOKEN", "t-1")
	t.Setenv("FLOLIVE_CUSTOMERS", "3bd92beb-0367-4e68-b50d-72c0fb08beab")
	t.Setenv("IOTX_BASE_URL", "https://iotx.example")
	t.Setenv("IOTX_TOKEN", "t-2")
	t.Setenv("SIMSYNC_CONFIG", "")
	for _, test := range []struct {
		name string
		line []string
		want []string
	}{
		{"a command", []string{"ver"}, []string{"version\tVersion, commit and Go version"}},
		{"a command that is not there", []string{"xyz"}, nil},
		{"none that is hidden", []string{"__"}, nil},
		{"a command within another", []string{"migrate", "s"}, []string{"status\tList the migrations and when each was applied"}},
		{"behind flags", []string{"--log-level", "info", "mig"}, []string{"migrate\tBring the database's schema up to date, take a step back, or tell where it is"}},
		{"a flag", []string{"run", "--sou"}, []string{"--source\tOnly this source; may be given several times"}},
		{"a flag that may be given again", []string{"run", "--source", "iotx", "--sou"}, []string{"--source\tOnly this source; may be given several times"}},
		{"a flag that may not", []string{"run", "--migrate", "--mig"}, nil},
		{"a flag for all commands", []string{"check", "--con"}, []string{"--config\tSettings file (YAML)"}},
		{"a flag of the command that another stands for", []string{"runs", "--lim"}, []string{"--limit\tHow many runs"}},
		{"a source", []string{"run", "--source", ""}, []string{"flolive", "iotx"}},
		{"a source behind =", []string{"run", "--source=f"}, []string{"--source=flolive"}},
		{"no source of a file that is not there", []string{"--config", "none.yaml", "run", "--source", ""}, nil},
		{"a word of several", []string{"--log-format", "c"}, []string{"console"}},
		{"a word of the parser's", []string{"backfill", "--details", ""}, []string{"all", "stale", "none"}},
		{"a format", []string{"export", "--format", "p"}, []string{"parquet"}},
		{"an argument", []string{"completion", "z"}, []string{"zsh"}},
		{"one argument alone", []string{"completion", "zsh", ""}, nil},
		{"a file", []string{"move", "--file", "mo"}, []string{":files"}},
		{"a file behind =", []string{"--config=a"}, []string{":files"}},
		{"a text of one's own", []string{"nickname", "8944"}, nil},
		{"nothing behind --", []string{"run", "--", "--so"}, nil},
		{"not help", []string{"run", "--help", "--mig"}, []string{"--migrate\tBring the schema up to date first"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, errs strings.Builder
			if code := execute(context.Background(), append([]string{"__complete"}, test.line...), &out, &errs); code != 0 || errs.String() != "" {
				t.Errorf("exit code %d\n%s", code, errs.String())
			}
			var got []string
			for line := range strings.Lines(out.String()) {
				got = append(got, strings.TrimSuffix(line, "\n"))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("candidates (-want +got):\n%s", diff)
			}
		})
	}
}

// Everything that help, manual page and completion show comes from the commands: none may
// be left without a word.
func TestEverythingHasHelp(t *testing.T) {
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	err = kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		switch node := node.(type) {
		case *kong.Node:
			if node.Help == "" && node.Type == kong.CommandNode {
				t.Errorf("%s has no help", node.FullPath())
			}
		case *kong.Value:
			if node.Help == "" {
				t.Errorf("%s has no help", node.ShortSummary())
			}
		case *kong.Flag:
			if node.Help == "" {
				t.Errorf("%s has no help", node.Summary())
			}
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The manual page has every command and every flag, and help has no line that a narrow
// terminal would break, but for those of the parser's usage and of examples.
func TestManualIsWhole(t *testing.T) {
	var page strings.Builder
	if code := execute(context.Background(), []string{"man"}, &page, io.Discard); code != 0 {
		t.Fatalf("simsync man: exit code %d", code)
	}
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(page.String(), "\n")
	for _, leaf := range parser.Model.Leaves(true) {
		title := ".SS " + escaped(leaf.FullPath()[1:]+argumentsOf(leaf))
		if !slices.ContainsFunc(lines, func(line string) bool {
			return strings.HasPrefix(line, ".SS ") && strings.HasSuffix(title, line[len(".SS simsync"):])
		}) {
			t.Errorf("the page lacks %s", leaf.FullPath())
		}
		for _, flag := range leaf.Flags {
			if !strings.Contains(page.String(), escaped("--"+flag.Name)) {
				t.Errorf("the page lacks --%s of %s", flag.Name, leaf.FullPath())
			}
		}
	}
}

func TestEscaped(t *testing.T) {
	for text, want := range map[string]string{
		"":              "",
		"--json":        `\-\-json`,
		".TH is":        `\&.TH is`,
		"'quoted'":      `\(aqquoted\(aq`,
		`a\nb ^~` + "`": `a\enb \(ha\(ti\(ga`,
	} {
		if got := escaped(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
