// Package report is what people and scripts read of the ledger: tables for a
// terminal, and JSON.
//
// It refuses to know SQL, providers and walks: it words what package load read. It
// shows no subscriber and no record, so that what it prints may be mailed and logged.
//
// # Tables
//
// A table is as wide as its content. Where that is wider than Style.Width, columns
// are left out, the least important first, until it fits: in the table of runs
// first exit, then unchanged, duration, records, rejected, ~updated, +inserted,
// -removed and when; in that of walks requests, sessions, repeated, duration and
// declared; in that of rejects, refused. What is left is never wrapped or cut. A
// dash stands for what is not known, as the counts of a run that promoted nothing.
// Tables are for the eye and may change at any time.
//
// # JSON
//
// JSON is the interface for scripts: members are only ever added. RunsJSON writes an
// array with an object for each run and source, newest run first, sources by name. Its
// members are the columns of sync.run by their names, and is_running: whether a run
// without an end is alive; where it is false and outcome is null, the run was killed.
//
// RunDetailJSON writes one object:
//
//	run_id   the run
//	sources  an array of the same objects as RunsJSON's
//	walks    an array of objects whose members are the columns of sync.walk
//	rejects  an array of objects source, is_whole, field, reason, count: how
//	         many rejects have that cause; field without places in lists
//
// What is null in the ledger is null; an array without elements is []. Times are
// RFC 3339 in UTC.
package report
