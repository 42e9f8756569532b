package progress_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"simsync/internal/progress"
	"simsync/internal/run"
)

// The screen shows the phases below what is written, however often and fast, and leaves
// nothing of them behind.
func TestScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		terminal := newTerminal(60)
		screen := progress.NewScreen(terminal, terminal.size, false)
		stop := screen.Show(func() []run.Phase {
			var phases []run.Phase
			for i := range int(time.Since(began) / time.Second) {
				phases = append(phases, run.Phase{ID: i + 1, Source: fmt.Sprintf("s%d", i), Task: run.TaskDetails, Done: 1, Total: 2})
			}
			return phases
		})
		say := func(line string) {
			if _, err := screen.Write([]byte(line + "\n")); err != nil {
				t.Error(err)
			}
		}
		say("before anything is drawn")
		wantShown(t, terminal, "before anything is drawn")

		<-time.After(2100 * time.Millisecond)
		say("in the midst")
		say("twice")
		wantShown(t, terminal, "before anything is drawn", "in the midst", "twice",
			"s0 details  [=====>       ]  50 %  1 of 2  0.8/s  0:01 left",
			"s1 details  [=====>       ]  50 %  1 of 2  5.0/s  0:00 left")

		// The terminal echoes a key and becomes narrower.
		if _, err := terminal.Write([]byte("^C")); err != nil {
			t.Error(err)
		}
		terminal.narrow(40)
		say("stopping")
		<-time.After(time.Second)
		wantShown(t, terminal, "before anything is drawn", "in the midst", "twice", "stopping",
			"s0 details  50 %  1 of 2  0:02 left",
			"s1 details  50 %  1 of 2  0:01 left",
			"s2 details  50 %  1 of 2  0:00 left")

		// There is no more room than the terminal has lines.
		<-time.After(4 * time.Second)
		wantShown(t, terminal, "before anything is drawn", "in the midst", "twice", "stopping",
			"s0 details  50 %  1 of 2  0:06 left",
			"s1 details  50 %  1 of 2  0:05 left",
			"s2 details  50 %  1 of 2  0:04 left",
			"and 4 more")
		stop()
		stop()
		say("the end")
		wantShown(t, terminal, "before anything is drawn", "in the midst", "twice", "stopping", "the end")
	})
}

func wantShown(t *testing.T, terminal *terminal, want ...string) {
	t.Helper()
	synctest.Wait()
	if diff := cmp.Diff(want, terminal.shown()); diff != "" {
		t.Errorf("on the terminal (-want +got):\n%s", diff)
	}
}
