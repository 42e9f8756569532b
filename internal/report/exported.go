package report

import (
	"fmt"
	"io"
)

// Exported writes what an export put into a file.
func Exported(w io.Writer, rows int64, relation, file string) error {
	return write(w, fmt.Sprintf("%s: rows of %s written: %s\n", plain(file), plain(relation), number(&rows)))
}
