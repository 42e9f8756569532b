package config

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// given is what somebody wrote for one setting.
type given struct {
	place string // where and what: "config.yaml:7: sources[0].chunk_size", "FLOLIVE_CUSTOMERS"; errors start with it
	raw   string // as written, which an error may repeat: ${NAME} is still a name here
	text  string // with the values of ${NAME} in it
	list  bool
	items []given // of a list
	env   bool    // the value of a variable
	// unreadable: it was given, and what is wrong with it is reported; so it is neither used nor missing.
	unreadable bool
}

// kind is what a setting may be. Set puts it into the target; its errors follow the place, so they read "is 5", "is a list".
type kind[T any] struct {
	allowed string
	set     func(target *T, g given) []error
}

// fault is an error of one place in the settings.
type fault struct {
	place, what, allowed string
}

func (f fault) Error() string {
	if f.allowed == "" {
		return f.place + " " + f.what
	}
	return f.place + " " + f.what + "; allowed: " + f.allowed
}

// scalar makes a kind of a function that reads one text; its error says what is wrong with it, errUnlike that it is not of the kind at all.
func scalar[T, V any](allowed string, field func(*T) *V, read func(string) (V, error)) kind[T] {
	return kind[T]{allowed: allowed, set: func(target *T, g given) []error {
		if g.list {
			return []error{fault{g.place, "is a list", allowed}}
		}
		value, err := read(g.text)
		switch {
		case errors.Is(err, errUnlike):
			return []error{fault{g.place, "is " + show(g.raw), allowed}}
		case err != nil:
			return []error{fault{g.place, err.Error(), allowed}}
		}
		*field(target) = value
		return nil
	}}
}

// errUnlike says that a text is not of its kind; the error for people repeats the text.
var errUnlike = errors.New("is not allowed")

func integer[T any](least, most int, field func(*T) *int) kind[T] {
	return scalar(fmt.Sprintf("%d to %d", least, most), field, func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			return 0, errUnlike
		}
		return n, nil
	})
}

func number[T any](least, most float64, field func(*T) *float64) kind[T] {
	return scalar(fmt.Sprintf("%v to %v", least, most), field, func(text string) (float64, error) {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(n) || n < least || n > most {
			return 0, errUnlike
		}
		return n, nil
	})
}

// duration reads Go's notation. Step, where not zero, is what it must be a multiple of.
func duration[T any](least, most, step time.Duration, field func(*T) *time.Duration) kind[T] {
	allowed := shortDuration(least) + " to " + shortDuration(most)
	if step == time.Minute {
		allowed += ", whole minutes"
	}
	return scalar(allowed, field, func(text string) (time.Duration, error) {
		d, err := time.ParseDuration(text)
		if err != nil || d < least || d > most || step != 0 && d%step != 0 {
			return 0, errUnlike
		}
		return d, nil
	})
}

// shortDuration is 30m where Go would say 30m0s.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// mostDays is a hundred years: more is meant to be for ever.
const mostDays = 36500

// days reads how long something is kept: whole days, for nobody counts a year in hours. The least bounds what a slip of the pen can delete.
func days[T any](least int, field func(*T) *time.Duration) kind[T] {
	allowed := fmt.Sprintf("%dd to %dd, whole days; forever", least, mostDays)
	return scalar(allowed, field, func(text string) (time.Duration, error) {
		if text == "forever" {
			return 0, nil
		}
		number, isDays := strings.CutSuffix(text, "d")
		n, err := strconv.Atoi(number)
		if !isDays || err != nil || n < least || n > mostDays {
			return 0, errUnlike
		}
		return time.Duration(n) * 24 * time.Hour, nil
	})
}

func boolean[T any](field func(*T) *bool) kind[T] { return choice(field, "false", "true") }

// choice is one of two words: no and yes.
func choice[T any](field func(*T) *bool, no, yes string) kind[T] {
	return scalar(no+", "+yes, field, func(text string) (bool, error) {
		if text != no && text != yes {
			return false, errUnlike
		}
		return text == yes, nil
	})
}

func word[T any, W ~string](field func(*T) *W, words ...W) kind[T] {
	var all []string
	for _, w := range words {
		all = append(all, string(w))
	}
	return scalar(strings.Join(all, ", "), field, func(text string) (W, error) {
		for _, w := range words {
			if text == string(w) {
				return w, nil
			}
		}
		return "", errUnlike
	})
}

var namePattern = regexp.MustCompile(`^[a-z0-9_-]{1,63}$`)

const nameAllowed = "1 to 63 of a-z, 0-9, _ and -"

func readName(text string) (string, error) {
	if !namePattern.MatchString(text) {
		return "", errUnlike
	}
	return text, nil
}

func name[T any](field func(*T) *string) kind[T] { return scalar(nameAllowed, field, readName) }

func text[T any](field func(*T) *string) kind[T] {
	return scalar("text without line breaks", field, func(text string) (string, error) {
		if text == "" || hasControl(text) {
			return "", errUnlike
		}
		return text, nil
	})
}

func path[T any](field func(*T) *string) kind[T] {
	return scalar("a path", field, func(text string) (string, error) {
		if text == "" || strings.ContainsRune(text, 0) {
			return "", errUnlike
		}
		return text, nil
	})
}

// list makes a kind of a function that reads one item. One text is a list with commas, so that ${NAME} can hold several.
func list[T any](allowed string, field func(*T) *[]string, read func(string) (string, error)) kind[T] {
	return kind[T]{allowed: allowed, set: func(target *T, g given) []error {
		var wrong []error
		var all []string
		seen := make(map[string]bool)
		items := g.split()
		for _, item := range items {
			value, err := read(item.text)
			switch {
			case item.unreadable:
			case item.list:
				wrong = append(wrong, fault{item.place, "is a list", allowed})
			case err != nil:
				wrong = append(wrong, fault{item.place, "is " + show(item.raw), allowed})
			case seen[value]:
				wrong = append(wrong, fault{item.place, "is " + show(item.raw), "each once"})
			default:
				seen[value] = true
				all = append(all, value)
			}
		}
		if len(items) == 0 {
			wrong = append(wrong, fault{g.place, "is empty", allowed})
		}
		*field(target) = all
		return wrong
	}}
}

// split is the items of a list, or those between the commas of one text. What came out of a variable is not repeated in errors: raw stays
// the name.
func (g given) split() []given {
	if g.list {
		return g.items
	}
	var items []given
	for part := range strings.SplitSeq(g.text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		item := given{place: g.place, raw: part, text: part}
		if g.raw != g.text {
			item.raw = g.raw
		}
		items = append(items, item)
	}
	return items
}

func uuids[T any](field func(*T) *[]string) kind[T] {
	return list("UUIDs", field, func(text string) (string, error) {
		id, err := uuid.Parse(text)
		if err != nil || len(text) != len(uuid.Nil.String()) { // Parse also takes braces, urn: and bare digits
			return "", errUnlike
		}
		return id.String(), nil
	})
}

func names[T any](field func(*T) *[]string) kind[T] { return list("names of sources", field, readName) }

// hasControl says whether a text holds a line break or another control character.
func hasControl(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}
