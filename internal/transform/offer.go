package transform

import (
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"simsync/internal/fetch/flolive"
)

// offers reads the plans of a subscriber. It returns the members of them that have no
// column, by ordinal.
func (d *draft) offers(v jsontext.Value, to *Detail) (unknown objectText) {
	for i, element := range d.objects("offer", v, FlagOfferRejected) {
		at := elementPath("offer", i)
		var wire flolive.Offer
		if element.Kind() != '{' || json.Unmarshal(element, &wire) != nil {
			d.refuse(at, errNotObject, FlagOfferRejected)
			continue
		}
		id, ok := d.uuidMember(at+".id", wire.ID, FlagOfferRejected)
		if !ok {
			continue
		}
		if wire.Unknown != nil {
			unknown.add(strconv.Itoa(len(to.Offers)), wire.Unknown)
		}
		to.Offers = append(to.Offers, d.offer(at+".", id, &wire))
	}
	return unknown
}

// offer reads a plan whose members' paths begin with at.
func (d *draft) offer(at string, id uuid.UUID, v *flolive.Offer) Offer {
	const refused = FlagOfferRejected
	return Offer{
		OfferID:        id,
		Name:           d.textMember(at+"name", v.Name, refused, (*draft).text),
		Description:    d.textMember(at+"description", v.Description, refused, (*draft).text),
		AttachedAt:     valueMember(d, at+"attachTimestamp", v.AttachTimestamp, refused, parseTime),
		RenewsOn:       valueMember(d, at+"renewalDate", v.RenewalDate, refused, parseDay),
		ExpiresOn:      valueMember(d, at+"expirationDate", v.ExpirationDate, refused, parseDay),
		Priority:       valueMember(d, at+"priority", v.Priority, refused, parseInteger32),
		LinkedOfferIDs: d.linkedOffers(at+"linkedOfferIds", v.LinkedOfferIDs),
	}
}

// linkedOffers reads the offers that are linked to one. Those that cannot be read are
// refused alone.
func (d *draft) linkedOffers(member string, v jsontext.Value) (ids []uuid.UUID) {
	d.eachWord(member, v, FlagOfferRejected, func(path, word string) {
		id, err := parseUUID(word)
		if err != nil {
			d.refuse(path, err, FlagOfferRejected)
			return
		}
		ids = append(ids, id)
	})
	return ids
}

// uuidMember is a UUID that its part of the record cannot do without.
func (d *draft) uuidMember(member string, v jsontext.Value, refused Flag) (id uuid.UUID, ok bool) {
	s, err := d.name(v)
	if err == nil && s == "" {
		err = errMissing
	}
	if err == nil {
		id, err = parseUUID(s)
	}
	if err != nil {
		d.refuse(member, err, refused)
	}
	return id, err == nil
}
