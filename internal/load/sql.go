package load

import (
	"embed"
	"fmt"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// statement returns the text of sql/NAME.sql. A name without a file is a fault that
// the first test of the package meets.
func statement(name string) string {
	text, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("load: no statement %q: %v", name, err))
	}
	return string(text)
}
