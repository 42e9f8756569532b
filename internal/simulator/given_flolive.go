package simulator

import "slices"

// givenFloLIVE is an explicit fleet. It ignores the night. Numbers are positions in all.
type givenFloLIVE struct {
	order   []string            // listings, as first met
	all     []FloLIVESubscriber // the listings hold copies, so that a move may change these
	records map[string]givenListing
	homes   map[string]home // of every customer that a record ever named, and of the listings
}

// home is where a customer's records are listed.
type home struct {
	customer

	listing string
}

// givenListing is replaced, never changed: open sessions read theirs.
type givenListing []FloLIVESubscriber

func (l givenListing) size() int { return len(l) }

func (l givenListing) at(position int, r *FloLIVESubscriber) { *r = l[position] }

func (l givenListing) attached(position int) customer { return l[position].attached() }

// attached is the customer that a record names, or else the one whose listing holds it.
func (r *FloLIVESubscriber) attached() customer {
	if r.CustomerID == "" {
		return customer{id: r.Listing, name: r.CustomerName}
	}
	return customer{id: r.CustomerID, name: r.CustomerName}
}

// newGivenFloLIVE sorts records into their listings. The customers of the fleet before stay known, with empty listings.
func newGivenFloLIVE(customers []string, records []FloLIVESubscriber) *givenFloLIVE {
	f := &givenFloLIVE{all: slices.Clone(records), homes: map[string]home{}}
	for _, id := range customers {
		f.know(customer{id: id}, id)
	}
	for _, r := range records {
		f.know(r.attached(), r.Listing)
		f.know(customer{id: r.Listing}, r.Listing)
	}
	for _, id := range customers {
		f.list(id)
	}
	for _, r := range records {
		f.list(r.Listing)
	}
	f.sort()
	return f
}

// know keeps a customer that was not known before.
func (f *givenFloLIVE) know(c customer, listing string) {
	if _, known := f.homes[c.id]; !known && c.id != "" {
		f.homes[c.id] = home{customer: c, listing: listing}
	}
}

func (f *givenFloLIVE) list(id string) {
	if !slices.Contains(f.order, id) {
		f.order = append(f.order, id)
	}
}

// sort makes the listings anew.
func (f *givenFloLIVE) sort() {
	f.records = make(map[string]givenListing, len(f.order))
	for _, id := range f.order {
		f.records[id] = nil
	}
	for _, r := range f.all {
		f.records[r.Listing] = append(f.records[r.Listing], r)
	}
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

func (f *givenFloLIVE) find(kind idKind, value string, _ int) []foundFloLIVE {
	var list []foundFloLIVE
	for i := range f.all {
		if r := &f.all[i]; r.Raw == nil && r.has(kind, value) {
			list = append(list, foundFloLIVE{FloLIVESubscriber: *r, number: uint32(i), customer: r.attached()})
		}
	}
	return list
}

func (f *givenFloLIVE) knows(customerID string) bool {
	_, known := f.homes[customerID]
	return known
}

func (f *givenFloLIVE) move(numbers []uint32, customerID string) {
	target, known := f.homes[customerID]
	if !known {
		return
	}
	for _, number := range numbers {
		r := &f.all[number]
		r.Listing, r.CustomerID, r.CustomerName = target.listing, target.id, target.name
	}
	f.sort()
}
