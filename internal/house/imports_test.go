package house

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// room is a part of the program, with the other rooms that it may import. Tests may import what they like, save in a room that is
// sealed.
type room struct {
	dir    string
	may    []string
	sealed bool
	why    string
}

// Imports run against the data, one chain: cmd, run, load, transform, fetch.
var rooms = []room{
	{dir: "internal/fetch", why: "it hands on what a provider said; it knows no canonical form and no SQL"},
	{dir: "internal/archive", may: []string{"internal/fetch"}, why: "it keeps answers as they came; what they mean and what becomes of them is for others"},
	{dir: "internal/transform", may: []string{"internal/fetch"}, why: "it turns a provider's record into rows, whoever loads them"},
	// It keeps the journal of write-backs, whose interfaces and steps writeback defines: who needs a thing says what it is.
	{dir: "internal/load", may: []string{"internal/fetch", "internal/transform", "internal/writeback"}, why: "rows come in; who walked for them is not its business"},
	{
		dir: "internal/run", may: []string{"internal/archive", "internal/config", "internal/fetch", "internal/load", "internal/transform"},
		why: "it joins the three stages, and how it is shown or migrated is for the command",
	},
	{dir: "internal/writeback", may: []string{"internal/fetch", "internal/transform"}, why: "the way back does not pass through the stages of a run"},
	{dir: "internal/report", may: []string{"internal/load", "internal/writeback"}, why: "it shows what the ledger and the journal say, and asks no provider"},
	{dir: "internal/progress", may: []string{"internal/run"}, why: "it shows of a run what the run itself notes"},
	{dir: "internal/metrics", may: []string{"internal/fetch", "internal/run"}, why: "it words what a run returned, and asks neither ledger nor provider"},
	{dir: "internal/export", may: []string{"internal/load"}, why: "it writes rows as they are handed to it, and asks nobody for them"},
	{dir: "internal/config", why: "settings are read before anything else is there"},
	{dir: "internal/simulator", sealed: true, why: "a misreading of a provider's pages must not be mirrored in what tests it"},
	{dir: "internal/localpg", why: "a PostgreSQL for tests and the demo does not depend on what it is used for"},
	{dir: "migrations", why: "the schema stands for itself"},
	{
		dir: "cmd/sync", may: []string{
			"internal/archive",
			"internal/config",
			"internal/export",
			"internal/fetch",
			"internal/load",
			"internal/metrics",
			"internal/progress",
			"internal/report",
			"internal/run",
			"internal/transform",
			"internal/writeback",
			"migrations",
		},
		why: "simulator and localpg are for tests and the demo: they never reach the production binary",
	},
	{
		dir: "cmd/demo", may: []string{
			"internal/config", "internal/fetch", "internal/load", "internal/localpg", "internal/report", "internal/run",
			"internal/simulator", "internal/transform", "internal/writeback", "migrations",
		},
		why: "it shows what the program does, by the program's own rooms",
	},
	{dir: "deploy", why: "it is a module of its own, so that the types of Kubernetes are no dependency of the program"},
	{dir: "internal/bench", why: "it measures the program from outside, as its users run it"},
	{dir: "internal/queries", why: "it asks the tables what an analyst asks, who has nothing of the program"},
	{dir: "internal/house", why: "it knows the program as text only"},
}

// gate is a package of others that only some rooms may import, outside tests.
type gate struct {
	imports []string // with all below them
	rooms   []string
	why     string
}

var gates = []gate{
	{
		imports: []string{"net/http"}, rooms: []string{"internal/fetch", "internal/simulator", "internal/metrics", "cmd/demo"},
		why: "one room speaks HTTP to providers, with one set of limits and retries, and one to a Pushgateway",
	},
	{
		imports: []string{"github.com/jackc/pgx", "database/sql"}, rooms: []string{"internal/load", "internal/localpg", "migrations", "cmd"},
		why: "one room speaks SQL",
	},
	{
		imports: []string{"github.com/minio/minio-go", "github.com/klauspost/compress"}, rooms: []string{"internal/archive"},
		why: "one room knows how and where answers are kept",
	},
	{
		imports: []string{"github.com/johannesboyne/gofakes3"},
		why:     "it stands for an object store in tests",
	},
	{
		imports: []string{"github.com/pressly/goose"}, rooms: []string{"migrations"},
		why: "how the schema is migrated is known in one place",
	},
	{
		imports: []string{"github.com/fergusstrange/embedded-postgres"}, rooms: []string{"internal/localpg"},
		why: "the production binary downloads nothing",
	},
	{
		imports: []string{"testing"}, rooms: []string{"internal/localpg", "internal/simulator"},
		why: "flags and helpers of tests have no place in a program",
	},
	{
		imports: []string{
			"github.com/chromedp", "github.com/getkin/kin-openapi", "github.com/google/go-cmp", "github.com/rogpeppe/go-internal", "go.uber.org/goleak", "pgregory.net/rapid",
		},
		why: "these are libraries for tests",
	},
}

// checkImports: rooms import each other one way, and what reaches outside has one room for it.
func checkImports(t *tree) []finding {
	var all []finding
	for _, f := range t.goFiles {
		i := slices.IndexFunc(rooms, func(r room) bool { return within(f.dir, r.dir) })
		if i < 0 {
			all = append(all, finding{f.path, "a room without a rule: say in internal/house who may import whom"})
			continue
		}
		for _, target := range f.imports {
			if why := refused(t.module, f, rooms[i], target.path); why != "" {
				what := fmt.Sprintf("%s imports %s: %s", rooms[i].dir, target.path, why)
				all = append(all, finding{fmt.Sprintf("%s:%d", f.path, target.line), what})
			}
		}
	}
	return all
}

// refused returns why a file of a room may not import a package. Empty: it may.
func refused(module string, f goFile, r room, target string) string {
	if ours, ok := strings.CutPrefix(target, module+"/"); ok {
		free := f.isTest && !r.sealed
		if free || within(ours, r.dir) || within(ours, r.may...) {
			return ""
		}
		return r.why
	}
	if f.isTest {
		return ""
	}
	for _, g := range gates {
		if within(target, g.imports...) && !within(f.dir, g.rooms...) {
			return g.why
		}
	}
	return ""
}

// checkPackageNames: a package is named after what it is about.
func checkPackageNames(t *tree) []finding {
	vague := []string{"base", "common", "helper", "helpers", "lib", "misc", "shared", "types", "util", "utils"}
	var all []finding
	var last string
	for _, f := range t.goFiles {
		if f.dir != last && slices.Contains(vague, path.Base(f.dir)) {
			all = append(all, finding{f.dir, "a name that says nothing: name the package after what it is about"})
		}
		last = f.dir
	}
	return all
}
