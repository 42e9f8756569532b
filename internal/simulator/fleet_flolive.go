package simulator

import "iter"

// customer is a floLIVE customer: a listing, or a sub-customer inside one.
type customer struct{ id, name string }

// account is a customer with its one level of sub-customers: what one listing holds.
type account struct {
	customer
	children []customer
}

// floLIVESnapshot is the content of one listing at one moment. It never changes, whatever becomes of the fleet: a session
// keeps it from its opening on.
type floLIVESnapshot interface {
	size() int
	// at fills in the record at a position of the listing.
	at(position int, r *FloLIVESubscriber)
}

// floLIVEFleet is everything that floLIVE knows.
type floLIVEFleet interface {
	// listing is what a customer's listing holds in a night; false if there is no such customer.
	listing(customerID string, night int) (floLIVESnapshot, bool)
	// children are a customer's sub-customers.
	children(customerID string) []customer
	// listings are the customers that are walked, in order.
	listings() []string
}

// madeFloLIVE is a fleet that is computed. Every record is found again from its index and the night.
type madeFloLIVE struct {
	population population
	accounts   []account
	badShare   float64
	// cached is the listings of the night last asked for, ascending indexes by account: 4 bytes a subscriber.
	cached      [][]uint32
	cachedNight int
}

var customerNames = []string{
	"Gualas LTD", "Northwind Metering", "Łódź Telemetria", `Smith "Smart" & Sons`, "Harbour Trackers", "Vending 24/7", "Alpine Water",
}

func newMadeFloLIVE(o Options) *madeFloLIVE {
	d := dice(mix(o.Seed ^ 0xf1011fe))
	f := &madeFloLIVE{population: newPopulation(d, o.FloLIVE, o.Churn), badShare: o.BadShare}
	for number := range o.Customers {
		top := madeCustomer(d, uint64(number)*3, "")
		f.accounts = append(f.accounts, account{customer: top, children: []customer{
			madeCustomer(d, uint64(number)*3+1, " North"), madeCustomer(d, uint64(number)*3+2, " South"),
		}})
	}
	return f
}

func madeCustomer(d dice, number uint64, suffix string) customer {
	const apart = 1 << 40 // beyond every subscriber's index
	return customer{
		id:   uuidText(d.roll(apart+number, traitIDHigh), d.roll(apart+number, traitIDLow)),
		name: customerNames[number/3%uint64(len(customerNames))] + suffix,
	}
}

func (f *madeFloLIVE) listings() []string {
	ids := make([]string, 0, len(f.accounts))
	for _, a := range f.accounts {
		ids = append(ids, a.id)
	}
	return ids
}

func (f *madeFloLIVE) children(customerID string) []customer {
	for _, a := range f.accounts {
		if a.id == customerID {
			return a.children
		}
	}
	return nil
}

// listing gives a top customer's listing or a sub-customer's, which holds its own subscribers alone.
func (f *madeFloLIVE) listing(customerID string, night int) (floLIVESnapshot, bool) {
	f.build(night)
	for number, a := range f.accounts {
		if a.id == customerID {
			return madeListing{fleet: f, night: night, indexes: f.cached[number]}, true
		}
		for slot, child := range a.children {
			if child.id == customerID {
				return f.childListing(number, slot+1, night), true
			}
		}
	}
	return nil, false
}

func (f *madeFloLIVE) build(night int) {
	if f.cachedNight == night {
		return
	}
	lists := make([][]uint32, len(f.accounts))
	for _, index := range f.population.live(night) {
		number, _ := f.place(index, f.population.at(index, night))
		lists[number] = append(lists[number], index)
	}
	f.cached, f.cachedNight = lists, night
}

func (f *madeFloLIVE) childListing(number, slot, night int) madeListing {
	l := madeListing{fleet: f, night: night}
	for _, index := range f.cached[number] {
		if _, at := f.place(index, f.population.at(index, night)); at == slot {
			l.indexes = append(l.indexes, index)
		}
	}
	return l
}

// place says which account a subscriber belongs to, and whether to its top customer (0) or a sub-customer (1, 2). A move leads
// to the next account, and to the next place in it, so that with one account a move is seen too.
func (f *madeFloLIVE) place(index uint32, l life) (number, slot int) {
	roll := f.population.dice.roll(uint64(index), traitCustomer)
	slots := [...]int{0, 0, 0, 1, 2} // most subscribers are the top customer's own
	number = int((roll + uint64(l.moves)) % uint64(len(f.accounts)))
	slot = slots[(roll>>32)%uint64(len(slots))]
	return number, (slot + l.moves) % 3
}

// madeListing is a listing of a computed fleet: its records are made when they are read.
type madeListing struct {
	fleet   *madeFloLIVE
	night   int
	indexes []uint32
}

func (l madeListing) size() int { return len(l.indexes) }

func (l madeListing) at(position int, r *FloLIVESubscriber) {
	l.fleet.record(l.indexes[position], l.night, r)
}

// givenFloLIVE is an explicit fleet. It ignores the night.
type givenFloLIVE struct {
	order   []string // listings, as first met
	records map[string]givenListing
}

type givenListing []FloLIVESubscriber

func (l givenListing) size() int { return len(l) }

func (l givenListing) at(position int, r *FloLIVESubscriber) { *r = l[position] }

// newGivenFloLIVE sorts records into their listings. The customers of the fleet before stay known, with empty listings.
func newGivenFloLIVE(customers []string, records []FloLIVESubscriber) *givenFloLIVE {
	f := &givenFloLIVE{records: map[string]givenListing{}}
	for _, id := range customers {
		f.add(id)
	}
	for _, r := range records {
		f.add(r.Listing, r)
	}
	return f
}

func (f *givenFloLIVE) add(id string, records ...FloLIVESubscriber) {
	if _, known := f.records[id]; !known {
		f.order = append(f.order, id)
	}
	f.records[id] = append(f.records[id], records...)
}

func (f *givenFloLIVE) listings() []string { return f.order }

func (f *givenFloLIVE) listing(customerID string, _ int) (floLIVESnapshot, bool) {
	l, known := f.records[customerID]
	return l, known
}

func (f *givenFloLIVE) children(customerID string) []customer {
	var list []customer
	seen := map[string]bool{customerID: true, "": true}
	for _, r := range f.records[customerID] {
		if !seen[r.CustomerID] {
			seen[r.CustomerID] = true
			list = append(list, customer{id: r.CustomerID, name: r.CustomerName})
		}
	}
	return list
}

// truthOf yields every record of every listing.
func truthOf(listings []string, snapshots []floLIVESnapshot) iter.Seq[FloLIVESubscriber] {
	return func(yield func(FloLIVESubscriber) bool) {
		for i, snapshot := range snapshots {
			for position := range snapshot.size() {
				var r FloLIVESubscriber
				snapshot.at(position, &r)
				r.Listing = listings[i]
				if !yield(r) {
					return
				}
			}
		}
	}
}
