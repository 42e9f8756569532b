package writeback_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
	"simsync/internal/fetch/iotx"
	"simsync/internal/writeback"
)

// planned is a plan of changes about which nothing is known.
func planned(t *testing.T, kind writeback.Kind, changes []writeback.Change) *writeback.Plan {
	t.Helper()
	plan, err := writeback.NewPlan(kind, "source", changes, writeback.Knowledge{})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

func applier(m *memory, log *bytes.Buffer) *writeback.Applier {
	return &writeback.Applier{Journal: m, Fleet: m, Command: uuid.Must(uuid.NewV7()), Log: zerolog.New(log)}
}

func TestMovesByWhatTheProviderSays(t *testing.T) {
	t.Parallel()
	lost := &fetch.Error{Kind: fetch.KindLostAnswer}
	partly := func(_ context.Context, nodes []flolive.MoveNode) (flolive.MoveAnswer, error) {
		return flolive.MoveAnswer{Nodes: []flolive.MoveResult{{MoveNode: nodes[1], RequestID: "r"}, {MoveNode: nodes[2], Code: "SUBSCRIBER_1002"}}}, lost
	}
	fails := func(err error) func(context.Context, []flolive.MoveNode) (flolive.MoveAnswer, error) {
		return func(context.Context, []flolive.MoveNode) (flolive.MoveAnswer, error) {
			return flolive.MoveAnswer{}, err
		}
	}
	all := imsis(3)
	for _, test := range []struct {
		name     string
		move     func(context.Context, []flolive.MoveNode) (flolive.MoveAnswer, error)
		outcomes string
		kind     fetch.Kind // of the error; empty: none
	}{
		{"accepted", acknowledge, "accepted accepted accepted", ""},
		{"one refused, the others once more", refuse(all[1].Value), "not_executed refused:SUBSCRIBER_1002 not_executed accepted accepted", ""},
		{"all refused", refuse(all[0].Value, all[1].Value, all[2].Value), "refused:SUBSCRIBER_1002 refused:SUBSCRIBER_1002 refused:SUBSCRIBER_1002", ""},
		{"a NAK that names nobody", fails(nil), "not_executed not_executed not_executed", ""},
		{"the answer is lost", fails(lost), "unknown unknown unknown", ""},
		{"an answer that tells a part", partly, "unknown accepted refused:SUBSCRIBER_1002", ""},
		{"refused whole", fails(&fetch.Error{Kind: fetch.KindRefused, Status: 403}), "refused:HTTP_403 refused:HTTP_403 refused:HTTP_403", ""},
		{
			"wrong credentials", fails(&fetch.Error{Kind: fetch.KindCredentials, Status: 401, Code: "AUTH_1001"}),
			"not_executed:AUTH_1001 not_executed:AUTH_1001 not_executed:AUTH_1001", fetch.KindCredentials,
		},
		{"never sent", fails(&fetch.Error{Kind: fetch.KindNeverSent}), "not_executed not_executed not_executed", fetch.KindNeverSent},
		{
			"try again later", fails(&fetch.Error{Kind: fetch.KindErrorAnswer, Status: 503}),
			"not_executed:HTTP_503 not_executed:HTTP_503 not_executed:HTTP_503", fetch.KindErrorAnswer,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var m memory
			var log bytes.Buffer
			err := applier(&m, &log).Moves(t.Context(), planned(t, writeback.KindMove, all), provider{move: test.move})
			if diff := cmp.Diff(test.outcomes, m.outcomes()); diff != "" {
				t.Errorf("journal (-want +got):\n%s", diff)
			}
			if test.kind == "" && err != nil || test.kind != "" && !errors.Is(err, test.kind) {
				t.Errorf("error %v, want kind %q", err, test.kind)
			}
			for _, c := range all {
				if strings.Contains(log.String(), c.Value) {
					t.Errorf("the log tells an identifier: %s", &log)
				}
			}
		})
	}
}

