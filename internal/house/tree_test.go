package house

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tree is a module's source, parsed. Files of every platform are in it: build tags are not looked at.
type tree struct {
	module  string
	texts   []textFile // every file that is text, Go too, in order of path
	goFiles []goFile
	fset    *token.FileSet
}

type textFile struct {
	path string
	text string
}

type goFile struct {
	path    string
	dir     string // the folder: "." for the root's
	isTest  bool
	syntax  *ast.File
	imports []imported
}

type imported struct {
	path string
	line int
}

// read takes in a module. Left out are hidden folders save .ci, what is built, and fixtures.
func read(root fs.FS) (*tree, error) {
	t := &tree{fset: token.NewFileSet()}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && isForeign(entry.Name(), name):
			return fs.SkipDir
		case entry.IsDir() || !entry.Type().IsRegular(), name == ".git": // a file in a linked worktree
			return nil
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		return t.add(name, data)
	})
	return t, err
}

func isForeign(base, name string) bool {
	switch base {
	case "testdata", "bin", "dist", "node_modules":
		return true
	}
	return strings.HasPrefix(base, ".") && name != "." && name != ".ci"
}

func (t *tree) add(name string, data []byte) error {
	if !utf8.Valid(data) {
		return nil // a picture, perhaps
	}
	t.texts = append(t.texts, textFile{name, string(data)})
	switch {
	case name == "go.mod":
		first, _, _ := strings.Cut(string(data[max(0, strings.Index(string(data), "module ")):]), "\n")
		t.module = strings.TrimSpace(strings.TrimPrefix(first, "module "))
	case strings.HasSuffix(name, ".go"):
		return t.addGo(name, data)
	}
	return nil
}

func (t *tree) addGo(name string, data []byte) error {
	syntax, err := parser.ParseFile(t.fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("parse: %w", err)
	}
	f := goFile{path: name, dir: path.Dir(name), isTest: strings.HasSuffix(name, "_test.go"), syntax: syntax}
	for _, spec := range syntax.Imports {
		imports, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return fmt.Errorf("%s: %w", t.at(spec), err)
		}
		f.imports = append(f.imports, imported{imports, t.fset.Position(spec.Pos()).Line})
	}
	t.goFiles = append(t.goFiles, f)
	return nil
}

// at is the place of a piece of syntax.
func (t *tree) at(n ast.Node) string {
	p := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", p.Filename, p.Line)
}

// each calls visit for every piece of syntax of the files that want accepts.
func (t *tree) each(want func(goFile) bool, visit func(goFile, ast.Node)) {
	for _, f := range t.goFiles {
		if !want(f) {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if n != nil {
				visit(f, n)
			}
			return true
		})
	}
}

// isProgram accepts what is compiled into a program, as opposed to its tests.
func isProgram(f goFile) bool { return !f.isTest }

// within says whether a folder is one of rooms or below one.
func within(dir string, rooms ...string) bool {
	for _, room := range rooms {
		if dir == room || strings.HasPrefix(dir, room+"/") {
			return true
		}
	}
	return false
}

// member returns what n takes from a package, such as "Now" of time.Now. Empty: nothing.
func (f goFile) member(n ast.Node, pkg string) string {
	selector, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	left, ok := selector.X.(*ast.Ident)
	if !ok || left.Name != f.nameOf(pkg) {
		return ""
	}
	return selector.Sel.Name
}

// nameOf returns the name by which the file knows an imported package. Empty: it does not import it.
func (f goFile) nameOf(pkg string) string {
	for _, spec := range f.syntax.Imports {
		if spec.Path.Value != strconv.Quote(pkg) {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(pkg)
	}
	return ""
}
