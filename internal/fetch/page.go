package fetch

import (
	"context"
	"iter"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Page is one answer of a listing: the records it brought, in the provider's
// order. R is the provider's wire type.
type Page[R any] struct {
	// Session counts from 1. A page of a higher session makes every page of the
	// sessions before it void: that listing is being read again from its start.
	Session int
	Records []Record[R]
	// Declared is the total that the provider announced with it; 0 where it announces
	// none (IoT-X).
	Declared int64
	// ReceivedAt is when the answer had been read to its end.
	ReceivedAt time.Time
	// Answer is what brought the records, which share its body's memory.
	Answer Answer
}

// Record is one element of a page.
type Record[R any] struct {
	// Raw is the element as received. It shares the page's memory.
	Raw jsontext.Value
	// Value is what Raw holds, where Err is nil.
	Value R
	// Err says why Raw is not a record at all (not an object, invalid UTF-8, a
	// name given twice). It is data: a reject, never a failed walk.
	Err error
}

// Walk reads one listing from its first record to its last.
type Walk[R any] interface {
	// Pages yields the listing's pages, one after another. An error comes at most
	// once and last; what was read until then is true, and the verdict tells why
	// it is not all. Pages may be called once.
	Pages(ctx context.Context) iter.Seq2[Page[R], error]
	// Facts tells how the walk went, once Pages has ended.
	Facts() Facts
}

// Facts are what a finished walk knows of itself: the proof of its completeness,
// or the reason why there is none.
type Facts struct {
	// Listing names what was walked: a customer's UUID, or "subscribers", perhaps under
	// a filter.
	Listing string
	Verdict Verdict
	// Declared is the total that the provider itself announced in the last session
	// that brought a page; nil where it announces none (IoT-X).
	Declared *int64
	// Distinct counts the different records of that session, Repeated those that
	// came more than once in it, but for the overlap of pages. A record that cannot
	// be read counts once, by its bytes.
	Distinct, Repeated int64
	// Sessions counts the PIT sessions opened (floLIVE), or the times that reading
	// began again after drift, plus one (IoT-X).
	Sessions int
	// Requests counts every request sent for this walk, repeats included.
	Requests              int64
	StartedAt, FinishedAt time.Time
}

// Verdict is complete, or the reason why a walk is not.
type Verdict string

// The verdicts. Only VerdictComplete lets absence prove anything.
const (
	// VerdictComplete: everything that the provider has was read, and it is proved.
	VerdictComplete Verdict = "complete"
	// VerdictLostAnswer: an answer was lost after it may have been delivered, in
	// every session tried.
	VerdictLostAnswer Verdict = "lost_answer"
	// VerdictExpired: the PIT session ended before its last record was read.
	VerdictExpired Verdict = "expired"
	// VerdictStuckCursor: the same chunk came again, or an empty one before the end.
	VerdictStuckCursor Verdict = "stuck_cursor"
	// VerdictTotalChanged: totalRecordAmount was not the same all through a session.
	VerdictTotalChanged Verdict = "total_changed"
	// VerdictWrongAmount: a reply's recordAmount was not the number of its records.
	VerdictWrongAmount Verdict = "wrong_amount"
	// VerdictMiscounted: the distinct records are not as many as declared.
	VerdictMiscounted Verdict = "miscounted"
	// VerdictDrift: records kept shifting between pages, more often than is
	// followed.
	VerdictDrift Verdict = "drift"
	// VerdictEndless: the list goes on past every bound, or brings nothing new.
	VerdictEndless Verdict = "endless"
	// VerdictUnreachable: the provider did not answer, or answered with errors, after
	// every retry.
	VerdictUnreachable Verdict = "unreachable"
	// VerdictRefused: the provider refused this listing (no such customer, forbidden).
	VerdictRefused Verdict = "refused"
	// VerdictUnconfirmed: the list was read to its end, but the known subscribers that
	// it did not hold could not all be asked for (IoT-X; said by the run, not the walk).
	VerdictUnconfirmed Verdict = "unconfirmed"
	// VerdictStopped: the walk was told to stop before its end.
	VerdictStopped Verdict = "stopped"
	// VerdictTorn: the walk is replayed from an archive, and of what was kept of it a
	// part is missing or damaged (said by the run, not the walk).
	VerdictTorn Verdict = "torn"
)

// Complete tells whether absence from the walk proves anything.
func (v Verdict) Complete() bool { return v == VerdictComplete }
