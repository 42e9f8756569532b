package progress_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"simsync/internal/progress"
	"simsync/internal/run"
)

// A log tells what is under way after ten seconds and then every ten, and no more after
// the end. What is over before that is not told at all.
func TestLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		id := uuid.MustParse("01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11")
		underWay := func() []run.Phase {
			seconds := int64(time.Since(began) / time.Second)
			switch {
			case seconds < 15:
				return []run.Phase{
					{ID: 1, Run: id, Source: "flolive", Task: run.TaskWalk, Listing: "c1", Session: 1, Done: 100 * seconds, Total: 3000, Staged: seconds, Retries: 1},
					{ID: 2, Run: id, Source: "iotx", Task: run.TaskWalk, Listing: "subscribers", Session: 1, Done: 5 * seconds, Total: 80, IsEstimate: true},
				}
			case seconds < 25:
				return []run.Phase{{ID: 3, Run: id, Source: "flolive", Task: run.TaskPromote, Staged: 15}}
			}
			return []run.Phase{{ID: 4, Run: id, Source: "flolive", Task: run.TaskDetails, Done: seconds - 25, Total: 1000}}
		}
		var out bytes.Buffer
		stop := progress.Log(underWay, zerolog.New(&out).Hook(zerolog.HookFunc(func(e *zerolog.Event, _ zerolog.Level, _ string) {
			e.Str("at", time.Since(began).String())
		})))
		<-time.After(35 * time.Second)
		stop()
		stop() // twice does no harm
		<-time.After(time.Minute)
		const run = `"run":"01a4b3f0-52c1-7a63-9d1e-5be2a7c40f11",`
		want := `
{"level":"info","source":"flolive","phase":"walk","listing":"c1","session":1,"records":1000,"rate":100,"declared":3000,"staged":10,"left":20000,"retries":1,"took":10000,"at":"10s","message":"under way"}
{"level":"info","source":"iotx","phase":"walk","listing":"subscribers","session":1,"records":50,"rate":5,"estimated":80,"staged":0,"left":6000,"retries":0,"took":10000,"at":"10s","message":"under way"}
{"level":"info","source":"flolive","phase":"promote","staged":15,"retries":0,"took":6000,"at":"20s","message":"under way"}
{"level":"info","source":"flolive","phase":"details","requests":5,"rate":0.8,"due":1000,"left":1194000,"retries":0,"took":6000,"at":"30s","message":"under way"}
`
		if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), strings.ReplaceAll(out.String(), run, "")); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
	})
}
