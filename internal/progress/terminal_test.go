package progress_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// terminal is as much of one as a screen needs: it breaks lines that are too long, and
// knows the cursor's way up and the clearing of what is below.
type terminal struct {
	mu     sync.Mutex
	width  int
	rows   []row
	at, in int // the cursor's row and column
}

// row is a row of the terminal. One that is broken goes on in the next.
type row struct {
	text     []byte
	isBroken bool
}

func newTerminal(width int) *terminal { return &terminal{width: width, rows: make([]row, 1)} }

// Write shows text. What the terminal does not know it refuses.
func (t *terminal) Write(text []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.write(text)
}

// size is that of a terminal of five lines.
func (t *terminal) size() (width, height int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.width, 5
}

func (t *terminal) write(text []byte) (int, error) {
	for rest := string(text); rest != ""; {
		var up int
		switch {
		case strings.HasPrefix(rest, "\x1b[J"):
			t.rows = t.rows[:t.at+1]
			t.rows[t.at] = row{text: t.rows[t.at].text[:t.in]}
			rest = rest[3:]
		case rest[0] == '\x1b':
			if n, err := fmt.Sscanf(rest, "\x1b[%dA", &up); n != 1 || err != nil {
				return 0, fmt.Errorf("unknown sequence: %q", rest)
			}
			t.at = max(0, t.at-up)
			_, rest, _ = strings.Cut(rest, "A")
		default:
			t.put(rest[0])
			rest = rest[1:]
		}
	}
	return len(text), nil
}

func (t *terminal) put(c byte) {
	switch {
	case c == '\r':
		t.in = 0
		return
	case c == '\n':
		t.feed()
		return
	case t.in == t.width:
		t.rows[t.at].isBroken = true
		t.feed()
	}
	line := &t.rows[t.at].text
	*line = append((*line)[:t.in], c)
	t.in++
}

func (t *terminal) feed() {
	t.at, t.in = t.at+1, 0
	if t.at == len(t.rows) {
		t.rows = append(t.rows, row{})
	}
}

// narrow gives the terminal fewer columns: what no longer fits is broken anew, as xterm's
// heirs do.
func (t *terminal) narrow(width int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines, last := t.lines(), string(t.rows[t.at].text)
	t.width, t.rows, t.at, t.in = width, make([]row, 1), 0, 0
	for _, line := range lines[:len(lines)-1] {
		_, _ = t.write([]byte(line + "\n"))
	}
	_, _ = t.write([]byte(last))
}

// lines are what was written, unbroken.
func (t *terminal) lines() []string {
	var lines []string
	goesOn := false
	for _, r := range t.rows {
		if goesOn {
			lines[len(lines)-1] += string(r.text)
		} else {
			lines = append(lines, string(r.text))
		}
		goesOn = r.isBroken
	}
	return lines
}

// shown are the lines on it, without the empty one that the cursor waits in.
func (t *terminal) shown() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := t.lines()
	if last := len(lines) - 1; lines[last] == "" {
		lines = slices.Delete(lines, last, last+1)
	}
	return lines
}
