package main

import (
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"simsync/internal/config"
)

// completeCommand tells a shell what may come next on a command line. All of it follows
// from the commands themselves.
type completeCommand struct {
	Words []string `arg:"" optional:"" passthrough:"" help:"The command line after the program's name; the last word is the one to complete."`
}

func (completeCommand) examples() [][2]string {
	return [][2]string{{"simsync __complete run --so", "What a shell asks when TAB is pressed after simsync run --so."}}
}

// What a shell is to complete by itself.
const (
	files   = ":files"
	folders = ":folders"
)

// Run prints a candidate a line, with what it means after a tab. Whatever is wrong, a
// shell in the middle of a line is told nothing.
func (c *completeCommand) Run(e *environment, app *kong.Kong) error {
	l := line{node: app.Model.Node, given: map[string]bool{}}
	current := ""
	if n := len(c.Words); n > 0 {
		current = c.Words[n-1]
		for _, word := range c.Words[:n-1] {
			l.take(word)
		}
	}
	var b strings.Builder
	for _, found := range l.next(current) {
		if strings.HasPrefix(found.word, current) || found.word == files || found.word == folders {
			help, _, _ := strings.Cut(found.help, ". ") // a list has no room for more
			b.WriteString(strings.TrimRight(found.word+"\t"+strings.TrimSuffix(help, "."), "\t") + "\n")
		}
	}
	_, err := io.WriteString(e.stdout, b.String())
	return err
}

// candidate is a word that may come next, and what it means.
type candidate struct{ word, help string }

// line is a command line that has been read so far.
type line struct {
	node  *kong.Node // the command that it is in
	given map[string]bool
	// awaits is the flag whose value comes next; nil: none does.
	awaits *kong.Flag
	// config is the settings file that the line names.
	config     string
	positional int // values of the command's own, so far
	onlyValues bool
}

// take reads a word that is complete.
func (l *line) take(word string) {
	name, value, hasValue := strings.Cut(word, "=")
	switch {
	case l.awaits != nil:
		l.note(l.awaits, word)
		l.awaits = nil
	case l.onlyValues:
		l.positional++
	case word == "--":
		l.onlyValues = true
	case strings.HasPrefix(word, "-"):
		flag := l.flag(strings.TrimLeft(name, "-"))
		if flag == nil {
			return
		}
		l.given[flag.Name] = true
		if hasValue {
			l.note(flag, value)
		} else if !flag.IsBool() {
			l.awaits = flag
		}
	default:
		if child := l.child(word); child != nil {
			l.node = child
		} else {
			l.positional++
		}
	}
}

// note keeps what the values of other flags depend on.
func (l *line) note(flag *kong.Flag, value string) {
	if flag.Name == "config" {
		l.config = value
	}
}

func (l *line) child(name string) *kong.Node {
	for _, child := range l.node.Children {
		if child.Name == name {
			return child
		}
	}
	return nil
}

func (l *line) flag(name string) *kong.Flag {
	for _, flag := range l.flags() {
		if flag.Name == name || flag.Short != 0 && string(flag.Short) == name {
			return flag
		}
	}
	return nil
}

// flags are those of the command and of all that it is part of; of a command that stands
// for one of its own, those of that one too.
func (l *line) flags() []*kong.Flag {
	var all []*kong.Flag
	if l.node.DefaultCmd != nil {
		all = append(all, l.node.DefaultCmd.Flags...)
	}
	for node := l.node; node != nil; node = node.Parent {
		all = append(all, node.Flags...)
	}
	return all
}

// next are the words that may come next, where current has been begun.
func (l *line) next(current string) []candidate {
	name, _, hasValue := strings.Cut(current, "=")
	switch {
	case l.awaits != nil:
		return l.values(l.awaits.Value, l.awaits.PlaceHolder, "")
	case !l.onlyValues && strings.HasPrefix(current, "--") && hasValue:
		if flag := l.flag(strings.TrimPrefix(name, "--")); flag != nil && !flag.IsBool() {
			return l.values(flag.Value, flag.PlaceHolder, name+"=")
		}
		return nil
	case !l.onlyValues && strings.HasPrefix(current, "-"):
		return l.openFlags()
	}
	var all []candidate
	if !l.onlyValues && l.positional == 0 {
		for _, child := range l.node.Children {
			if !child.Hidden {
				all = append(all, candidate{child.Name, child.Help})
			}
		}
	}
	if l.positional < len(l.node.Positional) {
		all = append(all, l.values(l.node.Positional[l.positional], "", "")...)
	}
	return all
}

// openFlags are the flags that have not been given, or may be given again.
func (l *line) openFlags() []candidate {
	var all []candidate
	for _, flag := range l.flags() {
		if !flag.Hidden && (!l.given[flag.Name] || flag.IsCumulative()) {
			all = append(all, candidate{"--" + flag.Name, flag.Help})
		}
	}
	return all
}

// values are what a flag or an argument may be, each behind prefix. Of a free text nothing
// is known.
func (l *line) values(v *kong.Value, placeholder, prefix string) []candidate {
	var words []string
	switch {
	case v.Enum != "":
		words = strings.Split(v.Enum, ",")
	case v.Name == "source":
		words = l.sources()
	case v.Name == "log-level":
		words = logLevels
	case v.Name == "log-format":
		words = logFormats
	case v.Name == "format":
		words = formatNames()
	case placeholder == "FILE":
		return []candidate{{word: files}}
	case placeholder == "DIR":
		return []candidate{{word: folders}}
	}
	var all []candidate
	for _, word := range words {
		all = append(all, candidate{word: prefix + strings.TrimSpace(word)})
	}
	return all
}

// sources are the names of the settings' sources, where the settings can be read.
func (l *line) sources() []string {
	settings, err := config.Load(l.config, os.LookupEnv)
	if err != nil {
		return nil
	}
	var names []string
	for _, source := range settings.Sources {
		names = append(names, source.Name)
	}
	slices.Sort(names)
	return names
}
