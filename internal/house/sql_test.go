package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"strconv"
	"strings"
)

// checkStatements: every SQL file of load is executed somewhere, and every statement that is asked for exists. A name may reach
// statement by way of a table of names, so a file counts as used when its name is written anywhere in load.
func checkStatements(t *tree) []finding {
	const folder = "internal/load/sql"
	files := make(map[string]bool)
	for _, file := range t.texts {
		if path.Dir(file.path) == folder {
			files[strings.TrimSuffix(path.Base(file.path), ".sql")] = true
		}
	}
	inLoad := func(f goFile) bool { return !f.isTest && f.dir == "internal/load" }
	written := make(map[string]bool)
	var all []finding
	t.each(inLoad, func(_ goFile, n ast.Node) {
		if name, ok := literal(n); ok {
			written[name] = true
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 {
			return
		}
		if called, ok := call.Fun.(*ast.Ident); !ok || called.Name != "statement" {
			return
		}
		if name, ok := literal(call.Args[0]); ok && !files[name] {
			all = append(all, finding{t.at(n), fmt.Sprintf("statement(%q): there is no %s/%s.sql", name, folder, name)})
		}
	})
	for _, file := range t.texts {
		name, isSQL := strings.CutSuffix(path.Base(file.path), ".sql")
		if path.Dir(file.path) == folder && (!isSQL || !written[name]) {
			all = append(all, finding{file.path, "executed by nobody: internal/load does not name it"})
		}
	}
	return all
}

// literal returns the value of a literal string.
func literal(n ast.Node) (string, bool) {
	lit, ok := n.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	value, err := strconv.Unquote(lit.Value)
	return value, err == nil
}
