package run_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
	"simsync/internal/run"
)

func TestExitCode(t *testing.T) {
	var (
		provider    = &fetch.Error{Kind: fetch.KindNeverSent, Op: "list subscribers"}
		credentials = fmt.Errorf("walk: %w", &fetch.Error{Kind: fetch.KindCredentials})
		database    = fmt.Errorf("connect: %w", &pgconn.PgError{Code: "28P01"}) // invalid_password
		incomplete  = fmt.Errorf("%w: listing a: lost_answer", run.ErrIncomplete)
		heldBack    = fmt.Errorf("%w: 9 of 10", run.ErrHeldBack)
		rejects     = fmt.Errorf("%w: 2 %%", run.ErrRejects)
		settings    = fmt.Errorf("read: %w", &config.Error{Problems: []string{"unknown key"}})
	)
	tests := []struct {
		name    string
		errs    []error
		code    int
		outcome load.Outcome // of the first error alone
	}{
		{"no sources", nil, 0, load.OutcomeOK},
		{"done", []error{nil, nil}, 0, load.OutcomeOK},
		{"a provider out of reach", []error{provider}, 1, load.OutcomeFailed},
		{"a fault of ours", []error{errors.New("?")}, 1, load.OutcomeFailed},
		{"cancelled without a signal", []error{context.Canceled}, 1, load.OutcomeFailed},
		{"the operator's settings", []error{settings}, 2, load.OutcomeFailed},
		{"the command line", []error{run.ErrUsage}, 2, load.OutcomeFailed},
		{"incomplete", []error{incomplete}, 3, load.OutcomeIncomplete},
		{"the removal limit", []error{heldBack}, 4, load.OutcomeHeldBack},
		{"too many rejects", []error{rejects}, 5, load.OutcomeHeldBack},
		{"the provider's credentials", []error{credentials}, 6, load.OutcomeFailed},
		{"the database's credentials", []error{database}, 6, load.OutcomeFailed},
		{"another schema", []error{fmt.Errorf("run: %w", run.ErrSchema)}, 7, load.OutcomeFailed},
		{"SIGINT", []error{run.ErrInterrupted}, 130, load.OutcomeInterrupted},
		{"SIGTERM", []error{run.ErrTerminated}, 143, load.OutcomeInterrupted},

		{"3 before 5", []error{rejects, incomplete}, 3, load.OutcomeHeldBack},
		{"4 before 3", []error{incomplete, heldBack, nil}, 4, load.OutcomeIncomplete},
		{"1 before 4", []error{heldBack, provider}, 1, load.OutcomeHeldBack},
		{"2 before 1", []error{provider, run.ErrUsage}, 2, load.OutcomeFailed},
		{"6 before 2", []error{run.ErrUsage, credentials}, 6, load.OutcomeFailed},
		{"7 before 6", []error{credentials, run.ErrSchema}, 7, load.OutcomeFailed},
		{"a signal before all", []error{run.ErrSchema, run.ErrTerminated, credentials}, 143, load.OutcomeFailed},
		{"any before done", []error{nil, rejects}, 5, load.OutcomeOK},

		{"joined: the ledger could not be closed", []error{errors.Join(incomplete, errors.New("close the run"))}, 1, load.OutcomeFailed},
		{"joined, of one", []error{errors.Join(nil, heldBack)}, 4, load.OutcomeHeldBack},
		{"joined in joined", []error{errors.Join(rejects, errors.Join(nil, credentials))}, 6, load.OutcomeFailed},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := run.ExitCode(test.errs...); got != test.code {
				t.Errorf("exit code %d, want %d", got, test.code)
			}
			var first error
			if len(test.errs) > 0 {
				first = test.errs[0]
			}
			if got := run.OutcomeOf(first); got != test.outcome {
				t.Errorf("outcome %s, want %s", got, test.outcome)
			}
		})
	}
}

func TestExitsByCodeAreAll(t *testing.T) {
	var codes []int
	for _, exit := range run.ExitsByCode() {
		codes = append(codes, exit.Code)
		if exit.Meaning == "" {
			t.Errorf("code %d has no meaning", exit.Code)
		}
	}
	if got, want := fmt.Sprint(codes), "[0 1 2 3 4 5 6 7 130 143]"; got != want {
		t.Errorf("codes %s, want %s", got, want)
	}
}

func TestEndOf(t *testing.T) {
	signalled, cancel := context.WithCancelCause(t.Context())
	cancel(run.ErrTerminated)
	given, cancelGiven := context.WithCancel(t.Context())
	cancelGiven()
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		ctx       context.Context
		err, want error
	}{
		"nothing happened":       {t.Context(), broken, broken},
		"a signal is the reason": {signalled, broken, run.ErrTerminated},
		"done before the signal": {signalled, nil, nil},
		"cancelled by a caller":  {given, broken, broken},
	} {
		if got := run.EndOf(test.ctx, test.err); !errors.Is(got, test.want) {
			t.Errorf("%s: %v, want %v", name, got, test.want)
		}
	}
}
