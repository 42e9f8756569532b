package transform

import (
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"simsync/internal/fetch/flolive"
)

// contacts reads the contacts of a record. What is refused of one is told without
// the record.
func (d *draft) contacts(raw jsontext.Value) (contacts []Contact) {
	defer func(raw jsontext.Value) { d.raw = raw }(d.raw)
	d.raw = withheld
	var wire flolive.DetailContact
	if json.Unmarshal(raw, &wire) != nil {
		return nil // the record was read, so this does not happen
	}
	for i, element := range d.objects("contact", wire.Contact, FlagContactRejected) {
		at := elementPath("contact", i)
		var v flolive.Contact
		if element.Kind() != '{' || json.Unmarshal(element, &v) != nil {
			d.refuse(at, errNotObject, FlagContactRejected)
			continue
		}
		if id, ok := d.uuidMember(at+".id", v.ID, FlagContactRejected); ok {
			contacts = append(contacts, d.contact(at+".", id, &v))
		}
	}
	return contacts
}

// contact reads a contact whose members' paths begin with at.
func (d *draft) contact(at string, id uuid.UUID, v *flolive.Contact) Contact {
	text := func(member string, v jsontext.Value) string {
		return d.textMember(at+member, v, FlagContactRejected, (*draft).text)
	}
	word := func(member string, v jsontext.Value) string {
		return d.textMember(at+member, v, FlagContactRejected, (*draft).word)
	}
	c := Contact{
		ContactID:       id,
		EmailAddress:    word("emailAddress", v.EmailAddress),
		Type:            word("type", v.Type),
		Role:            word("role", v.Role),
		Salutation:      word("salutation", v.Salutation),
		FirstName:       text("firstName", v.FirstName),
		MiddleName:      text("middleName", v.MiddleName),
		LastName:        text("lastName", v.LastName),
		Gender:          word("gender", v.Gender),
		Birthdate:       valueMember(d, at+"birthdate", v.Birthdate, FlagContactRejected, parseDay),
		LandlinePhone:   word("landlinePhoneNumber", v.LandlinePhoneNumber),
		MobilePhone:     word("mobilePhoneNumber", v.MobilePhoneNumber),
		AdditionalPhone: word("additionalPhoneNumber", v.AdditionalPhoneNumber),
		Picture:         text("picture", v.Picture),
		Remarks:         text("remarks", v.Remarks),
	}
	var rest objectText
	rest.addAll(v.Unknown)
	rest.addObject("identity", d.identities(at+"identity", v.Identity, &c))
	if len(rest) > 0 {
		var err error
		if c.Extra, err = d.canonical(append(append([]byte{'{'}, rest...), '}')); err != nil {
			d.refuse(at[:len(at)-1], errExtra, FlagContactRejected)
		}
	}
	return c
}

// identities reads the documents of a contact, each of which has a number. It returns
// the members of them that have no column, by their place.
func (d *draft) identities(member string, v jsontext.Value, to *Contact) (unknown objectText) {
	for i, element := range d.objects(member, v, FlagContactRejected) {
		at := elementPath(member, i)
		var wire flolive.ContactIdentity
		if element.Kind() != '{' || json.Unmarshal(element, &wire) != nil {
			d.refuse(at, errNotObject, FlagContactRejected)
			continue
		}
		number, err := d.name(wire.IDNumber)
		if err == nil && number == "" {
			err = errMissing
		}
		if err != nil {
			d.refuse(at+".idNumber", err, FlagContactRejected)
			continue
		}
		if wire.Unknown != nil {
			unknown.add(strconv.Itoa(len(to.Identities)), wire.Unknown)
		}
		to.Identities = append(to.Identities, ContactIdentity{
			IDType:   d.textMember(at+".idType", wire.IDType, FlagContactRejected, (*draft).word),
			IDNumber: number,
		})
	}
	return unknown
}
