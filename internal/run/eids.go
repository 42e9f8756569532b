package run

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"strings"

	"simsync/internal/config"
	"simsync/internal/transform"
)

// eidProblems is how many bad lines of a file of EIDs are named; more are more of the
// same.
const eidProblems = 10

// CheckEIDs reads the files of EIDs that the sources name, before anything is done. Its
// error names every bad line, the first few of each file.
func CheckEIDs(sources []config.Source) error {
	var wrong []string
	for _, source := range sources {
		few := len(wrong) + eidProblems
		for _, err := range eidsIn(source.Profiles.EIDFile) {
			if err == nil {
				continue
			}
			if wrong = append(wrong, err.Error()); len(wrong) == few {
				break
			}
		}
	}
	if wrong == nil {
		return nil
	}
	return &config.Error{Problems: wrong}
}

// errNotEID is what is wrong with a line, and what is allowed.
var errNotEID = errors.New("is no EID; allowed: 32 digits, alone or before a # and a comment, and empty lines")

// eidsIn reads a file of EIDs, one a line. It holds no more than a line, and goes on
// after an error, which names file and line and repeats neither. No path, no EIDs.
func eidsIn(path string) iter.Seq2[transform.EID, error] {
	return func(yield func(transform.EID, error) bool) {
		if path == "" {
			return
		}
		file, err := os.Open(path)
		if err != nil {
			yield("", unreadableEIDs(path, err))
			return
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		number := 0
		for lines.Scan() {
			number++
			text, _, _ := strings.Cut(lines.Text(), "#")
			text = strings.TrimSpace(strings.TrimPrefix(text, byteOrderMark))
			if text == "" {
				continue
			}
			eid, err := transform.ParseEID(text)
			if err != nil {
				err = fmt.Errorf("%s:%d: %w", path, number, errNotEID)
			}
			if !yield(eid, err) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield("", fmt.Errorf("%s:%d: %w", path, number+1, err))
		}
	}
}

// byteOrderMark is what some editors begin a text with.
const byteOrderMark = "\ufeff"

// unreadableEIDs words why the file cannot be opened, without the path once more.
func unreadableEIDs(path string, err error) error {
	if cause, ok := errors.AsType[*fs.PathError](err); ok {
		err = cause.Err
	}
	return fmt.Errorf("profiles.eid_file: open %s: %w", path, err)
}
