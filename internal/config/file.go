package config

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// file reads a settings file into the program's section and one section a source. What cannot be read is reported and left out.
//
// It walks the syntax tree instead of decoding into the Config: so every problem is found, not the first; each has its line; and an
// error speaks of settings, not of Go types, and repeats nothing of the file that it should not.
func (l *loader) file(path string) (program section, sources []section) {
	l.dir = filepath.Dir(path)
	f := &document{loader: l, path: path}
	program = section{values: map[string]given{}, place: func(key string) string { return path + ": " + key }}
	content, err := l.readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.report(fault{path, fmt.Sprintf("does not exist; it is named by --config or %s", envConfig), ""})
		return program, nil
	case err != nil:
		l.report(fault{path, "cannot be read: " + reason(err).Error(), ""})
		return program, nil
	}
	root := f.parse(content)
	if root == nil {
		return program, nil
	}
	mapping{
		document: f, keys: keysOf(programSettings), values: program.values,
		special: map[string]func(ast.Node){"sources": func(n ast.Node) { sources = f.sources(n) }},
	}.read(root)
	return program, sources
}

// document is a settings file on its way into sections.
type document struct {
	*loader
	path string
}

// parse returns the file's one document; nil when there is none, or it is reported.
func (f *document) parse(content []byte) (root ast.Node) {
	defer func() {
		// The parser is not ours, and the file is anybody's. What it stumbled over is in no way shown.
		if recover() != nil {
			f.report(fault{f.path, "is not YAML that can be read", ""})
			root = nil
		}
	}()
	tree, err := parser.ParseBytes(content, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		f.report(f.syntax(err))
		return nil
	}
	var bodies []ast.Node
	for _, doc := range tree.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.CommentType {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return nil // an empty file sets nothing
	case 1:
		return bodies[0]
	default:
		f.report(fault{f.where(bodies[1], ""), "has a second document here; settings are one", ""})
		return nil
	}
}

// syntax words the parser's error: its own text would print the lines around, and a secret with them.
func (f *document) syntax(err error) error {
	var at yaml.Error
	if !errors.As(err, &at) || at.GetToken() == nil || at.GetToken().Position == nil {
		return fault{f.path, "is not YAML", ""}
	}
	message := at.GetMessage()
	if strings.Contains(message, `"`) { // it quotes the file
		message = "unexpected text"
	}
	return fault{fmt.Sprintf("%s:%d:", f.path, at.GetToken().Position.Line), "not YAML: " + message, ""}
}

// where is the place of a key or value.
func (f *document) where(n ast.Node, name string) string {
	line := 0
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		line = tk.Position.Line
	}
	if name == "" {
		name = "the file"
	}
	return fmt.Sprintf("%s:%d: %s", f.path, line, name)
}

// sources reads the list of sources, one section each.
func (f *document) sources(n ast.Node) []section {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		f.report(fault{f.where(n, "sources"), "is " + nodeKind(n), "a list of sources"})
		return nil
	}
	var found []section
	for i, item := range list.Values {
		name := fmt.Sprintf("sources[%d]", i)
		sec := section{
			values: map[string]given{},
			place:  func(key string) string { return f.where(item, name+"."+key) },
		}
		if _, ok := item.(ast.MapNode); ok {
			found = append(found, sec)
		}
		mapping{document: f, name: name, keys: keysOf(sourceSettings), values: sec.values}.read(item)
	}
	return found
}
