// Package transform turns a provider's record into rows or rejects.
//
// A record enters with its members raw, as fetch read it; FloLIVE, IoTX, ReadDetail and
// ReadProfiles read them one by one, tolerant in form (a number may be quoted, a date
// may lack its zone) and strict in meaning. What cannot be a row is rejected whole, an
// odd member or pair is refused alone and flagged, a failed check digit is only flagged.
// Members that have no column are kept in extra. Nothing is lost in silence, with two
// exceptions: members of networkState that the API does not name, for they would make a
// version of the subscriber at every look; and contacts, which are personal data: they
// are not read unless they are to be kept, and are never in extra nor in the record of
// a reject.
//
// It is pure: the same record always gives the same rows. It refuses to know
// HTTP, SQL, logs, the clock and contexts; a time that matters is handed in with
// the record. It does not know other records either: which of two rows of one
// subscriber stands is decided where they meet.
package transform
