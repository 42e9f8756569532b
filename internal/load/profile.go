package load

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
)

// ProfileDue is one request to be made: an EID whose profiles are due.
type ProfileDue struct {
	// Place in the queue, from 1.
	Place int64
	EID   transform.EID
}

// ProfileAnswer is what came of asking for the profiles on one EID.
type ProfileAnswer struct {
	EID     transform.EID
	AskedAt time.Time
	Outcome RequestOutcome
	// Profiles count where Outcome is RequestFound. Of two of the same id the later one
	// does.
	Profiles []transform.ESIMProfile
	// Complete says that what the answer does not name is not on the EID.
	Complete bool
	Rejects  []transform.Reject
}

// QueueProfiles puts down on which EIDs the profiles are due, and returns how many that
// are, at most the number given: first EIDs never asked for, then those of which a
// subscriber changed since they were, then those asked for at staleBefore or earlier,
// and of each the ones that were longest not asked for. The EIDs are those given and
// those of the live subscribers of the sources in from. An error among the EIDs is
// returned as it is.
func (e *Enrichment) QueueProfiles(ctx context.Context, eids iter.Seq2[transform.EID, error], from []string, staleBefore time.Time, most int) (int64, error) {
	if from == nil {
		from = []string{} // = ANY of null is null
	}
	var queued int64
	err := e.inTransaction(ctx, func(tx pgx.Tx) error {
		if err := stageEIDs(ctx, tx, eids); err != nil {
			return err
		}
		m := merger{ctx: ctx, tx: tx}
		m.exec(`ANALYZE stage_eid`)
		queued = m.do("profile_queue", e.id.Source, staleBefore, most, from)
		m.exec(`ANALYZE queue_profile`)
		return m.err
	})
	if err != nil {
		return 0, fmt.Errorf("queue the EIDs of source %s: %w", e.id.Source, err)
	}
	return queued, nil
}

// stageEIDs copies EIDs a few thousand at a time, however many there are.
func stageEIDs(ctx context.Context, tx pgx.Tx, eids iter.Seq2[transform.EID, error]) error {
	const atOnce = 5000
	flush := func(some []transform.EID) error {
		return copyRows(ctx, tx, "stage_eid", []string{"eid"}, some, func(values []any, eid transform.EID) []any {
			return append(values, string(eid))
		})
	}
	some := make([]transform.EID, 0, atOnce)
	for eid, err := range eids {
		if err != nil {
			return err
		}
		if some = append(some, eid); len(some) == atOnce {
			if err := flush(some); err != nil {
				return err
			}
			some = some[:0]
		}
	}
	return flush(some)
}

// DueProfiles reads the queue behind a place, at most so many EIDs; none at its end.
func (e *Enrichment) DueProfiles(ctx context.Context, after int64, most int) ([]ProfileDue, error) {
	var due []ProfileDue
	err := e.inTransaction(ctx, func(tx pgx.Tx) error {
		var err error
		due, err = collect(ctx, tx, pgx.RowToStructByPos[ProfileDue], "profile_due", after, most)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the queue of EIDs of source %s: %w", e.id.Source, err)
	}
	return due, nil
}

// SaveProfiles commits a batch of answers: what was told, that it was asked for, the
// rejects and the counts. Each EID is in it once. A profile that a complete answer
// about its EID does not name is marked removed; one that comes back is live again.
func (e *Enrichment) SaveProfiles(ctx context.Context, answers []ProfileAnswer) (Enriched, error) {
	found := profilesOf(answers)
	var rejects []datedReject
	for _, a := range answers {
		for _, r := range a.Rejects {
			rejects = append(rejects, datedReject{r, a.AskedAt})
		}
	}
	done := Enriched{ProfilesAsked: int64(len(answers)), ProfilesFound: int64(len(found))}
	err := e.inTransaction(ctx, func(tx pgx.Tx) error {
		if err := stageProfiles(ctx, tx, answers, found); err != nil {
			return err
		}
		if err := e.keepRejects(ctx, tx, profilesListing, rejects); err != nil {
			return err
		}
		m := merger{ctx: ctx, tx: tx}
		m.do("profile_request", e.id.Source, e.id.Run)
		m.do("profile_upsert", e.id.Source)
		m.do("profile_remove", e.id.Source)
		m.do("profile_imsi_delete", e.id.Source)
		m.do("profile_imsi_upsert", e.id.Source)
		m.record(e.id, done)
		return m.err
	})
	if err != nil {
		return Enriched{}, fmt.Errorf("save profiles of source %s: %w", e.id.Source, err)
	}
	return done, nil
}

// foundProfile is a profile on its way to the stage, and when it was told.
type foundProfile struct {
	*transform.ESIMProfile
	at time.Time
}

// profilesOf are the profiles of all answers, each once an EID.
func profilesOf(answers []ProfileAnswer) []foundProfile {
	var found []foundProfile
	for _, a := range answers {
		if a.Outcome != RequestFound {
			continue
		}
		place := make(map[uuid.UUID]int, len(a.Profiles))
		for i := range a.Profiles {
			p := foundProfile{&a.Profiles[i], a.AskedAt}
			if at, twice := place[p.ProfileID]; twice {
				found[at] = p
				continue
			}
			place[p.ProfileID] = len(found)
			found = append(found, p)
		}
	}
	return found
}
