package run

import (
	"context"
	"errors"
	"slices"

	"simsync/internal/config"
	"simsync/internal/fetch"
	"simsync/internal/load"
)

// The ends of a run that are no fault of the program's, as errors. A source's
// error wraps the first that holds; its text tells the particulars.
var (
	// ErrSchema: the database's schema is not the one that this program is made for.
	ErrSchema = errors.New("the schema is not this program's")
	// ErrUsage: the command line is wrong.
	ErrUsage = errors.New("usage")
	// ErrHeldBack: changes are loaded, removals are held back.
	ErrHeldBack = errors.New("removals held back")
	// ErrIncomplete: a walk is not proved complete; what was read is loaded, nothing
	// was removed.
	ErrIncomplete = errors.New("incomplete")
	// ErrRejects: a larger share of the records was rejected than is allowed; the
	// others are loaded, nothing was removed.
	ErrRejects = errors.New("too many rejects")
	// ErrUnfinished: of what was to be written back a step was refused or not sent, or
	// its outcome is unknown.
	ErrUnfinished = errors.New("not everything was changed")
	// ErrEnrichment: the source is loaded, and the enrichment after it broke off. What
	// was told until then is saved.
	ErrEnrichment = errors.New("enrichment")
	// ErrInterrupted: stopped by SIGINT. Nothing is half-written.
	ErrInterrupted = errors.New("interrupted")
	// ErrTerminated: stopped by SIGTERM. Nothing is half-written.
	ErrTerminated = errors.New("terminated")
)

// Exit is what the program exits with, as its users know it.
type Exit struct {
	Code    int
	Meaning string
	// Retry tells whether the same command may succeed when run again.
	Retry bool
	is    func(error) bool
}

// Exits are all exit codes, the one that counts most first: where several apply,
// the first does. Any error that no other row claims is the row of code 1.
var Exits = []Exit{
	{130, "stopped by SIGINT; the ledger is closed, nothing half-written", true, isAny(ErrInterrupted)},
	{143, "stopped by SIGTERM; the ledger is closed, nothing half-written", true, isAny(ErrTerminated)},
	{7, "the schema is not this program's: run simsync migrate up", false, isAny(ErrSchema)},
	{6, "credentials refused", false, isCredentials},
	{2, "settings or usage wrong", false, isUsage},
	{1, "failed: provider or database out of reach after retries, also in the enrichment of what is loaded, or a fault of the program", true, isOther},
	{4, "the removal limit tripped: changes loaded, removals held back; --allow-removals overrides", false, isAny(ErrHeldBack)},
	{3, "finished, but a walk could not be proved complete: what was read is loaded, nothing was removed; for move and nickname: a step was refused or its outcome is unknown", true, isAny(ErrIncomplete, ErrUnfinished)},
	{5, "a larger share of rejects than --max-rejects", false, isAny(ErrRejects)},
	{0, "done; also: another run holds a source's lock and there was nothing else to do", false, func(err error) bool { return err == nil }},
}

// ExitCode is the code for errs, of which nil ones are the sources that are done.
// Joined errors count one by one.
func ExitCode(errs ...error) int {
	errs = apart(errs)
	for _, exit := range Exits {
		if slices.ContainsFunc(errs, exit.is) {
			return exit.Code
		}
	}
	return 0 // no errs at all: nothing was to be done
}

// apart takes joined errors apart.
func apart(errs []error) []error {
	var all []error
	for _, err := range errs {
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			all = append(all, apart(joined.Unwrap())...)
		} else {
			all = append(all, err)
		}
	}
	return all
}

// ExitsByCode are the exit codes in the order of their numbers, for readers.
func ExitsByCode() []Exit {
	return slices.SortedFunc(slices.Values(Exits), func(a, b Exit) int { return a.Code - b.Code })
}

func isAny(targets ...error) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(targets, func(target error) bool { return errors.Is(err, target) })
	}
}

func isCredentials(err error) bool {
	return errors.Is(err, fetch.KindCredentials) || load.IsCredentialsRefused(err)
}

// isUsage claims what only the operator can mend, before anything was done.
func isUsage(err error) bool {
	var settings *config.Error
	return errors.Is(err, ErrUsage) || errors.As(err, &settings)
}

// isOther claims what no row but that of success does.
func isOther(err error) bool {
	known := isAny(ErrInterrupted, ErrTerminated, ErrSchema, ErrHeldBack, ErrIncomplete, ErrUnfinished, ErrRejects)
	return err != nil && !known(err) && !isCredentials(err) && !isUsage(err)
}

// outcomeOf is what the ledger calls an end.
func outcomeOf(err error) load.Outcome {
	if broken, ok := errors.AsType[*brokenEnrichment](err); ok {
		return outcomeOf(broken.doubt) // the load is what it is
	}
	switch ExitCode(err) {
	case 0:
		return load.OutcomeOK
	case 130, 143:
		return load.OutcomeInterrupted
	case 3:
		return load.OutcomeIncomplete
	case 4, 5: // too many rejects are like too many removals: loaded, nothing removed
		return load.OutcomeHeldBack
	}
	return load.OutcomeFailed
}

// interruption is the signal that ended ctx as an error, or nil where none did. The
// command cancels its context with the error as cause.
func interruption(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	cause := context.Cause(ctx)
	if isAny(ErrInterrupted, ErrTerminated)(cause) {
		return cause
	}
	return nil
}
