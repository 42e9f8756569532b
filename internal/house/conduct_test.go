package house

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// checkPure: transform is a pure function of a record.
func checkPure(t *tree) []finding {
	const why = ": transform is pure, so that a record always gives the same rows"
	impure := []string{
		"context", "crypto/rand", "database/sql", "github.com/jackc/pgx", "github.com/rs/zerolog", "io/fs", "log", "math/rand", "net/http", "os", "runtime",
	}
	members := map[string][]string{
		"time":                   {"After", "Local", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until"},
		"github.com/google/uuid": {"Must", "New", "NewRandom", "NewString", "NewUUID", "NewV6", "NewV7"},
		"hash/maphash":           {"MakeSeed"},
	}
	inTransform := func(f goFile) bool { return !f.isTest && within(f.dir, "internal/transform") }
	var all []finding
	t.each(inTransform, func(f goFile, n ast.Node) {
		if spec, ok := n.(*ast.ImportSpec); ok {
			if target := strings.Trim(spec.Path.Value, `"`); target == "net" || within(target, impure...) {
				all = append(all, finding{t.at(n), "imports " + target + why})
			}
		}
		for pkg, names := range members {
			if name := f.member(n, pkg); slices.Contains(names, name) {
				all = append(all, finding{t.at(n), "uses " + f.nameOf(pkg) + "." + name + why})
			}
		}
	})
	return all
}

// checkGoroutines: a stage has no loose goroutine, whose end and error nobody waits for.
func checkGoroutines(t *tree) []finding {
	inStage := func(f goFile) bool {
		return !f.isTest && f.path != "internal/fetch/prefetch.go" &&
			within(f.dir, "internal/archive", "internal/fetch", "internal/transform", "internal/load", "internal/run", "internal/writeback")
	}
	var all []finding
	t.each(inStage, func(_ goFile, n ast.Node) {
		if _, ok := n.(*ast.GoStmt); ok {
			all = append(all, finding{t.at(n), "a loose goroutine in a stage: use errgroup, fetch.Prefetch or archive.Keeper, so that its end and its error are waited for"})
		}
	})
	return all
}

// checkErrorText: errors are told apart by kind or code. Their text is for people, and translated by some servers.
func checkErrorText(t *tree) []finding {
	const why = "an error told apart by its text: use errors.Is, errors.As or the SQL code"
	var all []finding
	t.each(isProgram, func(f goFile, n ast.Node) {
		switch n := n.(type) {
		case *ast.CallExpr:
			searches := []string{"Contains", "HasPrefix", "HasSuffix", "EqualFold", "Index", "Cut"}
			if slices.Contains(searches, f.member(n.Fun, "strings")) && slices.ContainsFunc(n.Args, isErrorText) {
				all = append(all, finding{t.at(n), why})
			}
		case *ast.BinaryExpr:
			if compares := n.Op == token.EQL || n.Op == token.NEQ; compares && (isErrorText(n.X) || isErrorText(n.Y)) {
				all = append(all, finding{t.at(n), why})
			}
		case *ast.SwitchStmt:
			if n.Tag != nil && isErrorText(n.Tag) {
				all = append(all, finding{t.at(n), why})
			}
		}
	})
	return all
}

// isErrorText recognises err.Error().
func isErrorText(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) > 0 {
		return false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	return ok && method.Sel.Name == "Error"
}

// checkSleep: nothing waits by the clock on the wall. In a bubble of testing/synctest a sleep takes no time, and there is the way to wait.
func checkSleep(t *tree) []finding {
	var all []finding
	wakeful := func(f goFile) bool { return f.nameOf("testing/synctest") == "" }
	t.each(wakeful, func(f goFile, n ast.Node) {
		if f.member(n, "time") == "Sleep" {
			all = append(all, finding{t.at(n), "time.Sleep: wait for a timer and the context, or for a condition; in tests in a bubble of testing/synctest"})
		}
	})
	return all
}
