// Package load speaks SQL: what the database holds of a source (known), what is
// to go into it (the stage), the one transaction that brings it there (promote),
// and the ledger of runs. Beside that way it keeps the journal of write-backs, whose
// steps package writeback defines: the one room that it knows for their sake alone.
//
// It refuses to know HTTP, providers and walks: rows come in, and whoever calls
// says which subscribers are proved gone. One SQL statement a file, in sql/.
package load
