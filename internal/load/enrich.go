package load

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
)

// RequestOutcome is what came of asking a provider for one thing.
type RequestOutcome string

// The outcomes, as sync.detail_request and sync.profile_request name them. A question
// whose answer was lost has none: it counts as not asked.
const (
	RequestFound RequestOutcome = "found"
	// RequestAbsent: the provider has no such thing.
	RequestAbsent RequestOutcome = "absent"
	// RequestUnreadable: an answer came, and what was asked for cannot be read in it.
	RequestUnreadable RequestOutcome = "unreadable"
	// RequestRefused: the provider would not tell.
	RequestRefused RequestOutcome = "refused"
)

// The listings that rejects of an enrichment are recorded under.
const (
	detailsListing  = "details"
	profilesListing = "profiles"
)

// Enriched counts what an enrichment asked for, and of what the provider said
// something.
type Enriched struct {
	// DetailsAsked and DetailsFound count subscribers.
	DetailsAsked, DetailsFound int64
	// ProfilesAsked counts EIDs, ProfilesFound the profiles read on them.
	ProfilesAsked, ProfilesFound int64
}

// Enrichment brings details and profiles of one source into the database, a batch a
// transaction: what is saved stays, however the run ends. It works under its session's
// lock and on its connection, and touches no subscriber and no version of one.
//
// Its methods may be called by several at once, and wait for each other.
type Enrichment struct {
	session  *Session
	id       RunID
	contacts transform.Contacts
}

// Enrich begins the enrichment of a run, and records that it began. contacts says
// whether those in the details are to be kept.
func (s *Session) Enrich(ctx context.Context, id RunID, contacts transform.Contacts) (*Enrichment, error) {
	e := &Enrichment{session: s, id: id, contacts: contacts}
	err := e.inTransaction(ctx, func(tx pgx.Tx) error {
		m := merger{ctx: ctx, tx: tx}
		m.do("detail_tables")
		m.record(id, Enriched{})
		return m.err
	})
	if err != nil {
		return nil, fmt.Errorf("begin the enrichment of source %s: %w", s.source, err)
	}
	return e, nil
}

// inTransaction runs a transaction on the session's connection.
func (e *Enrichment) inTransaction(ctx context.Context, do func(tx pgx.Tx) error) error {
	s := e.session
	s.mu.Lock()
	defer s.mu.Unlock()
	return pgx.BeginFunc(ctx, s.conn, do)
}

// record adds to the counts in the ledger.
func (m *merger) record(id RunID, c Enriched) {
	m.do("ledger_enriched", id.Run, id.Source, c.DetailsAsked, c.DetailsFound, c.ProfilesAsked, c.ProfilesFound)
}

// datedReject is a reject of an answer, and when that was.
type datedReject struct {
	transform.Reject
	at time.Time
}

// keepRejects writes the rejects of answers into the ledger.
func (e *Enrichment) keepRejects(ctx context.Context, tx pgx.Tx, listing string, rejects []datedReject) error {
	return copyRows(ctx, tx, "sync.reject", keptRejectColumns, rejects, func(values []any, r datedReject) []any {
		staged := rejectValues(nil, 0, r.Reject)
		of := len(stageRejectColumns) - 2 // what follows names subscribers that must not be removed
		values = append(values, e.id.Run, e.id.Source, listing, r.at)
		return append(values, staged[1:of]...)
	})
}

// keptRejectColumns end as those of the stage do, without the walk before and the
// identity behind.
var keptRejectColumns = append([]string{"run_id", "source", "listing", "rejected_at"}, stageRejectColumns[1:len(stageRejectColumns)-2]...)
