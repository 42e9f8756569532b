package simulator

import "strconv"

// profileBook makes up the eSIMs that floLIVE knows. An EID holds its number, so nothing is kept: it is taken apart and accepted
// where making it gives the same text.
type profileBook struct {
	flolive *madeFloLIVE
	iotx    *madeIoTX
}

// How the eSIMs are made.
const (
	subscribersPerEID = 20 // of floLIVE's fleet on the first night, so that there are some EIDs in the smallest fleet
	slotsPerEID       = 4  // the most profiles on one
	sharedEIDEvery    = 3  // of the EIDs of the IoT-X fleet
	noActiveEIDEvery  = 13
	switchEvery       = 10 // nights, between changes of the active profile
	leaveEvery        = 25 // nights, until a profile leaves
)

// esim is an eSIM that floLIVE knows.
type esim struct {
	eid   string
	id    uint64 // decides the throws
	first uint64 // the fleet's index of the first profile's subscriber
}

// own is the number of EIDs that only floLIVE has.
func (b profileBook) own() int {
	return (b.flolive.population.first + subscribersPerEID - 1) / subscribersPerEID
}

func (b profileBook) eids() []string {
	var list []string
	for number := range b.own() {
		list = append(list, b.ownESIM(uint64(number)).eid)
	}
	for number := range uint32(b.iotx.population.first) {
		if card, known := b.sharedESIM(number); known {
			list = append(list, card.eid)
		}
	}
	return list
}

// ownESIM begins with 89033 (SGP.29: 89, then a country) but now and then, as the IoT-X page's example, with something else.
func (b profileBook) ownESIM(number uint64) esim {
	d, prefix := b.flolive.population.dice, "89033"
	if d.oneIn(9, number, traitEID) {
		prefix = "39049"
	}
	return esim{eid: eidText(prefix, number, wrongDigit(d, number)), id: number, first: number * subscribersPerEID}
}

// sharedESIM is one that the IoT-X fleet reports too; false where floLIVE does not know it.
func (b profileBook) sharedESIM(number uint32) (esim, bool) {
	d, i := b.flolive.population.dice, uint64(number)
	if b.own() == 0 || b.iotx.kind(number) != kindEUICC || !d.oneIn(sharedEIDEvery, i, traitEID) {
		return esim{}, false
	}
	const apart = 1 << 36 // beyond every EID of floLIVE's own
	return esim{eid: b.iotx.eid(number), id: apart + i, first: d.roll(i, traitEID) >> 8}, true
}

// find gives the profiles of an EID in a night; false if floLIVE does not know it.
func (b profileBook) find(eid string, night int) ([]FloLIVEProfile, bool) {
	const body, check = 5, 30 // where the number begins and ends
	if len(eid) != check+2 {
		return nil, false
	}
	number, err := strconv.ParseUint(eid[body:check], 10, 63)
	if err != nil {
		return nil, false
	}
	if number < uint64(b.own()) {
		if card := b.ownESIM(number); card.eid == eid {
			return b.profiles(card, night), true
		}
	}
	if number < uint64(b.iotx.population.first) {
		if card, known := b.sharedESIM(uint32(number)); known && card.eid == eid {
			return b.profiles(card, night), true
		}
	}
	return nil, false
}

// profiles makes those that are on an eSIM in a night.
func (b profileBook) profiles(card esim, night int) []FloLIVEProfile {
	d := b.flolive.population.dice
	var list []FloLIVEProfile
	for slot := range 1 + d.roll(card.id, traitEID)>>4%slotsPerEID {
		if b.present(card.id*slotsPerEID+slot, night) {
			list = append(list, b.profile(card, slot, night))
		}
	}
	if len(list) > 0 && !d.oneIn(noActiveEIDEvery, card.id, traitProfile) {
		list[b.switches(card.id, night)%len(list)].IsActive = true
	}
	return list
}

// present follows a profile: most are there from the first night on, some are loaded later, and those that leave do not return.
func (b profileBook) present(id uint64, night int) bool {
	d, birth := b.flolive.population.dice, 1
	if roll := d.roll(id, traitProfileLife); roll%4 == 0 {
		birth = 1 + int(roll>>8%6)
	}
	if b.flolive.population.churn.Still {
		return birth == 1
	}
	for n := birth + 1; n <= night; n++ {
		if d.rollNight(id, traitProfileLife, n)%leaveEvery == 0 {
			return false
		}
	}
	return birth <= night
}

// switches counts how often another profile was activated.
func (b profileBook) switches(id uint64, night int) int {
	count := 0
	for n := 2; n <= night && !b.flolive.population.churn.Still; n++ {
		if b.flolive.population.dice.rollNight(id, traitProfile, n)%switchEvery == 0 {
			count++
		}
	}
	return count
}

// profile makes one: the keys of a subscriber of the fleet, on the device of the first profile's.
func (b profileBook) profile(card esim, slot uint64, night int) FloLIVEProfile {
	d, fleet := b.flolive.population.dice, uint64(b.flolive.population.first)
	id, first, i := card.id*slotsPerEID+slot, card.first%fleet, (card.first+slot)%fleet
	const apart = 1 << 43 // beyond everything else that has a UUID
	p := FloLIVEProfile{
		EID: card.eid, ID: uuidText(d.roll(apart+id, traitIDHigh), d.roll(apart+id, traitIDLow)),
		Name: "Profile " + strconv.FormatUint(slot+1, 10), Missing: Missing(d.roll(id, traitForm) % 3),
		SubscriberID: madeSubscriberID(d, i), ICCID: madeICCID(d, i), Pairs: madePairs(d, i, nil),
	}
	switch d.roll(id, traitProfile) >> 8 % 5 {
	case 0, 1:
		p.SubscriberID = madeSubscriberID(d, first)
	case 2:
		p.Name = "Réseau " + strconv.FormatUint(slot+1, 10)
	}
	var device FloLIVESubscriber
	b.flolive.setDevice(&device, uint32(first), b.flolive.population.at(uint32(first), night))
	p.IMEI, p.IMEISV = device.IMEI, device.IMEISV
	return p
}
