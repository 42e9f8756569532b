package config

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// largestFile bounds a settings file and a secret's file, in bytes: more is a wrong path.
const largestFile = 1 << 20

// loader collects what is given and what is wrong with it.
type loader struct {
	lookup   func(string) (string, bool)
	readFile func(string) ([]byte, error)
	dir      string // the settings file's folder, which its relative paths start from
	problems []string
	warnings []Warning
	named    []string // the variables that the settings file names
}

// section is a part of the settings: the program's own, or a source's.
type section struct {
	values map[string]given // by key, as setting.key has it
	// place names a key that is not among the values, to say that it is missing.
	place func(key string) string
}

// has says whether a setting was given, itself or as a file.
func (s section) has(key string) bool {
	_, here := s.values[key]
	_, file := s.values[key+fileSuffix]
	return here || file
}

// at is the place of a setting, given or not.
func (s section) at(key string) string {
	for _, k := range []string{key, key + fileSuffix} {
		if g, ok := s.values[k]; ok {
			return g.place
		}
	}
	return s.place(key)
}

const fileSuffix = "_file"

// load gathers the sections, fills the Config from them, checks what no setting can see alone, and reports everything that is wrong.
func (l *loader) load(path string) (*Config, error) {
	if path == "" {
		path, _ = l.env(envConfig)
	}
	program, sources := section{values: map[string]given{}}, l.envSources()
	if path != "" {
		program, sources = l.file(path)
	}
	l.overlayEnv(program)
	c := &Config{}
	fill(l, c, "", programSettings, program)
	for _, sec := range sources {
		c.Sources = append(c.Sources, l.source(sec))
	}
	l.checkSources(c.Sources, sources)
	l.checkArchive(c.Archive, program)
	l.resolvePaths(c)
	l.warnUnused(path)
	c.Warnings = l.warnings
	if len(l.problems) > 0 {
		return nil, &Error{Problems: l.problems}
	}
	return c, nil
}

// source fills one source: its api first, which decides what else it may have.
func (l *loader) source(sec section) Source {
	var s Source
	for _, set := range sourceSettings {
		if g, ok := sec.values[set.key]; ok && set.key == "api" {
			_ = set.kind.set(&s, g) // fill reports it
		}
	}
	fill(l, &s, s.API, sourceSettings, sec)
	l.checkSource(s, sec)
	return s
}

// fill puts into target what sec gives, and defaults for the rest. Settings of another API than api are refused; with no api known, all
// are looked at and none is missed.
func fill[T any](l *loader, target *T, api API, settings []setting[T], sec section) {
	for _, s := range settings {
		if api != "" && s.api != "" && s.api != api {
			if sec.has(s.key) {
				l.report(fault{sec.at(s.key), fmt.Sprintf("belongs to api %s, and this source is %s", s.api, api), ""})
			}
			continue
		}
		g, ok := resolve(l, s, sec)
		switch {
		case ok:
			for _, err := range s.kind.set(target, g) {
				l.report(err)
			}
		case sec.has(s.key): // and could not be read, which is reported
		case s.def != "":
			s.kind.set(target, given{text: s.def})
		case s.required && (s.api == "" || s.api == api):
			l.report(fault{sec.at(s.key), "is missing", s.kind.allowed})
		}
	}
}

// resolve finds what is given for a setting, in a secret's own file if need be.
func resolve[T any](l *loader, s setting[T], sec section) (given, bool) {
	g, here := sec.values[s.key]
	if g.unreadable {
		return given{}, false
	}
	if here && g.text == "" && !g.list && s.secret {
		l.report(fault{g.place, "is empty", ""})
		return given{}, false
	}
	file, elsewhere := sec.values[s.key+fileSuffix]
	if !s.secret || !elsewhere {
		return g, here
	}
	if file.unreadable {
		return given{}, false
	}
	if here {
		l.report(fault{file.place, "is given beside " + lastWord(g.place) + "; keep one of the two", ""})
		return given{}, false
	}
	text, err := l.secretFile(file)
	if err != nil {
		l.report(fault{file.place, err.Error(), ""})
		return given{}, false
	}
	return given{place: file.place, text: text}, true
}

// lastWord is a place without its file and line.
func lastWord(place string) string {
	return place[strings.LastIndexByte(place, ' ')+1:]
}

// secretFile reads a secret, without the line break that editors and echo leave at its end. Its errors read on from the place. They
// repeat the path only as it stands in a settings file: in a variable it may be the secret itself, put into the wrong one.
func (l *loader) secretFile(file given) (string, error) {
	if file.list {
		return "", errors.New("is a list; allowed: a path")
	}
	named, path := "names the file "+show(file.raw), l.fromFile(file.text)
	if file.env {
		named, path = "names a file", file.text
	}
	content, err := l.readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("%s that does not exist", named)
	case errors.Is(err, fs.ErrPermission):
		return "", fmt.Errorf("%s that may not be read", named)
	case err != nil:
		return "", fmt.Errorf("%s that cannot be read: %w", named, reason(err))
	}
	text := strings.TrimSuffix(strings.TrimSuffix(string(content), "\n"), "\r")
	if text == "" {
		return "", fmt.Errorf("%s that is empty", named)
	}
	l.warnOpen(file.place, path)
	return text, nil
}

// resolvePaths makes the paths of a settings file relative to it.
func (l *loader) resolvePaths(c *Config) {
	c.Archive.Dir = l.fromFile(c.Archive.Dir)
	for i := range c.Sources {
		c.Sources[i].Profiles.EIDFile = l.fromFile(c.Sources[i].Profiles.EIDFile)
	}
}

func (l *loader) fromFile(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(l.dir, path)
}

func (l *loader) report(err error) { l.problems = append(l.problems, err.Error()) }

// reason is an error without the path that the caller names in its own way.
func reason(err error) error {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err
	}
	return err
}

// errTooLarge is readFile's word on a file that is no file of settings.
var errTooLarge = fmt.Errorf("is larger than %d KiB", largestFile>>10)

// readFile reads a file of at most largestFile bytes.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, largestFile+1))
	if err != nil {
		return nil, err
	}
	if len(content) > largestFile {
		return nil, errTooLarge
	}
	return content, nil
}
