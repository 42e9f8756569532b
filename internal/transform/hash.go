package transform

// ContentHash tells whether a subscriber is as it was: the first 8 bytes of a
// SHA-256 over all that makes a version of it.
type ContentHash uint64
