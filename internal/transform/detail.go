package transform

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"simsync/internal/fetch"
	"simsync/internal/fetch/flolive"
)

// ReadDetail finds among the records of an answer the one of a subscriber, and reads
// it. subscriberID and iccid are those of its row; an answer holds the parent's and the
// child customer's subscriber of one ICCID, in any order. Of several records that are
// its, the last stands.
//
// found is false where none is its. Then, and only then, a reject may be whole: it is
// a record of which that could not be told, or its own that could not be read. With
// [DropContacts] no contact is read. Whatever the setting, the record of a reject holds
// none: a note stands in its place.
func ReadDetail(
	records []fetch.Record[flolive.Detail], subscriberID string, iccid ICCID, fetchedAt time.Time, contacts Contacts,
) (d Detail, rejects []Reject, found bool) {
	var b Batch
	var its *fetch.Record[flolive.Detail]
	var lost []fetch.Record[flolive.Detail]
	for i, rec := range records {
		switch ownerOf(rec, subscriberID, iccid) {
		case ownerAsked:
			if rec.Err == nil {
				its = &records[i]
				continue
			}
			lost = append(lost, rec)
		case ownerUnknown:
			lost = append(lost, rec)
		case ownerOther:
		}
	}
	if its == nil {
		for _, rec := range lost {
			b.rejectDetail(rec)
		}
		return Detail{}, b.Rejects, false
	}
	reading := draft{batch: &b, raw: WithoutContacts(its.Raw), subject: subscriberID}
	d = reading.detail(&its.Value)
	if contacts == KeepContacts {
		d.Contacts = reading.contacts(its.Raw)
	}
	d.SubscriberID, d.ICCID, d.FetchedAt = subscriberID, iccid, fetchedAt
	d.Flags = tidied(reading.Flags)
	return d, b.Rejects, true
}

// owner is whose a record of details is, seen from the subscriber asked for.
type owner int

const (
	ownerOther owner = iota
	ownerAsked
	// ownerUnknown: it may be the one asked for, but does not say so.
	ownerUnknown
)

// ownerOf compares in canonical form. Records that are no good are asked too, for what
// can still be read of them.
func ownerOf(rec fetch.Record[flolive.Detail], subscriberID string, iccid ICCID) owner {
	d, _, _ := nameOfDetail(rec)
	switch {
	case d.ICCID != iccid && d.ICCID != "":
		return ownerOther
	case d.SubscriberID == "":
		return ownerUnknown
	case d.SubscriberID == subscriberID:
		return ownerAsked
	}
	return ownerOther
}

// nameOfDetail reads what names the subscriber of a record, and nothing else. Where it
// cannot, it names the member at fault.
func nameOfDetail(rec fetch.Record[flolive.Detail]) (d draft, member string, err error) {
	v := rec.Value
	if rec.Err != nil {
		salvage(rec.Raw, &v)
	}
	var ids flolive.Identifiers
	salvage(v.SubscriberIdentifiers, &ids)
	d = draft{batch: new(Batch), path: "subscriberIdentifiers."}
	member, err = d.floLIVEName(&flolive.Subscriber{SubscriberID: ids.SubscriberID, ICCID: ids.ICCID})
	return d, member, err
}

// rejectDetail gives up a record that cannot be read or does not say whose it is.
func (b *Batch) rejectDetail(rec fetch.Record[flolive.Detail]) {
	d, member, err := nameOfDetail(rec)
	if rec.Err != nil {
		d.path, member, err = "", "", whyUnreadable(rec.Raw)
	}
	d.batch, d.raw = b, WithoutContacts(rec.Raw)
	d.reject(member, err)
}

// detail reads everything but the contacts.
func (d *draft) detail(v *flolive.Detail) Detail {
	d.customerID(v.CustomerID)
	to := Detail{
		CustomerID:     d.CustomerID,
		CustomerName:   d.textMember("customerName", v.CustomerName, FlagCustomerNameRejected, (*draft).text),
		ProviderStatus: d.textMember("subsStatus", v.SubsStatus, FlagStatusRejected, (*draft).word),
		Alias:          d.alias(v.Alias),
		Tags:           d.words("tags", v.Tags, FlagTagsRejected),
		SystemLabels:   d.words("systemLabels", v.SystemLabels, FlagSystemLabelsRejected),
		UserLabels:     d.words("userLabels", v.UserLabels, FlagUserLabelsRejected),

		LastRATType:          d.textMember("lastRatType", v.LastRATType, FlagLastRATTypeRejected, (*draft).word),
		LastRATTypeLabel:     d.textMember("lastRatTypeLabel", v.LastRATTypeLabel, FlagLastRATTypeRejected, (*draft).word),
		LastDataRATType:      d.textMember("lastDataRatType", v.LastDataRATType, FlagLastDataRATTypeRejected, (*draft).word),
		LastDataRATTypeLabel: d.textMember("lastDataRatTypeLabel", v.LastDataRATTypeLabel, FlagLastDataRATTypeRejected, (*draft).word),
		LastAPN:              d.textMember("lastApn", v.LastAPN, FlagLastAPNRejected, (*draft).word),

		IsInDataSession:   valueMember(d, "isInDataSession", v.IsInDataSession, FlagIsInDataSessionRejected, parseBoolean),
		LastDataSessionAt: valueMember(d, "lastDataSession", v.LastDataSession, FlagLastDataSessionRejected, parseTime),
		FirstActivatedAt:  valueMember(d, "firstActivatedTime", v.FirstActivatedTime, FlagFirstActivatedTimeRejected, parseTime),
		CustomFields:      d.customFields(v.CustomFields),
	}
	if ip := valueMember(d, "lastIp", v.LastIP, FlagLastIPRejected, parseIP); ip != nil {
		to.LastIP = *ip
	}
	var rest objectText
	rest.addAll(WithoutContacts(v.Unknown))
	rest.addObject("subscriberIdentifiers", unknownIdentifiers(v.SubscriberIdentifiers))
	rest.addObject("lastKnownLocation", d.location(v.LastKnownLocation, &to))
	rest.addObject("lastConnectedNetwork", d.network(v.LastConnectedNetwork, &to))
	rest.addObject("offer", d.offers(v.Offer, &to))
	d.setExtra(rest)
	to.Extra = d.Extra
	return to
}

// alias reads the alias of a subscriber. One of a sub-customer's has the word null in
// its place.
func (d *draft) alias(v jsontext.Value) string {
	alias := d.textMember("alias", v, FlagAliasRejected, (*draft).word)
	if alias == "null" {
		return ""
	}
	return alias
}

// customFields keeps the list as it is, in canonical form; an empty one says nothing.
func (d *draft) customFields(v jsontext.Value) jsontext.Value {
	if !given(v) {
		return nil
	}
	if v[0] != '[' && v[0] != '{' {
		d.refuse("customFields", errNotObjects, FlagCustomFieldsRejected)
		return nil
	}
	fields, err := d.canonical(v)
	if err != nil {
		d.refuse("customFields", err, FlagCustomFieldsRejected)
	}
	if len(fields) <= len("[]") {
		return nil
	}
	return fields
}
