package simulator

import (
	"strconv"
	"strings"
)

// appendDetail renders a details record as an element of content.
func appendDetail(dst []byte, d *FloLIVEDetail) []byte {
	if d.Raw != nil {
		return append(dst, d.Raw...)
	}
	m := d.Missing
	dst = append(dst, '{')
	dst = appendIdentifiers(dst, &d.FloLIVESubscriber)
	dst = appendMember(dst, `,"customerId":`, d.CustomerID)
	dst = appendMember(dst, `,"customerName":`, d.CustomerName)
	dst = appendMember(dst, `,"subsStatus":`, d.Status)
	dst = m.appendMember(dst, `,"tags":`, strings.Join(d.Tags, ","))
	dst = appendLabels(dst, `,"systemLabels":`, d.SystemLabels, d)
	dst = appendLabels(dst, `,"userLabels":`, d.UserLabels, d)
	if d.Alias == "" && d.Form.AliasWord {
		dst = appendMember(dst, `,"alias":`, "null")
	} else {
		dst = m.appendMember(dst, `,"alias":`, d.Alias)
	}
	dst = appendNetwork(dst, d)
	dst = scalars{}.appendBool(dst, `,"isInDataSession":`, d.InDataSession)
	dst = m.appendMember(dst, `,"lastDataSession":`, d.LastDataSession)
	dst = m.appendMember(dst, `,"lastDataSessionRecord":`, d.LastDataSessionRecord)
	dst = m.appendMember(dst, `,"lastIp":`, d.LastIP)
	dst = m.appendMember(dst, `,"firstActivatedTime":`, d.FirstActivated)
	dst = appendOffers(dst, d)
	dst = appendContacts(dst, d)
	dst = appendCustomFields(dst, d)
	if d.Extra != "" {
		dst = append(append(dst, ','), d.Extra...)
	}
	return append(dst, '}')
}

// appendIdentifiers renders the object of a subscriber's unique keys, which details and profiles have in common.
func appendIdentifiers(dst []byte, r *FloLIVESubscriber) []byte {
	dst = appendMember(dst, `"subscriberIdentifiers":{"subscriberId":`, r.SubscriberID)
	dst = appendPairs(dst, r.Pairs, r.Missing)
	dst = appendMember(dst, `,"iccid":`, r.ICCID)
	dst = r.Missing.appendMember(dst, `,"imei":`, r.IMEI)
	return append(r.Missing.appendMember(dst, `,"imeisv":`, r.IMEISV), '}')
}

// none appends a member that has no value, where its value would be an object or an array.
func (m Missing) none(dst []byte, name, empty string) []byte {
	switch m {
	case LeftOut:
		return dst
	case SentNull:
		empty = "null"
	case SentEmpty:
	}
	return append(append(dst, name...), empty...)
}

func appendLabels(dst []byte, name string, labels []string, d *FloLIVEDetail) []byte {
	switch {
	case d.Form.LabelsAsText:
		return d.Missing.appendMember(dst, name, strings.Join(labels, ", "))
	case len(labels) == 0:
		return d.Missing.none(dst, name, "[]")
	}
	return appendStrings(append(dst, name...), labels)
}

func appendStrings(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, text := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendString(dst, text)
	}
	return append(dst, ']')
}

// appendNetwork renders where the SIM was last seen, and how.
func appendNetwork(dst []byte, d *FloLIVEDetail) []byte {
	m := d.Missing
	if d.Longitude == "" {
		dst = m.none(dst, `,"lastKnownLocation":`, "{}")
	} else {
		dst = append(append(dst, `,"lastKnownLocation":{"longitude":`...), d.Longitude...)
		dst = append(append(append(dst, `,"latitude":`...), d.Latitude...), '}')
	}
	if d.MCC == "" {
		dst = m.none(dst, `,"lastConnectedNetwork":`, "{}")
	} else {
		dst = appendMember(dst, `,"lastConnectedNetwork":{"mcc":`, d.MCC)
		dst = appendMember(dst, `,"mnc":`, d.MNC)
		dst = appendMember(dst, `,"lac":`, d.LAC)
		dst = append(appendMember(dst, `,"cid":`, d.CID), '}')
	}
	if _, err := strconv.Atoi(d.RATType); err == nil && d.Form.RATAsNumber {
		dst = append(append(dst, `,"lastRatType":`...), d.RATType...)
	} else {
		dst = m.appendMember(dst, `,"lastRatType":`, d.RATType)
	}
	dst = m.appendMember(dst, `,"lastRatTypeLabel":`, d.RATTypeLabel)
	dst = m.appendMember(dst, `,"lastDataRatType":`, d.DataRATType)
	dst = m.appendMember(dst, `,"lastDataRatTypeLabel":`, d.DataRATTypeLabel)
	return m.appendMember(dst, `,"lastApn":`, d.APN)
}

