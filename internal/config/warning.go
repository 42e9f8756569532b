package config

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
)

// Warning is something about the settings that is not wrong, and hardly meant. Neither text holds a secret.
type Warning struct {
	// Text says where it stands and what is there, Remedy what to do.
	Text, Remedy string
}

// readableByAll is the permission of everybody to read a file.
const readableByAll fs.FileMode = 0o004

// warnOpen warns of a file with a secret that every user of the machine may read. What names it is the setting's place.
func (l *loader) warnOpen(place, path string) {
	info, err := os.Stat(path)
	if err != nil || info.Mode()&readableByAll == 0 {
		return
	}
	l.warn(place+" names a secret's file that every user of this machine may read", "Take that away: chmod o-r on the file; in Kubernetes, defaultMode: 0440 of the volume.")
}

// warnUnused warns of variables that describe nothing: those of a source whose base URL is not set, and, beside a settings file, those that
// it does not name.
func (l *loader) warnUnused(path string) {
	for _, source := range envSources {
		if _, active := l.env(source.prefix + "BASE_URL"); active && path == "" {
			continue
		}
		for _, name := range l.setVariables(source) {
			switch {
			case path == "":
				l.warn(name+" is set and describes nothing", fmt.Sprintf("Set %sBASE_URL too, or unset it.", source.prefix))
			case !slices.Contains(l.named, name):
				l.warn(name+" is set, and the settings file does not use it", fmt.Sprintf("Unset it, or write ${%s} in %s where it belongs.", name, path))
			}
		}
	}
}

// setVariables are the variables of a source that are set.
func (l *loader) setVariables(source envSource) []string {
	set := make(map[string]bool)
	for _, s := range sourceSettings {
		if s.env == "" || s.api != "" && s.api != source.api {
			continue
		}
		names := []string{source.prefix + s.env}
		if s.secret {
			names = append(names, source.prefix+s.env+envFileSuffix)
		}
		for _, name := range names {
			if _, ok := l.env(name); ok {
				set[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(set))
}

func (l *loader) warn(text, remedy string) {
	l.warnings = append(l.warnings, Warning{Text: strings.TrimSpace(text), Remedy: remedy})
}
