package main

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"simsync/internal/run"
)

// widestHelp is how wide help gets, in columns: longer lines are hard to read.
const widestHelp = 100

// examples is a command that shows how it is used: command lines, each with what it
// does.
type examples interface{ examples() [][2]string }

// variables are those that a person sets by hand, each with what it says. The
// settings' own tables hold more; a test holds this list to them.
var variables = [][2]string{
	{"DATABASE_URL", "PostgreSQL 15 or later, as libpq understands it."},
	{"FLOLIVE_BASE_URL", "Makes the source flolive. With it go FLOLIVE_CUSTOMERS (UUIDs with commas between), and FLOLIVE_TOKEN, or FLOLIVE_USERNAME and FLOLIVE_PASSWORD."},
	{"IOTX_BASE_URL", "Makes the source iotx. With it goes IOTX_TOKEN."},
	{"FLOLIVE_REQUESTS_PER_SECOND, IOTX_REQUESTS_PER_SECOND", "Rate towards the provider; 10 unless set, 0 for no limit."},
	{"SIMSYNC_CONFIG", "A settings file, which then describes the sources: the variables of FLOLIVE_ and IOTX_ count only where it says ${FLOLIVE_TOKEN}."},
	{"SIMSYNC_ARCHIVE_DIR, SIMSYNC_ARCHIVE_URL", "Keeps every raw answer in a folder; or in a bucket, s3://BUCKET/PREFIX, with the variables of AWS. SIMSYNC_ARCHIVE_KEEP says for how long."},
	{"SIMSYNC_LOG_LEVEL, SIMSYNC_LOG_FORMAT", "As --log-level and --log-format."},
	{"NO_COLOR", "Anything: no colours."},
}

const secretFiles = `Every secret may be in a file instead, named by a variable that ends in _FILE: DATABASE_URL_FILE, FLOLIVE_TOKEN_FILE, FLOLIVE_PASSWORD_FILE, IOTX_TOKEN_FILE.`

// printHelp adds to kong's own help what kong does not know: the flags of the command
// that another stands for, examples, variables, and last the exit codes.
func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	selected := ctx.Selected()
	var target reflect.Value
	if selected != nil {
		target = selected.Target
		if byDefault := selected.DefaultCmd; byDefault != nil {
			// It takes them, as in runs --limit 1. Nothing is parsed after help.
			selected.Flags = append(selected.Flags, byDefault.Flags...)
			target = byDefault.Target
		}
	}
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	h := helpText{width: helpWidth(ctx.Stdout)}
	if selected == nil {
		h.list("Environment:", variables)
		h.paragraph(secretFiles)
	} else if command, ok := reflect.TypeAssert[examples](target); ok {
		h.examples(command.examples())
	}
	switch {
	case selected == nil, slices.Contains([]string{"run", "backfill", "move", "nickname", "export", "check"}, selected.Name):
		h.exitCodes()
	case !slices.Contains([]string{"version", "completion", "man"}, selected.Name):
		h.paragraph("Settings come from the environment or a file, and exit codes are the same everywhere: simsync --help lists both.")
	}
	_, err := io.WriteString(ctx.Stdout, h.String())
	return err
}

// helpText lays help out as kong does.
type helpText struct {
	strings.Builder
	width int
}

// exitCodes tells them all, and which of them a retry may mend.
func (h *helpText) exitCodes() {
	var rows [][2]string
	for _, exit := range run.ExitsByCode() {
		rows = append(rows, [2]string{strconv.Itoa(exit.Code), exit.Meaning})
	}
	h.list("Exit codes:", rows)
	h.paragraph("The same command may succeed when it is run again after " + strings.Join(retryCodes(), ", ") + ".")
}

// retryCodes are the exit codes that another try may mend.
func retryCodes() []string {
	var codes []string
	for _, exit := range run.ExitsByCode() {
		if exit.Retry {
			codes = append(codes, strconv.Itoa(exit.Code))
		}
	}
	return codes
}

// list is a title and rows of two columns. A name too long for the first column has a
// line to itself.
func (h *helpText) list(title string, rows [][2]string) {
	const gap, widestName = 4, 30
	column := 0
	for _, row := range rows {
		if len(row[0]) <= widestName {
			column = max(column, 2+len(row[0])+gap)
		}
	}
	h.WriteString("\n" + title + "\n")
	for _, row := range rows {
		left := "  " + row[0]
		if len(row[0]) > widestName {
			h.WriteString(left + "\n")
			left = ""
		}
		for _, line := range wrap(row[1], h.width-column) {
			fmt.Fprintf(&h.Builder, "%-*s%s\n", column, left, line)
			left = ""
		}
	}
}

// examples are command lines, each under what it does.
func (h *helpText) examples(rows [][2]string) {
	h.WriteString("\nExamples:\n")
	for _, row := range rows {
		for _, line := range wrap(row[1], h.width-4) {
			h.WriteString("  # " + line + "\n")
		}
		h.WriteString("  " + row[0] + "\n")
	}
}

func (h *helpText) paragraph(text string) {
	h.WriteString("\n" + strings.Join(wrap(text, h.width), "\n") + "\n")
}

// wrap breaks a text between words into lines of at most width columns, or of one
// word where that is longer.
func wrap(text string, width int) []string {
	var lines []string
	for word := range strings.FieldsSeq(text) {
		last := len(lines) - 1
		if last >= 0 && len(lines[last])+1+len(word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

// helpWidth is how wide help is: kong's own rule, for one text in one shape.
func helpWidth(w io.Writer) int {
	width := terminalWidth(w)
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil {
		width = columns
	}
	if width <= 0 {
		width = 80
	}
	return min(width, widestHelp)
}
