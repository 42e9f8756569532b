// Package queries reads what docs/queries/ asks of the fleet, a question a file, and
// makes up a fleet to ask it of. Its tests hold the files to their word: that an analyst
// may run each, that its answer is right, and that it looks up what it need not read.
//
// It is for tests and benchmarks alone: the program asks none of these questions.
package queries
