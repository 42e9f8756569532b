package simulator

import "strconv"

// offersInCatalogue is the number of offers that are sold at all: subscribers share them.
const offersInCatalogue = 12

// sell gives a subscriber up to three offers, now and then one of them twice.
func (d detailDraft) sell() {
	roll := d.inSeason(traitOffers)
	for n := range int(roll % 4) {
		pick := roll >> (8 * (n + 1))
		d.Offers = append(d.Offers, d.offer(pick%offersInCatalogue, n, pick>>4))
	}
}

func (d detailDraft) offer(number uint64, ordinal int, roll uint64) Offer {
	gigabytes := strconv.FormatUint(5*(number+1), 10)
	attached := nightDate(1).AddDate(0, 0, -int(roll%900))
	o := Offer{
		ID: d.offerID(number), Name: "roaming " + gigabytes + "GB", Description: "roaming bundle " + gigabytes + " GB",
		Attached: timestamp(attached, roll%(86_400*1_000_000)), Priority: 100 * (ordinal + 1),
		Renews: attached.AddDate(0, 37, 0).Format("2006-01-02"), Expires: attached.AddDate(0, 60, 0).Format("2006-01-02"),
	}
	switch roll % 5 {
	case 0:
		o.Description, o.Renews = "", ""
	case 1:
		o.Expires = ""
	case 2, 3:
		for n := range 1 + roll>>8%2 {
			o.Linked = append(o.Linked, d.offerID((number+n+1)%offersInCatalogue))
		}
	}
	return o
}

func (d detailDraft) offerID(number uint64) string {
	const apart = 1 << 41 // beyond every subscriber's index and customer's number
	return uuidText(d.maker.dice.roll(apart+number, traitOffers), d.maker.dice.roll(apart+number, traitIDLow))
}

// contactsInBook is the number of people behind all subscribers: one has many SIMs, and one id.
const contactsInBook = 200

// meet gives most subscribers a contact; two where an array has room for them.
func (d detailDraft) meet() {
	roll := d.inSeason(traitContact)
	if roll%5 == 0 {
		return
	}
	d.Contacts = append(d.Contacts, d.contact(roll>>8%contactsInBook))
	if d.Form.ContactsAsArray && roll%5 == 1 {
		d.Contacts = append(d.Contacts, d.contact((roll>>8+1)%contactsInBook))
	}
}

// contact makes up a person. Numbers and addresses are from what is set aside for examples (RFC 2606, Ofcom's drama numbers).
func (d detailDraft) contact(number uint64) Contact {
	const apart = 1 << 42
	roll := d.maker.dice.roll(apart+number, traitContact)
	first := [...]string{"Ada", "Zoë", "John", "Łukasz"}[roll%4]
	last := [...]string{"Example", "O'Neil", "Flow", "Müller"}[roll>>8%4]
	c := Contact{
		ID: uuidText(roll, d.maker.dice.roll(apart+number, traitIDLow)), Email: "contact" + strconv.FormatUint(number, 10) + "@example.com",
		Type: [...]string{"OWNER", "MEMBER"}[roll>>16%2], Role: [...]string{"NONE", "SELFCARE"}[roll>>17%2],
		Salutation: [...]string{"MR", "MS", ""}[roll>>20%3], FirstName: first, LastName: last,
		Gender: [...]string{"MALE", "FEMALE", ""}[roll>>20%3], Mobile: digits("447700900", number, 12),
		Birthdate: nightDate(1).AddDate(-20-int(roll>>24%50), 0, int(roll>>32%365)).Format("2006-01-02"),
	}
	switch roll >> 40 % 4 {
	case 0:
		c.MiddleName, c.Birthdate = "Q.", ""
	case 1:
		c.Landline, c.Mobile = digits("441632960", number, 12), ""
		c.Remarks = "call before noon"
	case 2:
		c.Additional = digits("441632961", number, 12)
	}
	types := [...]string{"PASSPORT", "NATIONAL_ID", "DRIVER_LICENSE"}
	for n := range roll >> 48 % 3 {
		c.Identities = append(c.Identities, ContactIdentity{Type: types[(roll>>52+n)%3], Number: digits("", roll>>n%1_000_000_000, 9)})
	}
	return c
}
