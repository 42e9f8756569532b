package simulator

import (
	"strconv"
	"strings"
	"time"
)

// simKind is what a made-up IoT-X subscriber is.
type simKind int

const (
	kindCellular simKind = iota
	kindEUICC            // cellular, with an EID and profiles
	kindNonIP
	kindSatellite
	kindUnknown // a physicalId that is none of the published forms
)

// The number spaces of ICCIDs behind 8944, 14 digits each, so that an ICCID leads back to its subscriber.
const (
	topSpace     = 10_000_000_000_000
	profileSpace = 50_000_000_000_000
	spaceSize    = 10_000_000_000_000
	profileSlots = 4 // numbers kept for the nested profiles of one SIM
)

func (f *madeIoTX) kind(number uint32) simKind {
	switch roll := f.population.dice.roll(uint64(number), traitKind) % 1000; {
	case roll < 870:
		return kindCellular
	case roll < 920:
		return kindEUICC
	case roll < 970:
		return kindNonIP
	case roll < 995:
		return kindSatellite
	default:
		return kindUnknown
	}
}

// attached says whether a subscriber is a profile of the one before it, shown at top level as well.
func (f *madeIoTX) attached(number uint32) bool {
	return number > 0 && f.kind(number) == kindCellular && f.kind(number-1) == kindEUICC &&
		f.population.dice.oneIn(2, uint64(number), traitAttached)
}

// node makes a subscriber and, for an eUICC SIM, its profiles: some that are nested only, and the attached one.
func (f *madeIoTX) node(number uint32, night int) iotxNode {
	n := iotxNode{IoTXSubscriber: f.subscriber(number, night)}
	if f.kind(number) != kindEUICC {
		return n
	}
	for slot := range f.nested(number) {
		n.profiles = append(n.profiles, iotxNode{IoTXSubscriber: f.profile(number, slot, night)})
	}
	if f.attached(number+1) && f.population.at(number+1, night).present {
		n.profiles = append(n.profiles, iotxNode{IoTXSubscriber: f.subscriber(number+1, night)})
	}
	return n
}

// nested is the number of profiles that are only shown inside a SIM.
func (f *madeIoTX) nested(number uint32) int {
	return int(f.population.dice.roll(uint64(number), traitProfiles) % profileSlots)
}

// profile makes a profile that is only nested. It shares its SIM's life; a change of the SIM enables the next profile.
func (f *madeIoTX) profile(number uint32, slot, night int) IoTXSubscriber {
	id := uint64(number)*profileSlots + uint64(slot)
	r := f.draft(1<<40+id, number, night)
	r.PhysicalID = checked("8944", profileSpace+id, 18, wrongDigit(f.population.dice, id))
	r.SubscriberID = digits("4478", id, 13)
	r.IMSI = digits("23416", id, 15)
	r.SubscriberType, r.SMDPProvider = "virtual", "Provider One"
	r.ParentPhysicalID = f.physicalID(number)
	r.IsEnabledOnParent = f.population.at(number, night).version%f.nested(number) == slot
	r.Place = Nested
	return r
}

// subscriber makes what is at top level.
func (f *madeIoTX) subscriber(number uint32, night int) IoTXSubscriber {
	d, i := f.population.dice, uint64(number)
	r := f.draft(i, number, night)
	r.PhysicalID = f.physicalID(number)
	r.SubscriberID = r.PhysicalID
	switch f.kind(number) {
	case kindCellular, kindEUICC:
		r.SubscriberID, r.IMSI = digits("4477", i, 13), digits("23415", i, 15)
	case kindSatellite:
		r.SubscriberID = digits("SUB", i, 12)
	case kindNonIP, kindUnknown:
	}
	if f.kind(number) == kindEUICC {
		r.EID = f.eid(number)
		r.SMDPProvider = "Provider One"
	}
	if f.attached(number) && f.population.at(number-1, night).present {
		r.ParentPhysicalID, r.Place = f.physicalID(number-1), AtTopAndNested
		r.SubscriberType, r.SMDPProvider = "virtual", "Provider One"
		r.IsEnabledOnParent = f.nested(number-1) == 0
	}
	r.EmptyRelated = d.oneIn(19, i, traitForm)
	if d.oneIn(extraEvery, i, traitForm) {
		r.Extra = `"billingCycle":"monthly"`
	}
	if f.plain(number) && f.badShare > 0 && share(d.roll(i, traitBad)) < f.badShare {
		r.spoil(iotxBadness[d.roll(i, traitBadKind)%uint64(len(iotxBadness))], i)
	}
	return r
}

// eid holds the number too.
func (f *madeIoTX) eid(number uint32) string {
	return eidText("89044", uint64(number), wrongDigit(f.population.dice, uint64(number)+1))
}

// physicalID holds the number, so that find needs no index.
func (f *madeIoTX) physicalID(number uint32) string {
	i := uint64(number)
	switch f.kind(number) {
	case kindNonIP:
		hex := strconv.FormatUint(i, 16)
		return "70b3d5" + strings.Repeat("0", 10-len(hex)) + hex
	case kindSatellite:
		return checked("30012", i, 14, wrongDigit(f.population.dice, i))
	case kindUnknown:
		return digits("UNIT-", i, 15)
	default:
		return checked("8944", topSpace+i, 18, wrongDigit(f.population.dice, i))
	}
}