// date writes a date in the record's way.
func (d *FloLIVEDetail) date(date string) string {
	if d.Form.DashedDates || date == "" {
		return date
	}
	return date[8:] + date[5:7] + date[:4]
}

func appendOffers(dst []byte, d *FloLIVEDetail) []byte {
	if len(d.Offers) == 0 {
		return d.Missing.none(dst, `,"offer":`, "[]")
	}
	dst = append(dst, `,"offer":`...)
	for i, o := range d.Offers {
		dst = append(dst, "[,"[min(i, 1)])
		dst = appendMember(dst, `{"id":`, o.ID)
		dst = appendMember(dst, `,"name":`, o.Name)
		dst = d.Missing.appendMember(dst, `,"description":`, o.Description)
		dst = d.Missing.appendMember(dst, `,"attachTimestamp":`, o.Attached)
		dst = d.Missing.appendMember(dst, `,"renewalDate":`, d.date(o.Renews))
		dst = d.Missing.appendMember(dst, `,"expirationDate":`, d.date(o.Expires))
		dst = scalars{}.appendInt(dst, `,"priority":`, int64(o.Priority))
		dst = append(dst, `,"linkedOfferIds":`...)
		if len(o.Linked) == 0 && !d.Form.NoLinksArray {
			dst = append(dst, "null"...)
		} else {
			dst = appendStrings(dst, o.Linked)
		}
		dst = append(dst, '}')
	}
	return append(dst, ']')
}

func appendContacts(dst []byte, d *FloLIVEDetail) []byte {
	if len(d.Contacts) == 0 {
		return d.Missing.none(dst, `,"contact":`, map[bool]string{false: "{}", true: "[]"}[d.Form.ContactsAsArray])
	}
	dst = append(dst, `,"contact":`...)
	if !d.Form.ContactsAsArray {
		return d.appendContact(dst, d.Contacts[0])
	}
	for i, c := range d.Contacts {
		dst = d.appendContact(append(dst, "[,"[min(i, 1)]), c)
	}
	return append(dst, ']')
}

// appendContact renders a contact. Here the page's example sends what is missing as empty strings, so the record's way is used
// for the birth date alone.
func (d *FloLIVEDetail) appendContact(dst []byte, c Contact) []byte {
	dst = appendMember(dst, `{"id":`, c.ID)
	dst = appendMember(dst, `,"emailAddress":`, c.Email)
	dst = appendMember(dst, `,"type":`, c.Type)
	dst = appendMember(dst, `,"role":`, c.Role)
	dst = appendMember(dst, `,"salutation":`, c.Salutation)
	dst = appendMember(dst, `,"firstName":`, c.FirstName)
	dst = appendMember(dst, `,"middleName":`, c.MiddleName)
	dst = appendMember(dst, `,"lastName":`, c.LastName)
	dst = append(dst, `,"identity":[`...)
	for i, identity := range c.Identities {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendMember(dst, `{"idType":`, identity.Type)
		dst = append(appendMember(dst, `,"idNumber":`, identity.Number), '}')
	}
	dst = appendMember(dst, `],"gender":`, c.Gender)
	dst = d.Missing.appendMember(dst, `,"birthdate":`, d.date(c.Birthdate))
	dst = appendMember(dst, `,"landlinePhoneNumber":`, c.Landline)
	dst = appendMember(dst, `,"mobilePhoneNumber":`, c.Mobile)
	dst = appendMember(dst, `,"additionalPhoneNumber":`, c.Additional)
	dst = append(dst, `,"picture":""`...)
	return append(appendMember(dst, `,"remarks":`, c.Remarks), '}')
}

func appendCustomFields(dst []byte, d *FloLIVEDetail) []byte {
	if len(d.CustomFields) == 0 {
		return d.Missing.none(dst, `,"customFields":`, "[]")
	}
	dst = append(dst, `,"customFields":`...)
	for i, field := range d.CustomFields {
		dst = appendMember(append(dst, "[,"[min(i, 1)]), `{"keyName":`, field.Key)
		dst = append(appendMember(dst, `,"keyValue":`, field.Value), '}')
	}
	return append(dst, ']')
}
