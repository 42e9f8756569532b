// Package flolive reads floLIVE's API v2: the login, and the point-in-time (PIT)
// walk over a customer's subscribers.
//
// In a PIT session the server keeps the cursor. A call that is repeated after its
// answer was lost gets the next chunk, and ten thousand subscribers vanish without
// a sign; so a session goes on only as long as every answer came, and what it read
// is proved against the declared total, record by record, at its end.
//
// The package refuses to know what a record means beyond its identity, and what
// becomes of the records of a session that could not be proved.
package flolive
