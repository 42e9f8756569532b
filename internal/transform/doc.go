// Package transform turns a provider's record into rows or rejects.
//
// It is pure: the same record always gives the same rows. It refuses to know
// HTTP, SQL, logs, the clock and contexts; a time that matters is handed in with
// the record.
package transform
