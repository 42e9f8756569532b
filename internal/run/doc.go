// Package run joins the rooms: for each source it takes the lock, walks every
// listing page by page, transforms each page, stages what is new, weighs the
// verdicts, promotes, and asks for details and profiles. It is the only room that sees
// all three stages.
//
// It refuses to know the wire, the canonical forms and SQL, and it decides what none
// of those can: what a verdict allows, what a source's outcome is, and which exit
// code that makes.
package run
