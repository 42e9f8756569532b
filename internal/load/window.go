package load

import "time"

// Window is a range of connection dates, from Since on and before Until. A zero time
// leaves its side open; the zero Window is all of a source. What is not in a window was
// not asked for: its absence from a run proves nothing.
type Window struct{ Since, Until time.Time }

// IsWhole tells whether the window leaves nothing out.
func (w Window) IsWhole() bool { return w.Since.IsZero() && w.Until.IsZero() }

// moment is nil for the zero time, which means null in the ledger.
func moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}
