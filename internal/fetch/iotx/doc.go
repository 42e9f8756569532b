// Package iotx speaks IoT-X's API 4.0: the paginated list of an account's
// subscribers, walked with overlapping pages, one subscriber by its physicalId, and
// the nickname that it is given.
//
// The list is addressed by offsets and has no snapshot and no total: when a record
// leaves, those behind it move up, and a plain walk skips as many. What the walk
// proves is that nobody who was in the list all the time was skipped. Whoever is
// missing may still be asked for alone.
//
// The package refuses to know what a record means beyond its physicalId, and what
// was known of the list before the walk.
package iotx