// draft makes what subscribers of every kind and profiles have in common. The id decides the throws, the number the life.
func (f *madeIoTX) draft(id uint64, number uint32, night int) IoTXSubscriber {
	d := f.population.dice
	version := f.population.at(number, night).version
	operator := d.roll(id, traitOperator) % 3
	tariff := (d.roll(id, traitTariff) + uint64(version+1)/2) % 5
	connected := f.connected(number)
	months := [...]int{12, 24, 36}[d.roll(id, traitContract)%3]
	r := IoTXSubscriber{
		OperatorName: [...]string{"Operator One", "Operator Two", "Opérateur Trois"}[operator],
		OperatorCode: [...]string{"op1", "op2", "op3"}[operator],
		TariffName:   [...]string{"TARIFF ABC", "TARIFF 1MB", "TARIFF 5MB", "TARIFF 1GB", "TARIFF POOL"}[tariff],
		LineRental:   [...]int64{1000, 35, 90, 450, 0}[tariff], SubscriberType: "physical",
		ConnectionDate: f.date(connected, id), ExpiryDate: f.date(connected.AddDate(0, months, 0), id+1), ContractLength: int64(months),
		Nickname: f.nickname(id, version), IsBarred: d.oneIn(53, id, traitBarred), IsActive: !d.oneIn(11, id, traitBarred),
	}
	if d.oneIn(601, id, traitContract) {
		r.DataNumber = digits("", id, 10)
	}
	if d.oneIn(4, id, traitGroup) {
		r.GroupID = int64(1 + d.roll(id, traitGroup)>>32%40)
	}
	f.terminate(&r, id, connected, months)
	f.observe(&r, id, night)
	return r
}

// terminate ends the contract of a few, mostly in the past and, contradictorily, sometimes of one that is active.
func (f *madeIoTX) terminate(r *IoTXSubscriber, id uint64, connected time.Time, months int) {
	switch roll := f.population.dice.roll(id, traitContract) >> 32 % 1000; {
	case roll < 20:
		r.TerminateDate, r.IsActive = f.date(connected.AddDate(0, 0, months), id+2), false
	case roll < 22:
		r.TerminateDate, r.IsActive = f.date(connected.AddDate(0, 0, months), id+2), true
	case roll < 24:
		r.TerminateDate = "2099-12-31T00:00:00.000Z"
	}
}

// nickname changes with every second version, the tariff with the others.
func (f *madeIoTX) nickname(id uint64, version int) string {
	d := f.population.dice
	if version < 2 && d.oneIn(6, id, traitNickname) {
		return ""
	}
	name := [...]string{"Temperature Monitor", `Pump "B"`, "Zähler", "Tracker"}[d.roll(id, traitNickname)>>32%4]
	if d.oneIn(1999, id, traitNickname) {
		name += "\x00"
	}
	return name + " " + strconv.FormatUint(id%100_000, 10) + strings.Repeat(" bis", version/2)
}

// observe sets usage and network state, which differ every night. Usage grows until the billing month ends.
func (f *madeIoTX) observe(r *IoTXSubscriber, id uint64, night int) {
	d := f.population.dice
	daily := 1 + d.roll(id, traitUsage)%5_000_000
	r.DataUsage = int64(daily*uint64(nightDate(night).Day()) + d.rollNight(id, traitUsage, night)%daily)
	state := d.rollNight(id, traitNetwork, night)
	r.IsOnline = state%3 != 0
	r.IsTransferring = r.IsOnline && state>>32%4 == 0
}

// date writes a time with milliseconds, without them, or without a zone; bare only where that is asked for.
func (f *madeIoTX) date(t time.Time, id uint64) string {
	form := f.population.dice.roll(id, traitForm) >> 32 % 10
	switch {
	case f.bareDates && form < 3:
		return t.Format(time.DateOnly)
	case form < 7:
		return t.Format("2006-01-02T15:04:05.000Z")
	case form < 9:
		return t.Format("2006-01-02T15:04:05Z")
	default:
		return t.Format("2006-01-02T15:04:05")
	}
}

// find reads the number out of a physicalId and accepts it where making the subscriber gives the same physicalId.
func (f *madeIoTX) find(physicalID string, night int) (iotxNode, bool) {
	space, i := spaceOf(physicalID)
	number, slot := i, uint64(0)
	if space == profileSpace {
		number, slot = i/profileSlots, i%profileSlots
	}
	if number >= uint64(f.population.born(night)) || !f.population.at(uint32(number), night).present {
		return iotxNode{}, false
	}
	n := f.node(uint32(number), night)
	if space == profileSpace {
		if f.kind(uint32(number)) != kindEUICC || int(slot) >= f.nested(uint32(number)) {
			return iotxNode{}, false
		}
		n = n.profiles[slot]
	}
	return n, n.PhysicalID == physicalID
}

// spaceOf takes a physicalId apart. An unreadable one leads to a number that no fleet has.
func spaceOf(physicalID string) (space, number uint64) {
	const nowhere = 1 << 62
	text, base := physicalID, 10
	switch {
	case len(text) == 19 && strings.HasPrefix(text, "8944"):
		text = text[4:18]
	case len(text) == 16 && strings.HasPrefix(text, "70b3d5"):
		text, base = text[6:], 16
	case len(text) == 15 && strings.HasPrefix(text, "30012"):
		text = text[5:14]
	case len(text) == 15 && strings.HasPrefix(text, "UNIT-"):
		text = text[5:]
	}
	number, err := strconv.ParseUint(text, base, 63)
	if err != nil {
		return 0, nowhere
	}
	if len(physicalID) == 19 {
		space = number / spaceSize * spaceSize
		number -= space
	}
	return space, number
}
