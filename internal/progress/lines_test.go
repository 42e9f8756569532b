package progress

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"simsync/internal/run"
)

// evening is a run in the middle of its walks: one that is being read again, one in
// trouble, and one whose end is a guess.
var evening = []sight{
	seen(run.Phase{
		Source: "flolive", Task: run.TaskWalk, Listing: "3bd92beb-0367-4e68-b50d-72c0fb08beab", Session: 2,
		Done: 12_000, Total: 20_000, Staged: 1_203, Retries: 1,
	}, 10*time.Second),
	seen(run.Phase{
		Source: "flolive", Task: run.TaskWalk, Listing: "6ceaafc4-ea54-40c0-b1a2-5b7a32b7ff2a", Session: 1, Total: 5_000, Retries: 14,
	}, 2*time.Minute),
	seen(run.Phase{
		Source: "iotx", Task: run.TaskWalk, Listing: "subscribers", Session: 1, Done: 300, Total: 5_393, IsEstimate: true,
	}, 40*time.Second),
}

// night is what comes after the walks.
var night = []sight{
	seen(run.Phase{Source: "flolive", Task: run.TaskDetails, Done: 999, Total: 1_000_000}, 100*time.Second),
	seen(run.Phase{Source: "iotx", Task: run.TaskPromote, Staged: 1_000_000}, 3*time.Second),
	seen(run.Phase{Source: "iotx-eu", Task: run.TaskConfirm, Done: 3, Total: 3}, 2*time.Second),
	seen(run.Phase{Source: "iotx-us", Task: run.TaskWalk, Listing: "subscribers", Session: 1, Done: 100}, time.Second),
}

func TestLines(t *testing.T) {
	for _, test := range []struct {
		name   string
		sights []sight
		width  int
		want   string
	}{
		{"wide", evening, 199, `
flolive 3bd92beb  [=====================>                ]  60 %  12,000 of 20,000  1,200/s    0:07 left  session 2  1 retry     1,203 staged
flolive 6ceaafc4  [                                      ]   0 %        0 of 5,000                  2:00             14 retries      0 staged
iotx subscribers  [=>                                    ]  ~5 %     300 of ~5,393    7.5/s  ~11:19 left                             0 staged`},
		{"usual", evening, 79, `
flolive 3bd92beb  [=====>     ]  60 %  12,000 of 20,000    0:07 left  session 2
flolive 6ceaafc4  [           ]   0 %        0 of 5,000         2:00
iotx subscribers  [           ]  ~5 %     300 of ~5,393  ~11:19 left`},
		{"narrow", evening, 39, `
flolive 3bd92beb  60 %    0:07 left
flolive 6ceaafc4   0 %         2:00
iotx subscribers  ~5 %  ~11:19 left`},
		{"after the walks", night, 119, `
flolive details      [                                      ]    0 %  999 of 1,000,000   10/s  27:46:40 left
iotx promote         [               ===                    ]           1,000,000 rows                  0:03
iotx-eu confirm      [======================================]  100 %            3 of 3  1.5/s           0:02
iotx-us subscribers  [     ===                              ]                      100  100/s           0:01  0 staged`},
		{"too narrow for anything", evening, 10, `
flolive 3b
flolive 6c
iotx subsc`},
		{"nothing", nil, 80, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := strings.Join(lines(test.sights, test.width, false), "\n")
			if diff := cmp.Diff(strings.TrimPrefix(test.want, "\n"), got); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

// However wide the terminal is and whatever a run says, a line fits and is ASCII, and
// colour changes nothing but colour.
func TestLinesFit(t *testing.T) {
	tasks := rapid.SampledFrom([]run.Task{run.TaskWalk, run.TaskConfirm, run.TaskPromote, run.TaskDetails, run.TaskProfiles})
	amount := rapid.OneOf(rapid.Int64Range(0, 50), rapid.Int64Range(0, 1<<40))
	rapid.Check(t, func(t *rapid.T) {
		sights := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sight {
			return seen(run.Phase{
				Source: rapid.StringMatching(`[a-z0-9_-]{1,63}`).Draw(t, "source"), Task: tasks.Draw(t, "task"),
				Listing: rapid.StringMatching(`[a-z0-9-]{0,40}`).Draw(t, "listing"), Session: rapid.IntRange(0, 12).Draw(t, "session"),
				Done: amount.Draw(t, "done"), Total: amount.Draw(t, "total"), IsEstimate: rapid.Bool().Draw(t, "estimate"),
				Staged: amount.Draw(t, "staged"), Retries: amount.Draw(t, "retries"),
			}, time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, "took")))
		}), 0, 5).Draw(t, "sights")
		width := rapid.IntRange(1, 250).Draw(t, "width")
		plain, colored := lines(sights, width, false), lines(sights, width, true)
		for i, line := range plain {
			if len(line) > width || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) {
				t.Fatalf("in %d columns: %q", width, line)
			}
			if visible(colored[i]) != len(line) {
				t.Fatalf("coloured it takes %d columns: %q", visible(colored[i]), colored[i])
			}
		}
	})
}

func TestPace(t *testing.T) {
	start := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	p := newPace(start)
	walk := run.Phase{ID: 1, Session: 1, Done: 100, Total: 1000}
	for _, step := range []struct {
		name  string
		after time.Duration
		phase run.Phase
		want  sight
	}{
		{"it began after the look before", 10 * time.Second, walk, sight{Phase: walk, took: 10 * time.Second, rate: 10, left: 90 * time.Second}},
		{"nothing came since", 10 * time.Second, walk, sight{Phase: walk, took: 20 * time.Second, rate: 5, left: 3 * time.Minute}},
		{
			"another session begins anew", 5 * time.Second,
			run.Phase{ID: 1, Session: 2, Done: 50, Total: 1000},
			sight{Phase: run.Phase{ID: 1, Session: 2, Done: 50, Total: 1000}, took: 5 * time.Second, rate: 10, left: 95 * time.Second},
		},
		{
			"what is read to its end has nothing left", 5 * time.Second,
			run.Phase{ID: 1, Session: 2, Done: 1000, Total: 1000},
			sight{Phase: run.Phase{ID: 1, Session: 2, Done: 1000, Total: 1000}, took: 10 * time.Second, rate: 100},
		},
		{
			"of more than was thought nobody knows", 0,
			run.Phase{ID: 2, Done: 12, Total: 10, IsEstimate: true},
			sight{Phase: run.Phase{ID: 2, Done: 12, Total: 10, IsEstimate: true}},
		},
	} {
		start = start.Add(step.after)
		got := p.look([]run.Phase{step.phase}, start)
		if diff := cmp.Diff([]sight{step.want}, got, cmp.AllowUnexported(sight{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}
