package load

import (
	"net/netip"

	"github.com/google/uuid"

	"simsync/internal/transform"
)

// The columns of the stage of details, in the order in which the functions below give
// their values.
var (
	stageDetailAnswerColumns = []string{"subscriber_key", "asked_at", "outcome"}
	stageDetailColumns       = []string{
		"subscriber_key", "alias", "tags", "system_labels", "user_labels", "longitude", "latitude", "mcc", "mnc", "lac", "cid",
		"last_rat_type", "last_rat_type_label", "last_data_rat_type", "last_data_rat_type_label", "last_apn",
		"is_in_data_session", "last_data_session_at", "last_ip", "first_activated_at", "custom_fields", "flags", "extra", "fetched_at",
	}
	stageOfferColumns = []string{
		"subscriber_key", "ordinal", "offer_id", "name", "description", "attached_at", "renews_on", "expires_on", "priority", "linked_offer_ids",
	}
)

// detailAnswer is a detail that was found, and whose it is.
type detailAnswer struct {
	key    int64
	detail *transform.Detail
}

func detailValues(values []any, a detailAnswer) []any {
	d := a.detail
	return append(values, a.key, null(d.Alias), texts(d.Tags), texts(d.SystemLabels), texts(d.UserLabels), d.Longitude, d.Latitude,
		null(d.MCC), null(d.MNC), null(d.LAC), null(d.CID), null(d.LastRATType), null(d.LastRATTypeLabel), null(d.LastDataRATType),
		null(d.LastDataRATTypeLabel), null(d.LastAPN), d.IsInDataSession, d.LastDataSessionAt, address(d.LastIP), d.FirstActivatedAt,
		jsonb(d.CustomFields), flagTexts(d.Flags), jsonb(d.Extra), d.FetchedAt)
}

// stagedOffer is an offer of a subscriber on its way to the stage.
type stagedOffer struct {
	key     int64
	ordinal int16
	offer   *transform.Offer
}

func offersOf(found []detailAnswer) []stagedOffer {
	var offers []stagedOffer
	for _, a := range found {
		for i := range a.detail.Offers {
			offers = append(offers, stagedOffer{a.key, int16(i), &a.detail.Offers[i]})
		}
	}
	return offers
}

func offerValues(values []any, s stagedOffer) []any {
	o := s.offer
	linked := make([][16]byte, len(o.LinkedOfferIDs))
	for i, id := range o.LinkedOfferIDs {
		linked[i] = id
	}
	return append(values, s.key, s.ordinal, [16]byte(o.OfferID), null(o.Name), null(o.Description), o.AttachedAt, o.RenewsOn, o.ExpiresOn,
		o.Priority, linked)
}

// texts is never nil: a list without items is empty, not null.
func texts(all []string) []string {
	if all == nil {
		return []string{}
	}
	return all
}

// address is nil for the zero Addr.
func address(a netip.Addr) any {
	if !a.IsValid() {
		return nil
	}
	return a
}

// nullID is nil for the zero UUID.
func nullID(id uuid.UUID) any {
	if id == uuid.Nil {
		return nil
	}
	return [16]byte(id)
}
