package progress

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"simsync/internal/run"
)

// frameEvery is how often the screen is drawn.
const frameEvery = 200 * time.Millisecond

// Screen is a terminal whose last lines show a run, while the log scrolls above. What is
// written to it appears at once and whole. The cursor waits in the line below, visible:
// however the program ends, the terminal is as it was.
type Screen struct {
	out   io.Writer
	size  func() (width, height int)
	color bool

	mu    sync.Mutex
	drawn []string // the lines on the screen
}

// NewScreen makes a screen of a terminal. size tells how many columns and lines it has;
// 0 where it does not say. Nothing is drawn yet.
func NewScreen(out io.Writer, size func() (width, height int), color bool) *Screen {
	return &Screen{out: out, size: size, color: color}
}

// Show draws the phases that underWay tells until the function that it returns is
// called. That one clears them away, and returns when nothing is drawn any more.
func (s *Screen) Show(underWay func() []run.Phase) (stop func()) {
	return every(frameEvery, func(pace *pace) {
		sights := pace.look(underWay(), time.Now())
		width, height := s.measure()
		s.draw(clip(lines(sights, width-1, s.color), height-1)) // the last column and the last line are the cursor's
	}, func() { s.draw(nil) })
}

// every calls look each time that much time has passed, until it is stopped; then last.
func every(interval time.Duration, look func(*pace), last func()) (stop func()) {
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		defer last()
		pace := newPace(time.Now())
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				look(pace)
			case <-ended:
				return
			}
		}
	}()
	return sync.OnceFunc(func() {
		close(ended)
		<-done
	})
}

// measure is the size of the terminal, or one that any has.
func (s *Screen) measure() (width, height int) {
	width, height = s.size()
	if width <= 0 {
		width = 80
	}
	if height <= 0 {
		height = 24
	}
	return width, height
}

// clip is all lines, or those that there is room for and how many are not shown.
func clip(all []string, height int) []string {
	if len(all) <= max(height, 1) {
		return all
	}
	shown := max(height-1, 0)
	return append(all[:shown:shown], fmt.Sprintf("and %d more", len(all)-shown))
}

// Write writes lines of text above what is drawn.
func (s *Screen) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.drawn) == 0 {
		return s.out.Write(text)
	}
	if _, err := io.WriteString(s.out, s.erase()+string(text)+block(s.drawn)); err != nil {
		return 0, err
	}
	return len(text), nil
}

// draw puts lines in the place of those that are drawn.
func (s *Screen) draw(lines []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, after := block(s.drawn), block(lines)
	if before == after {
		return
	}
	frame := after
	if before != "" {
		frame = s.erase() + after
	}
	_, _ = io.WriteString(s.out, frame) // a terminal that is gone has nobody before it
	s.drawn = lines
}

func block(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// erase goes back to the first drawn line and clears from there (ECMA-48: CUU, ED).
// First to the line's start, for the terminal may have echoed a ^C. A line that no
// longer fits, because the terminal has become narrower, has been broken into several.
func (s *Screen) erase() string {
	width, _ := s.measure()
	rows := 0
	for _, line := range s.drawn {
		rows += max(1, (visible(line)+width-1)/width)
	}
	return fmt.Sprintf("\r\x1b[%dA\x1b[J", rows)
}

// visible is how many columns a line of this package takes: its colours take none.
func visible(line string) int {
	n := len(line)
	for _, code := range []string{cyan, plain} {
		n -= strings.Count(line, code) * len(code)
	}
	return n
}
