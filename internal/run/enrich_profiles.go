package run

import (
	"context"

	"simsync/internal/archive"
	"simsync/internal/fetch/flolive"
	"simsync/internal/load"
	"simsync/internal/transform"
)

// profiles asks for the profiles that are due, in at most so many requests, and
// returns how many it made or gave up.
func (e *enrichment) profiles(ctx context.Context, most int) (int, error) {
	from := e.source.Profiles
	if from.EIDFile == "" && len(from.EIDsFrom) == 0 {
		return 0, nil
	}
	due, err := e.into.QueueProfiles(ctx, eidsIn(from.EIDFile), from.EIDsFrom, e.dueBefore, most)
	if err != nil {
		return 0, err
	}
	e.Log.Info().Int64("requests", due).Msg("profiles are asked for")
	m := e.phase(Phase{Task: TaskProfiles, Total: due}, e.provider)
	defer m.end()
	told := tally{}
	asking := inquiry[load.ProfileDue, load.ProfileAnswer]{
		atOnce: max(1, e.source.Details.Concurrency), due: e.into.DueProfiles, ask: e.askProfiles, now: e.Now, log: e.Log, meter: m,
		place: func(d load.ProfileDue) int64 { return d.Place },
		name:  func(d load.ProfileDue) string { return d.EID.Masked() },
		save: func(ctx context.Context, answers []load.ProfileAnswer) error {
			saved, err := e.into.SaveProfiles(ctx, answers)
			e.count(saved)
			for _, a := range answers {
				told[a.Outcome]++
			}
			return err
		},
	}
	err = asking.run(ctx)
	e.untold += asking.untold
	told.log(e.Log, "profiles")
	return int(due), err
}

// askProfiles asks for one EID.
func (e *enrichment) askProfiles(ctx context.Context, due load.ProfileDue) ([]load.ProfileAnswer, error) {
	t, err := ask(ctx, e.syncer, archive.FileProfiles, question{subject: string(due.EID)}, e.provider.profiles)
	if err != nil {
		return nil, err
	}
	return []load.ProfileAnswer{profileAnswer(due.EID, t)}, nil
}

// profileAnswer reads what was told of an EID. That the provider does not know it is its
// plain word that nothing is on it; a record that cannot be read, or was not sent along,
// may be any profile.
func profileAnswer(eid transform.EID, t told[flolive.Profile]) load.ProfileAnswer {
	a := load.ProfileAnswer{EID: eid, AskedAt: t.askedAt, Outcome: t.outcome, Complete: t.outcome == load.RequestAbsent}
	if t.outcome == load.RequestFound {
		a.Profiles, a.Rejects = transform.ReadProfiles(t.records, eid)
		a.Complete = !t.isPartial && !isAnyWhole(a.Rejects)
		a.Outcome = readOutcome(len(a.Profiles) > 0 || a.Complete, true)
	}
	return a
}
