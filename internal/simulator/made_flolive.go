package simulator

// Shares of what is odd, as one in so many records.
const (
	sharedICCIDEvery  = 701 // the ICCID of the record before: a parent's and its sub-customer's instance of one SIM
	sharedSubsEvery   = 503 // the subscriberId of the record before: two ICCIDs of one subscriber
	sharedIMSIEvery   = 211 // the first IMSI of the record before
	wrongLuhnEvery    = 97
	strangeEvery      = 997 // a status of no list
	nulEvery          = 1499
	extraEvery        = 127
	noCustomerEvery   = 401
	noIMEIEvery       = 12
	noActiveEvery     = 89
	manyActiveEvery   = 1009
	imeisvStrictEvery = 307 // an IMEISV of another device than the IMEI
)

// record makes the state of one subscriber in a night. The pairs already in r are reused.
func (f *madeFloLIVE) record(index uint32, night int, moved map[uint32]seat, r *FloLIVESubscriber) {
	d, i := f.population.dice, uint64(index)
	l := f.population.at(index, night)
	at := f.place(index, l, moved)
	*r = FloLIVESubscriber{
		SubscriberID: madeSubscriberID(d, i), ICCID: madeICCID(d, i), Status: f.status(index, l),
		Pairs: madePairs(d, i, r.Pairs[:0]), Listing: f.accounts[at.number].id, Missing: Missing(d.roll(i, traitForm) % 3),
	}
	if _, asked := moved[index]; asked || !d.oneIn(noCustomerEvery, i, traitCustomer) {
		f.setCustomer(r, i, f.customerAt(at))
	}
	f.setDevice(r, index, l)
	if d.oneIn(extraEvery, i, traitForm) {
		r.Extra = `"simType":"MFF2"`
	}
	if f.badShare > 0 && share(d.roll(i, traitBad)) < f.badShare {
		r.spoil(floLIVEBadness[d.roll(i, traitBadKind)%uint64(len(floLIVEBadness))], i)
	}
}

// madeSubscriberID and madeICCID share an identifier with the record before now and then, never both at once: the two together
// stay unique.
func madeSubscriberID(d dice, i uint64) string {
	if i > 0 && !sharesICCID(d, i) && d.oneIn(sharedSubsEvery, i, traitIDHigh) {
		i--
	}
	return uuidText(d.roll(i, traitIDHigh), d.roll(i, traitIDLow))
}

func sharesICCID(d dice, i uint64) bool { return i > 0 && d.oneIn(sharedICCIDEvery, i, traitOddity) }

func madeICCID(d dice, i uint64) string {
	if sharesICCID(d, i) {
		i--
	}
	return checked("8935711", firstICCID+i, 18, wrongDigit(d, i))
}

// firstICCID is the number in the ICCID of the first record.
const firstICCID = 1_000_000_000

// wrongDigit is how far a check digit is off: mostly not at all.
func wrongDigit(d dice, i uint64) uint64 {
	if d.oneIn(wrongLuhnEvery, i, traitCheckDigit) {
		return 3
	}
	return 0
}

// status cycles through the life cycle's words with every second change or so.
func (f *madeFloLIVE) status(index uint32, l life) string {
	d, i := f.population.dice, uint64(index)
	if l.version == 0 && d.oneIn(strangeEvery, i, traitStatus) {
		return "TEST_READY"
	}
	words := [...]string{"ACTIVE", "SUSPEND", "INACTIVE", "TERMINATED"}
	first := [...]int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 3}
	steps := l.version - f.deviceChanges(index, l)
	return words[(first[d.roll(i, traitStatus)>>32%uint64(len(first))]+steps)%len(words)]
}

// deviceChanges counts the changes that are a new device; the others are a new status.
func (f *madeFloLIVE) deviceChanges(index uint32, l life) int {
	count := 0
	for version := 1; version <= l.version; version++ {
		count += int(f.population.dice.rollNight(uint64(index), traitWhatChanged, version) & 1)
	}
	return count
}

// setDevice fills in IMEI (3GPP TS 23.003: 14 digits and a check digit) and IMEISV (the 14 and a software version).
func (f *madeFloLIVE) setDevice(r *FloLIVESubscriber, index uint32, l life) {
	d, i := f.population.dice, uint64(index)
	changes := f.deviceChanges(index, l)
	if changes == 0 && d.oneIn(noIMEIEvery, i, traitIMEI) {
		return
	}
	device := f.device(index, changes)
	r.IMEI = checked("35430611", device, 14, wrongDigit(d, i+1))
	if d.oneIn(imeisvStrictEvery, i, traitDevice) {
		device = (device + 1) % 1_000_000
	}
	if d.roll(i, traitIMEI)>>32%5 != 0 {
		r.IMEISV = digits(digits("35430611", device, 14), uint64(1+changes%99), 16)
	}
}

// device is the serial number of a device, after so many changes.
func (f *madeFloLIVE) device(index uint32, changes int) uint64 {
	return f.population.dice.rollNight(uint64(index), traitDevice, changes) % 1_000_000
}

func (f *madeFloLIVE) setCustomer(r *FloLIVESubscriber, i uint64, c customer) {
	r.CustomerID, r.CustomerName = c.id, c.name
	if f.population.dice.oneIn(nulEvery, i, traitOddity) {
		r.CustomerName = c.name[:3] + "\x00" + c.name[3:]
	}
}

// madePairs makes one to three pairs: the home IMSI and up to two of other networks.
func madePairs(d dice, i uint64, pairs []Pair) []Pair {
	networks := [...]struct{ imsi, msisdn string }{
		{"222013", "999013"}, {"310380", "134044"}, {"901430", "882390"},
	}
	roll := d.roll(i, traitPairs)
	counts := [...]int{1, 2, 2, 3}
	for n := range counts[roll%uint64(len(counts))] {
		line := i
		if n == 0 && i > 0 && d.oneIn(sharedIMSIEvery, i, traitPairs) {
			line--
		}
		p := Pair{IMSI: digits(networks[n].imsi, line, 15), MSISDN: digits(networks[n].msisdn, line, 15)}
		if roll>>32%17 == uint64(n) {
			p.MSISDN = ""
		}
		pairs = append(pairs, p)
	}
	switch {
	case d.oneIn(noActiveEvery, i, traitActivePair):
	case d.oneIn(manyActiveEvery, i, traitActivePair):
		for n := range pairs {
			pairs[n].IsLastActive = true
		}
	default:
		pairs[d.roll(i, traitActivePair)>>32%uint64(len(pairs))].IsLastActive = true
	}
	return pairs
}