// Every step of a call is in the journal before the call goes out, and its outcome
// before the next one does.
func TestMovesAreJournalledBeforeAndAfter(t *testing.T) {
	t.Parallel()
	var m memory
	var sizes []int
	err := applier(&m, new(bytes.Buffer)).Moves(t.Context(), planned(t, writeback.KindMove, imsis(450)), provider{
		move: func(ctx context.Context, nodes []flolive.MoveNode) (flolive.MoveAnswer, error) {
			if got := strings.Count(m.outcomes(), "journalled"); got != len(nodes) {
				t.Errorf("%d steps are journalled while %d are sent", got, len(nodes))
			}
			sizes = append(sizes, len(nodes))
			return acknowledge(ctx, nodes)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{200, 200, 50}, sizes); diff != "" {
		t.Errorf("nodes a call (-want +got):\n%s", diff)
	}
}

// After an answer that was lost nothing more is sent: what follows is told apart.
func TestMovesStopAfterALostAnswer(t *testing.T) {
	t.Parallel()
	var m memory
	calls := 0
	plan := planned(t, writeback.KindMove, imsis(201))
	err := applier(&m, new(bytes.Buffer)).Moves(t.Context(), plan, provider{
		move: func(context.Context, []flolive.MoveNode) (flolive.MoveAnswer, error) {
			calls++
			return flolive.MoveAnswer{}, &fetch.Error{Kind: fetch.KindLostAnswer}
		},
	})
	if err != nil || calls != 1 || len(m.steps) != 200 || plan.Lines[200].Step != nil || plan.Unfinished() != 201 {
		t.Errorf("error %v, %d calls, %d steps, %d lines unfinished", err, calls, len(m.steps), plan.Unfinished())
	}
}

func TestNothingIsSentWithoutAJournal(t *testing.T) {
	t.Parallel()
	m := memory{broken: "Begin"}
	plan := planned(t, writeback.KindMove, imsis(1))
	err := applier(&m, new(bytes.Buffer)).Moves(t.Context(), plan, provider{}) // to send anything would panic
	if !errors.Is(err, errDisk) || plan.Lines[0].Step != nil {
		t.Errorf("error %v, step %v", err, plan.Lines[0].Step)
	}
}

// Where the answer cannot be journalled, the log keeps what only the answer told.
func TestAnAnswerThatCannotBeJournalledIsLogged(t *testing.T) {
	t.Parallel()
	m := memory{broken: "Record"}
	var log bytes.Buffer
	err := applier(&m, &log).Moves(t.Context(), planned(t, writeback.KindMove, imsis(1)), provider{move: acknowledge})
	if !errors.Is(err, errDisk) || !strings.Contains(log.String(), `"request":"request-`) {
		t.Errorf("error %v, log %s", err, &log)
	}
	if m.outcomes() != "journalled" {
		t.Errorf("journal %q: the step must stay open", m.outcomes())
	}
}

// A signal leaves the request under way the time to bring its answer, and sends no
// other.
func TestSignal(t *testing.T) {
	t.Parallel()
	stop := errors.New("a signal")
	for _, test := range []struct {
		takes    time.Duration
		outcomes string
	}{
		{5 * time.Second, "accepted"},
		{time.Minute, "unknown"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var m memory
			ctx, cancel := context.WithCancelCause(t.Context())
			plan := planned(t, writeback.KindMove, imsis(201))
			began := time.Now()
			err := applier(&m, new(bytes.Buffer)).Moves(ctx, plan, provider{
				move: func(ctx context.Context, nodes []flolive.MoveNode) (flolive.MoveAnswer, error) {
					cancel(stop)
					select {
					case <-time.After(test.takes):
						return acknowledge(ctx, nodes)
					case <-ctx.Done():
						return flolive.MoveAnswer{}, &fetch.Error{Kind: fetch.KindLostAnswer, Err: context.Cause(ctx)}
					}
				},
			})
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("it took %s after the signal", took)
			}
			if test.outcomes == "accepted" && !errors.Is(err, stop) {
				t.Errorf("error %v, want the signal: a call was left", err)
			}
			if len(m.steps) != 200 || m.steps[199].Outcome != writeback.Outcome(test.outcomes) {
				t.Errorf("%d steps, the last %s; want 200, %s", len(m.steps), m.steps[199].Outcome, test.outcomes)
			}
		})
	}
}

func TestNicknamesByWhatTheProviderSays(t *testing.T) {
	t.Parallel()
	changes := []writeback.Change{
		{Line: 2, Subject: subject(writeback.SubjectPhysicalID, "8944000000000000001"), Nickname: "Größe"},
		{Line: 3, Subject: subject(writeback.SubjectPhysicalID, "8944000000000000019"), Nickname: "e\u0301"},
	}
	for _, test := range []struct {
		name     string
		err      error // of the first
		outcomes string
		follows  []string
		ends     bool
	}{
		{"done", nil, "done done", []string{"Größe", "e\u0301"}, false},
		{"refused", &fetch.Error{Kind: fetch.KindRefused, Status: 400, Code: "BadRequest"}, "refused:BadRequest done", []string{"e\u0301"}, false},
		{"no such subscriber", &fetch.Error{Kind: fetch.KindNotFound, Status: 404}, "refused:HTTP_404 done", []string{"e\u0301"}, false},
		{"the answer is lost", &fetch.Error{Kind: fetch.KindLostAnswer}, "unknown", nil, false},
		{"wrong credentials", &fetch.Error{Kind: fetch.KindCredentials, Status: 401}, "not_executed:HTTP_401", nil, true},
		{"never sent", &fetch.Error{Kind: fetch.KindNeverSent}, "not_executed", nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var m memory
			failed := test.err
			err := applier(&m, new(bytes.Buffer)).Nicknames(t.Context(), planned(t, writeback.KindNickname, changes), provider{
				set: func(id, nickname string) (fetch.Record[iotx.Subscriber], error) {
					err := failed
					failed = nil
					return subscriber(id, nickname), err
				},
			})
			if (err != nil) != test.ends {
				t.Errorf("error %v", err)
			}
			if diff := cmp.Diff(test.outcomes, m.outcomes()); diff != "" {
				t.Errorf("journal (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.follows, m.names); diff != "" {
				t.Errorf("nicknames that the fleet follows (-want +got):\n%s", diff)
			}
		})
	}
}

// What a run holds is left to it, and that is no failure.
func TestNicknamesWhileARunHoldsTheSource(t *testing.T) {
	t.Parallel()
	m := memory{held: true}
	plan := planned(t, writeback.KindNickname, []writeback.Change{{Subject: subject(writeback.SubjectPhysicalID, simA), Nickname: "x"}})
	err := applier(&m, new(bytes.Buffer)).Nicknames(t.Context(), plan, provider{
		set: func(id, nickname string) (fetch.Record[iotx.Subscriber], error) { return subscriber(id, nickname), nil },
	})
	if err != nil || plan.LeftToRun != 1 || plan.Unfinished() != 0 {
		t.Errorf("error %v, %d left to a run, %d unfinished", err, plan.LeftToRun, plan.Unfinished())
	}
}
