// Package report is what people and scripts read of the ledger, of plans to write
// back, of their journal and of a check: tables and lines for a terminal, and JSON; and
// of the fleet as a whole: a page.
//
// It refuses to know SQL, providers and walks: it words what package load read and
// package writeback planned. It shows no subscriber but by a masked identifier, and no
// record, so that what it prints may be mailed and logged; RejectRecords alone is there
// to show both, to those who ask for it.
//
// # Tables
//
// A table is as wide as its content. Where that is wider than Style.Width, columns
// are left out, the least important first, until it fits: in the table of runs
// first exit, then unchanged; +inserted, ~updated and -removed make place for one column
// changes, their sum, and when for a shorter one; then duration, command, records,
// rejected, changes and when. Of walks, requests, sessions, repeated, duration and
// declared; of the reasons of rejects, refused; of rejects when, reject, listing, refused
// and source; of a plan, from and type; of the journal change, line, asked, source, type
// and settled by. What is left is never wrapped or cut. A dash stands for what is not
// known, as the counts of a run that promoted nothing. Runs has a column command only
// where one of the runs is no plain run.
// Tables are for the eye and may change at any time.
//
// # The page
//
// Page writes HTML that is complete in itself: its style sheet is in it, its charts are
// SVG drawn here, and a policy in its head forbids every load and every script. Each
// chart has a table behind it. Across, charts are drawn in per cent, and their letters
// in pixels, so that one drawing fits every width. Colours come with patterns. Names
// from outside stand in bdi elements, whatever their direction.
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
// RejectsJSON and RejectRecords write a line of JSON for each reject, so that there may
// be any number of them. Its members are the columns of sync.reject by their names. Of
// RejectsJSON the subject is masked, and record and record_bytes are left out; of
// RejectRecords all is as it was received: record is a text that holds the record, JSON
// or not, and record_bytes, in base64, what is not valid text. One of the two is null.
//
// DryRunJSON writes one object, sources, an array of objects:
//
//	source, outcome, exit_code, error, declared, records, inserted, updated,
//	unchanged, repeated, rejected, rejected_parts, removed
//	          as RunsJSON would tell of a run; where nothing could be compared,
//	          the counts are null
//	doubtful  missing subscribers that a rejected record keeps from being removed
//	fields    an array of objects field, subscribers: in how many subscribers a
//	          field would change, named as in fleet.change, the most frequent first
//	examples  an array of objects change (inserted, updated or removed), subscriber
//	          (masked), fields: the first five of each sort; of the latter two
//	          fields is an array of objects field, old, new, values as text, times
//	          in UTC, identifiers masked, and *** for what is not shown at all
//
// PlanJSON writes one object:
//
//	command_id   the command in the journal; null where nothing was applied
//	kind         move or nickname
//	source       the source
//	is_applied   whether the plan was executed
//	left_to_run  nicknames whose rows in the fleet are left to a run
//	lines        an array of objects, a change each: line (of the file),
//	             subject_type, subject (masked), from_customer_ids and
//	             target_customer_id, or from_nickname and nickname; verdict: send,
//	             unknown (to the database; it is sent), already, duplicate (of the
//	             line duplicate_of), open, several; and of the step in the journal
//	             change_id, request_id, outcome and code
//
// JournalStatusJSON writes an object of two arrays, last_command and open (of earlier
// commands), whose objects' members are the columns of sync.change_request, but that
// subject is masked.
//
// CheckJSON writes one object:
//
//	is_ok     whether nothing fails
//	findings  an array of objects: check (what was looked at: settings,
//	          database, clock, connections, tls, schema, privileges, analysts,
//	          freshness, source, eids, details, archive or pushgateway), source
//	          (whose it is, or null), level (ok, warn or fail), text and
//	          remedy (what to do, or null)
//
// What is null in the ledger or the journal is null; an array without elements is []. Times are
// RFC 3339 in UTC.
package report
