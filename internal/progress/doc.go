// Package progress shows a run under way: at a terminal a line with a bar for each
// phase, drawn below the log; elsewhere a line in the log every ten seconds.
//
// It knows of a run what the run itself notes in a [run.Progress], and adds the clock:
// how fast a phase goes, and how long it will take. What it draws is gone when the run
// is over, for the log and the summary tell it all. A number with a tilde before it
// rests on an estimate.
//
// The screen is our own. The library vbauerster/mpb was tried: what is written above
// its bars waits for the next frame, and is lost where the bars end before that, and so
// it lost the log's last line. It draws from whatever column the cursor is in, so that
// the ^C which a terminal echoes shifts the frame.
package progress
