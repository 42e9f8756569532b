// Package flolive speaks floLIVE's API v2: the login, the point-in-time (PIT) walk over
// a customer's subscribers, the details of a subscriber, the profiles of an EID, and
// bulk moves with the status of what they began.
//
// In a PIT session the server keeps the cursor. A call that is repeated after its
// answer was lost gets the next chunk, and ten thousand subscribers vanish without
// a sign; so a session goes on only as long as every answer came, and what it read
// is proved against the declared total, record by record, at its end.
//
// A move is not idempotent either: an answer that does not account for every node that
// was sent leaves the outcome unknown, and is never asked for again.
//
// The package refuses to know what a record means beyond its identity, and what
// becomes of the records of a session that could not be proved.
package flolive
