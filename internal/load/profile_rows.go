package load

import (
	"context"

	"github.com/jackc/pgx/v5"

	"simsync/internal/transform"
)

// The columns of the stage of profiles, in the order in which stageProfiles gives
// their values.
var (
	stageProfileAnswerColumns = []string{"eid", "asked_at", "outcome", "is_complete"}
	stageProfileColumns       = []string{
		"eid", "profile_id", "name", "is_active", "subscriber_id", "iccid", "imei", "imeisv", "flags", "extra", "fetched_at",
	}
	stageProfileIMSIColumns = []string{"eid", "profile_id", "ordinal", "imsi", "msisdn", "is_last_active"}
)

// profilePair is a pair of a profile on its way to the stage.
type profilePair struct {
	profile *transform.ESIMProfile
	ordinal int16
	pair    *transform.Pair
}

func stageProfiles(ctx context.Context, tx pgx.Tx, answers []ProfileAnswer, found []foundProfile) error {
	err := copyRows(ctx, tx, "stage_profile_answer", stageProfileAnswerColumns, answers, func(values []any, a ProfileAnswer) []any {
		return append(values, string(a.EID), a.AskedAt, string(a.Outcome), a.Complete)
	})
	if err != nil {
		return err
	}
	err = copyRows(ctx, tx, "stage_profile", stageProfileColumns, found, func(values []any, p foundProfile) []any {
		return append(values, string(p.EID), [16]byte(p.ProfileID), null(p.Name), p.IsActive, null(p.SubscriberID), null(p.ICCID),
			null(p.IMEI), null(p.IMEISV), flagTexts(p.Flags), jsonb(p.Extra), p.at)
	})
	if err != nil {
		return err
	}
	var pairs []profilePair
	for _, p := range found {
		for i := range p.Pairs {
			pairs = append(pairs, profilePair{p.ESIMProfile, int16(i), &p.Pairs[i]})
		}
	}
	return copyRows(ctx, tx, "stage_profile_imsi", stageProfileIMSIColumns, pairs, func(values []any, p profilePair) []any {
		return append(values, string(p.profile.EID), [16]byte(p.profile.ProfileID), p.ordinal, string(p.pair.IMSI), null(p.pair.MSISDN),
			p.pair.IsLastActive)
	})
}
