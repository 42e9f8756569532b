package config

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
)

// envFileSuffix makes the name of the variable that names a secret's file.
const envFileSuffix = "_FILE"

// env is a variable's value. An empty one counts as unset: a manifest cannot always leave one out.
func (l *loader) env(name string) (string, bool) {
	value, ok := l.lookup(name)
	return value, ok && value != ""
}

// envSources are the sources that the environment describes: those whose base URL is set.
func (l *loader) envSources() []section {
	var found []section
	for _, source := range envSources {
		if _, active := l.env(source.prefix + "BASE_URL"); !active {
			continue
		}
		sec := section{
			values: map[string]given{
				"name": {place: "name", text: source.name},
				"api":  {place: "api", text: string(source.api)},
			},
			place: func(key string) string { return source.prefix + strings.ToUpper(key) },
		}
		for _, s := range sourceSettings {
			if s.env != "" && (s.api == "" || s.api == source.api) {
				l.fromEnv(sec.values, s.key, source.prefix+s.env, s.secret)
			}
		}
		found = append(found, sec)
	}
	return found
}

// overlayEnv puts the program's variables above what the file says.
func (l *loader) overlayEnv(program section) {
	for _, s := range programSettings {
		if s.env == "" {
			continue
		}
		above := make(map[string]given)
		l.fromEnv(above, s.key, s.env, s.secret)
		if len(above) == 0 {
			continue
		}
		delete(program.values, s.key)
		delete(program.values, s.key+fileSuffix)
		maps.Copy(program.values, above)
	}
}

// fromEnv takes a setting's variable, and a secret's variable that names its file.
func (l *loader) fromEnv(values map[string]given, key, name string, secret bool) {
	if value, ok := l.env(name); ok {
		values[key] = given{place: name, raw: value, text: value, env: true}
	}
	if !secret {
		return
	}
	if value, ok := l.env(name + envFileSuffix); ok {
		values[key+fileSuffix] = given{place: name + envFileSuffix, raw: value, text: value, env: true}
	}
}

// reference is what stands for a variable in a settings file; escaped it stands for itself.
var reference = regexp.MustCompile(`\$?\$\{[^}]*\}?`)

var variable = regexp.MustCompile(`^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$`)

// expand replaces each ${NAME} by the variable's value; $${ stands for ${. It returns what is wrong with a reference, reading on from the
// place.
func (l *loader) expand(text string) (expanded string, wrong []string) {
	expanded = reference.ReplaceAllStringFunc(text, func(ref string) string {
		if strings.HasPrefix(ref, "$$") {
			return ref[1:]
		}
		name := variable.FindStringSubmatch(ref)
		if name == nil {
			wrong = append(wrong, "holds ${ that is no ${NAME}; write $${ for the text ${")
			return ""
		}
		value, ok := l.env(name[1])
		l.named = append(l.named, name[1])
		if !ok {
			wrong = append(wrong, fmt.Sprintf("names the variable %s, which is not set", name[1]))
		}
		return value
	})
	return expanded, wrong
}
