package main

import (
	"fmt"
	"reflect"

	"github.com/alecthomas/kong"

	"simsync/internal/run"
)

// refuseEmpty refuses a flag that was given without a value, as by a shell variable that
// is not set. It may not count as left out: a window, or a replay, would be a load of
// everything. Arguments are not flags, and an empty nickname is one that is taken away.
func refuseEmpty(parsed *kong.Context) error {
	for _, path := range parsed.Path {
		if path.Flag == nil || !isEmpty(path.Flag.Target) {
			continue
		}
		otherwise := ", or leave the flag out"
		if path.Flag.Required {
			otherwise = ""
		}
		return fmt.Errorf("%w: --%s is empty: give %s%s", run.ErrUsage, path.Flag.Name, wanted(path.Flag.PlaceHolder), otherwise)
	}
	return nil
}

// refuseTwice refuses a flag that takes one value and was given two: the first would be
// dropped without a word.
func refuseTwice(parsed *kong.Context) error {
	given := make(map[*kong.Flag]bool)
	for _, path := range parsed.Path {
		if path.Flag == nil || path.Flag.IsCumulative() || path.Flag.IsBool() {
			continue
		}
		if given[path.Flag] {
			return fmt.Errorf("%w: --%s was given twice, and takes %s once", run.ErrUsage, path.Flag.Name, wanted(path.Flag.PlaceHolder))
		}
		given[path.Flag] = true
	}
	return nil
}

// isEmpty tells whether a text is, or one of several, or whether there is none of them.
func isEmpty(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.String:
		return value.Len() == 0
	case reflect.Slice:
		for i := range value.Len() {
			if isEmpty(value.Index(i)) {
				return true
			}
		}
		return value.Len() == 0
	default:
		return false
	}
}

// wanted words a placeholder.
func wanted(placeholder string) string {
	switch placeholder {
	case "DIR":
		return "a folder"
	case "FILE":
		return "a file"
	case "NAME":
		return "a name"
	case "DATE":
		return "a date"
	}
	return "a value"
}
