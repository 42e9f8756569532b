package house

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"strings"
	"unicode"
)

// checkMarkers: what is begun is finished, or is in nobody's way.
func checkMarkers(t *tree) []finding {
	// The words are put together here, so that this file does not hold them.
	marker := regexp.MustCompile(`\b(` + "TO" + "DO|FIX" + "ME|XX" + `X)\b`)
	return t.search(marker, "an unfinished place: finish it or take it away")
}

// checkPaths: the program runs, and is read, on other machines.
func checkPaths(t *tree) []finding {
	// Linuxbrew's folder is the same on every machine.
	place := regexp.MustCompile(`(^|[^\w.~}])(/(work|root)/\w|/home/(?:[a-km-z]|l[^i])|/Users/\w|[A-Z]:\\Users)`)
	return t.search(place, "a path of one machine")
}

// search finds the lines of all text that match. Checksums are left out: they spell what they like.
func (t *tree) search(pattern *regexp.Regexp, what string) []finding {
	var all []finding
	for _, file := range t.texts {
		if path.Ext(file.path) == ".sum" {
			continue
		}
		for i, line := range strings.Split(file.text, "\n") {
			if found := pattern.FindString(line); found != "" {
				all = append(all, finding{fmt.Sprintf("%s:%d", file.path, i+1), fmt.Sprintf("%q: %s", found, what)})
			}
		}
	}
	return all
}

// checkLetters: what a reader sees is what the compiler reads. Letters that look alike have no place in names, and characters that
// are not seen at all have none anywhere: they are written as escapes.
func checkLetters(t *tree) []finding {
	var all []finding
	for _, file := range t.texts {
		for i, line := range strings.Split(file.text, "\n") {
			if at := strings.IndexFunc(line, isUnseen); at >= 0 {
				unseen := []rune(line[at:])[0]
				all = append(all, finding{fmt.Sprintf("%s:%d", file.path, i+1), fmt.Sprintf("%U is not seen: write it as an escape", unseen)})
			}
		}
	}
	everywhere := func(goFile) bool { return true }
	t.each(everywhere, func(_ goFile, n ast.Node) {
		if name, ok := n.(*ast.Ident); ok && strings.IndexFunc(name.Name, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
			all = append(all, finding{t.at(n), fmt.Sprintf("the name %+q: letters that look alike are told apart by nobody", name.Name)})
		}
	})
	return all
}

// isUnseen recognises control and formatting characters (those that turn the direction of text among them) and spaces that are
// not the space.
func isUnseen(r rune) bool {
	switch r {
	case '\t', '\r', ' ':
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp)
}
