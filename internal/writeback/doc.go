// Package writeback is the way back: it moves subscribers between floLIVE customers
// and gives IoT-X subscribers nicknames, as a file or a command line asks for it.
//
// What is asked is checked whole, planned against what the database knows, and sent
// only on a word of its own. Neither provider promises that a request sent twice
// does no harm, so every step is journalled before it is sent and after its answer,
// and a step that is open (it may have been sent, the provider works on it, or its
// answer was lost) is never sent again. What is open is settled by looking: at the
// provider's request status, at the subscriber, or by the next sync.
//
// The package refuses to know SQL: [Journal] and [Fleet] are what it needs of a
// database, and package load keeps both. It knows nothing of walks and runs either.
package writeback
