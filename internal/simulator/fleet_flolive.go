package simulator

import (
	"iter"
	"maps"
)

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
	// attached is the customer of the record at a position, even where the record does not say so.
	attached(position int) customer
}

// floLIVEFleet is everything that floLIVE knows.
type floLIVEFleet interface {
	// listing is what a customer's listing holds in a night; false if there is no such customer.
	listing(customerID string, night int) (floLIVESnapshot, bool)
	// children are a customer's sub-customers.
	children(customerID string) []customer
	// listings are the customers that are walked, in order.
	listings() []string
	// find gives the records of a night that an identifier belongs to.
	find(kind idKind, value string, night int) []foundFloLIVE
	// knows says whether there is a customer, at the top or below.
	knows(customerID string) bool
	// move attaches subscribers, by the numbers that find gave, to another customer, for good and in every night. Snapshots
	// taken before do not see it.
	move(numbers []uint32, customerID string)
}

// seat is a place to be attached to: an account's top customer (slot 0) or one of its sub-customers.
type seat struct{ number, slot int }

// madeFloLIVE is a fleet that is computed. Every record is found again from its index and the night.
type madeFloLIVE struct {
	population population
	accounts   []account
	badShare   float64
	// moved is where those are who were moved by request. The map is replaced, never changed: open sessions read theirs.
	moved map[uint32]seat
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
			return madeListing{fleet: f, night: night, indexes: f.cached[number], moved: f.moved}, true
		}
		for slot, child := range a.children {
			if child.id == customerID {
				return f.childListing(seat{number, slot + 1}, night), true
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
		at := f.place(index, f.population.at(index, night), f.moved)
		lists[at.number] = append(lists[at.number], index)
	}
	f.cached, f.cachedNight = lists, night
}

func (f *madeFloLIVE) childListing(child seat, night int) madeListing {
	l := madeListing{fleet: f, night: night, moved: f.moved}
	for _, index := range f.cached[child.number] {
		if f.place(index, f.population.at(index, night), f.moved) == child {
			l.indexes = append(l.indexes, index)
		}
	}
	return l
}

// place says which account a subscriber belongs to, and whether to its top customer (0) or a sub-customer (1, 2). A move leads
// to the next account, and to the next place in it, so that with one account a move is seen too. Who was moved by request stays
// there.
func (f *madeFloLIVE) place(index uint32, l life, moved map[uint32]seat) seat {
	if at, asked := moved[index]; asked {
		return at
	}
	roll := f.population.dice.roll(uint64(index), traitCustomer)
	slots := [...]int{0, 0, 0, 1, 2} // most subscribers are the top customer's own
	number := int((roll + uint64(l.moves)) % uint64(len(f.accounts)))
	slot := slots[(roll>>32)%uint64(len(slots))]
	return seat{number, (slot + l.moves) % 3}
}

func (f *madeFloLIVE) customerAt(at seat) customer {
	a := f.accounts[at.number]
	if at.slot == 0 {
		return a.customer
	}
	return a.children[at.slot-1]
}

// seatOf finds a customer at the top or below.
func (f *madeFloLIVE) seatOf(customerID string) (seat, bool) {
	for number := range f.accounts {
		for slot := range 1 + len(f.accounts[number].children) {
			if at := (seat{number, slot}); f.customerAt(at).id == customerID {
				return at, true
			}
		}
	}
	return seat{}, false
}

func (f *madeFloLIVE) knows(customerID string) bool {
	_, known := f.seatOf(customerID)
	return known
}

func (f *madeFloLIVE) move(numbers []uint32, customerID string) {
	target, known := f.seatOf(customerID)
	if !known {
		return
	}
	moved := make(map[uint32]seat, len(f.moved)+len(numbers))
	maps.Copy(moved, f.moved)
	for _, index := range numbers {
		moved[index] = target
	}
	f.moved, f.cachedNight = moved, 0
}

// madeListing is a listing of a computed fleet: its records are made when they are read.
type madeListing struct {
	fleet   *madeFloLIVE
	night   int
	indexes []uint32
	moved   map[uint32]seat
}

func (l madeListing) size() int { return len(l.indexes) }

func (l madeListing) at(position int, r *FloLIVESubscriber) {
	l.fleet.record(l.indexes[position], l.night, l.moved, r)
}

func (l madeListing) attached(position int) customer {
	index := l.indexes[position]
	return l.fleet.customerAt(l.fleet.place(index, l.fleet.population.at(index, l.night), l.moved))
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
