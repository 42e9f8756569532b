package simulator

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// faultFields sets the fields of a fault from text, by the names that a command line and the control endpoint use.
var faultFields = map[string]func(f *Fault, text string) error{
	"kind": func(f *Fault, text string) (err error) {
		f.Kind, err = ParseFaultKind(text)
		return err
	},
	"provider": func(f *Fault, text string) error {
		f.Provider = Provider(text)
		if text != "" && !slices.Contains(both, f.Provider) {
			return fmt.Errorf("want flolive or iotx")
		}
		return nil
	},
	"on": func(f *Fault, text string) error {
		f.On = RequestKind(text)
		kinds := append([]RequestKind{Any}, requestKinds...)
		if text != "" && !slices.Contains(kinds, f.On) {
			return fmt.Errorf("want one of %v", kinds)
		}
		return nil
	},
	"customer":         func(f *Fault, text string) error { f.Customer = text; return nil },
	"physical-id":      func(f *Fault, text string) error { f.PhysicalID = text; return nil },
	"value":            func(f *Fault, text string) error { f.Value = text; return nil },
	"from":             func(f *Fault, text string) error { return setInt(&f.From, text) },
	"count":            func(f *Fault, text string) error { return setInt(&f.Count, text) },
	"sessions":         func(f *Fault, text string) error { return setInt(&f.Sessions, text) },
	"by":               func(f *Fault, text string) error { return setInt(&f.By, text) },
	"status":           func(f *Fault, text string) error { return setStatus(&f.Status, text) },
	"retry-after":      func(f *Fault, text string) error { return setDuration(&f.RetryAfter, text) },
	"delay":            func(f *Fault, text string) error { return setDuration(&f.Delay, text) },
	"retry-after-date": func(f *Fault, text string) error { return setBool(&f.RetryAfterDate, text) },
}

// ParseFault reads a fault from named values, such as the query of a URL: kind, provider, on, customer, physical-id,
// value, from, count (-1: for ever), sessions, by, status, retry-after and delay (as 90s), retry-after-date (true). Kind must be there.
func ParseFault(values url.Values) (Fault, error) {
	var f Fault
	if !values.Has("kind") {
		return f, fmt.Errorf("kind is missing: name a fault")
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		set, known := faultFields[name]
		if !known {
			return f, fmt.Errorf("unknown field %q: want one of %v", name, slices.Sorted(maps.Keys(faultFields)))
		}
		if err := set(&f, values.Get(name)); err != nil {
			return f, fmt.Errorf("%s %q: %w", name, values.Get(name), err)
		}
	}
	return f, nil
}

func setInt(target *int, text string) (err error) {
	if *target, err = strconv.Atoi(text); err != nil {
		return fmt.Errorf("want a whole number")
	}
	return nil
}

// setStatus accepts what an HTTP server can answer at the end of an exchange.
func setStatus(target *int, text string) error {
	if err := setInt(target, text); err != nil || *target < 200 || *target > 599 {
		return fmt.Errorf("want an HTTP status of 200 to 599")
	}
	return nil
}

func setDuration(target *time.Duration, text string) (err error) {
	if *target, err = time.ParseDuration(text); err != nil || *target < 0 {
		return fmt.Errorf("want a duration such as 90s")
	}
	return nil
}

func setBool(target *bool, text string) (err error) {
	if *target, err = strconv.ParseBool(text); err != nil {
		return fmt.Errorf("want true or false")
	}
	return nil
}
