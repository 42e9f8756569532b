package transform

import (
	"github.com/google/uuid"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// ReadProfiles reads the profiles that an answer tells of an eUICC, whose EID it does
// not say. A profile without a readable id is rejected whole; of two with one id the
// later stands. The subject of a reject is the profile's id.
func ReadProfiles(records []fetch.Record[flolive.Profile], eid EID) (profiles []ESIMProfile, rejects []Reject) {
	var b Batch
	at := make(map[uuid.UUID]int, len(records))
	for _, rec := range records {
		p, ok := b.esimProfile(rec, eid)
		if !ok {
			continue
		}
		if i, seen := at[p.ProfileID]; seen {
			profiles[i] = p
			continue
		}
		at[p.ProfileID] = len(profiles)
		profiles = append(profiles, p)
	}
	return profiles, b.Rejects
}

// esimProfile reads one profile; ok is false where it is rejected.
func (b *Batch) esimProfile(rec fetch.Record[flolive.Profile], eid EID) (p ESIMProfile, ok bool) {
	d := draft{batch: b, raw: rec.Raw}
	v := rec.Value
	if rec.Err != nil {
		salvage(rec.Raw, &v)
	}
	name, err := d.name(v.ID)
	d.subject = name
	if rec.Err != nil {
		d.reject("", whyUnreadable(rec.Raw))
		return p, false
	}
	if err == nil && name == "" {
		err = errMissing
	}
	if err == nil {
		p.ProfileID, err = parseUUID(name)
	}
	if err != nil {
		d.reject("id", err)
		return p, false
	}
	p.EID = eid
	d.Flags = eid.flags(d.Flags)
	p.Name = d.textMember("name", v.Name, FlagNameRejected, (*draft).text)
	p.IsActive = valueMember(&d, "isActive", v.IsActive, FlagIsActiveRejected, parseBoolean)
	var rest objectText
	rest.addAll(v.Unknown)
	rest.addObject("subscriberIdentifiers", d.identifiers(&v))
	d.setExtra(rest)
	p.SubscriberID, p.ICCID, p.IMEI, p.IMEISV, p.Pairs = d.SubscriberID, d.ICCID, d.IMEI, d.IMEISV, d.Pairs
	p.Extra, p.Flags = d.Extra, tidied(d.Flags)
	return p, true
}

// identifiers reads the subscriberIdentifiers of a profile. None of them names it, so
// each may be missing. It returns the members that have no column.
func (d *draft) identifiers(v *flolive.Profile) (rest objectText) {
	var ids flolive.Identifiers
	d.objectMember("subscriberIdentifiers", v.SubscriberIdentifiers, FlagSubscriberIdentifiersRejected, &ids)
	d.path = "subscriberIdentifiers."
	defer func() { d.path = "" }()
	d.subscriberOf(&ids)
	d.ICCID = nameMember(d, "iccid", ids.ICCID, FlagICCIDRejected, ParseICCID)
	d.Flags = d.ICCID.flags(d.Flags)
	d.IMEI = nameMember(d, "imei", ids.IMEI, FlagIMEIRejected, ParseIMEI)
	d.Flags = d.IMEI.flags(d.Flags)
	d.IMEISV = nameMember(d, "imeisv", ids.IMEISV, FlagIMEISVRejected, ParseIMEISV)
	d.Flags = d.IMEISV.flags(d.Flags, d.IMEI)
	unknownOfPairs := d.pairs(ids.ImsiMsisdnPairs)
	rest.addAll(ids.Unknown)
	rest.addObject("imsiMsisdnPairs", unknownOfPairs)
	return rest
}

// subscriberOf reads the subscriberId of a profile, which is another's name: the
// subject of its rejects stays.
func (d *draft) subscriberOf(ids *flolive.Identifiers) {
	defer func(subject string) { d.subject = subject }(d.subject)
	if !given(ids.SubscriberID) {
		return
	}
	if err := d.floLIVEID(&flolive.Subscriber{SubscriberID: ids.SubscriberID}); err != nil {
		d.refuse("subscriberId", err, FlagSubscriberIDRejected)
	}
}
