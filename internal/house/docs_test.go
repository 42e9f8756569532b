package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// checkPackageComments: every package says what it is, once.
func checkPackageComments(t *tree) []finding {
	commented := make(map[string]int)
	for _, f := range t.goFiles {
		if f.isTest {
			continue
		}
		commented[f.dir] += 0
		if f.syntax.Doc != nil && saysWhatItIs(f) {
			commented[f.dir]++
		}
	}
	var all []finding
	for _, dir := range slices.Sorted(maps.Keys(commented)) {
		switch n := commented[dir]; {
		case n == 0:
			all = append(all, finding{dir, "no package comment: say what it is, and what it refuses to know"})
		case n > 1:
			all = append(all, finding{dir, fmt.Sprintf("%d package comments: one place says it", n)})
		}
	}
	return all
}

// saysWhatItIs accepts "Package NAME ..." of a library and any comment of a program, whose package is only named main.
func saysWhatItIs(f goFile) bool {
	name := f.syntax.Name.Name
	return name == "main" || strings.HasPrefix(f.syntax.Doc.Text(), "Package "+name+" ")
}

// checkDocstrings: what is exported is explained. Programs export nothing: their capitals are for the parser of the command line.
func checkDocstrings(t *tree) []finding {
	var all []finding
	for _, f := range t.goFiles {
		if f.isTest || f.syntax.Name.Name == "main" {
			continue
		}
		for _, decl := range f.syntax.Decls {
			for _, name := range undocumented(decl) {
				all = append(all, finding{t.at(name), name.Name + " is exported and has no docstring"})
			}
		}
	}
	return all
}

// undocumented returns the exported names of a declaration that no comment explains.
func undocumented(decl ast.Decl) []*ast.Ident {
	var names []*ast.Ident
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Doc == nil && decl.Name.IsExported() && isOfExported(decl.Recv) {
			names = append(names, decl.Name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			names = append(names, undocumentedIn(decl, spec)...)
		}
	}
	return names
}

// undocumentedIn looks at one line of a declaration. A group of constants or variables may be explained as one; types are each
// explained on their own.
func undocumentedIn(decl *ast.GenDecl, spec ast.Spec) []*ast.Ident {
	var names []*ast.Ident
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		alone := !decl.Lparen.IsValid() && decl.Doc != nil
		if spec.Name.IsExported() && spec.Doc == nil && !alone {
			names = append(names, spec.Name)
		}
	case *ast.ValueSpec:
		if decl.Doc != nil || spec.Doc != nil || spec.Comment != nil {
			return nil
		}
		for _, name := range spec.Names {
			if name.IsExported() {
				names = append(names, name)
			}
		}
	}
	return names
}

// isOfExported says whether a function is none of a type's, or of an exported type's.
func isOfExported(receiver *ast.FieldList) bool {
	if receiver == nil {
		return true
	}
	exported := false
	ast.Inspect(receiver.List[0].Type, func(n ast.Node) bool {
		name, ok := n.(*ast.Ident)
		if ok && !exported {
			exported = name.IsExported()
		}
		return !ok // the first name is the type's; what follows are its parameters
	})
	return exported
}

// Lengths in lines. They are where a reader loses the thread, not a measure of merit.
const (
	longestFile     = 400
	longestFunction = 60
)

// checkLength: a function fits a screen, and a file has one subject. Tests may be longer: a table is read line by line.
func checkLength(t *tree) []finding {
	var all []finding
	t.each(isProgram, func(f goFile, n ast.Node) {
		lines := func(n ast.Node) int { return t.line(n.End()) - t.line(n.Pos()) + 1 }
		switch n := n.(type) {
		case *ast.File:
			if length := t.fset.File(n.Pos()).LineCount(); length > longestFile {
				all = append(all, finding{f.path, fmt.Sprintf("%d lines, more than %d: give each subject a file", length, longestFile)})
			}
		case *ast.FuncDecl:
			if lines(n) > longestFunction {
				all = append(all, finding{t.at(n), fmt.Sprintf("%s has %d lines, more than %d: it does several things", n.Name, lines(n), longestFunction)})
			}
		}
	})
	return all
}

func (t *tree) line(p token.Pos) int { return t.fset.Position(p).Line }
