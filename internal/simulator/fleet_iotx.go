package simulator

import "time"

// iotxFleet is everything that IoT-X knows. A subscriber at top level is named by a number of the fleet's own.
type iotxFleet interface {
	// top lists the subscribers at top level in a night, in the order that breaks ties.
	top(night int) []uint32
	// node is one of them with its profiles.
	node(number uint32, night int) iotxNode
	// find looks a physicalId up, at top level or nested.
	find(physicalID string, night int) (iotxNode, bool)
	// connected is when one was connected.
	connected(number uint32) time.Time
	// sorted says that top is already in the order of connectionDate.
	sorted() bool
	// plain says that one has neither profiles nor a parent, so that it can leave alone.
	plain(number uint32) bool
}

// givenIoTX is an explicit fleet. It ignores the night. Numbers are positions in records.
type givenIoTX struct {
	records  []IoTXSubscriber
	tops     []uint32
	profiles map[string][]uint32 // nested, by their parent's physicalId
	byID     map[string]uint32
}

func newGivenIoTX(records []IoTXSubscriber) *givenIoTX {
	f := &givenIoTX{records: append([]IoTXSubscriber(nil), records...), profiles: map[string][]uint32{}, byID: map[string]uint32{}}
	for i, r := range f.records {
		number := uint32(i)
		if r.Place != Nested {
			f.tops = append(f.tops, number)
		}
		if r.Place != AtTop {
			f.profiles[r.ParentPhysicalID] = append(f.profiles[r.ParentPhysicalID], number)
		}
		if _, taken := f.byID[r.PhysicalID]; !taken {
			f.byID[r.PhysicalID] = number
		}
	}
	return f
}

func (f *givenIoTX) top(int) []uint32 { return f.tops }

func (f *givenIoTX) node(number uint32, _ int) iotxNode { return f.tree(number, 0) }

func (f *givenIoTX) tree(number uint32, depth int) iotxNode {
	n := iotxNode{IoTXSubscriber: f.records[number]}
	if depth < maxNesting {
		for _, profile := range f.profiles[n.PhysicalID] {
			n.profiles = append(n.profiles, f.tree(profile, depth+1))
		}
	}
	return n
}

func (f *givenIoTX) find(physicalID string, _ int) (iotxNode, bool) {
	number, known := f.byID[physicalID]
	if !known || f.records[number].Raw != nil {
		return iotxNode{}, false
	}
	return f.tree(number, 0), true
}

func (f *givenIoTX) connected(number uint32) time.Time {
	t, _ := parseDate(f.records[number].ConnectionDate) // an odd date sorts first, as the zero time
	return t
}

func (f *givenIoTX) sorted() bool { return false }

func (f *givenIoTX) plain(number uint32) bool {
	r := f.records[number]
	return r.Place == AtTop && len(f.profiles[r.PhysicalID]) == 0
}

// dateLayouts are the forms that the provider's dates take: with a zone, without one (UTC), and bare.
var dateLayouts = [...]string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly}

func parseDate(text string) (time.Time, bool) {
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// madeIoTX is a fleet that is computed. Numbers are indexes of the population.
type madeIoTX struct {
	population population
	badShare   float64
	bareDates  bool
	step       time.Duration // between the connection dates of neighbours that do not share one
	// cached is the live ones of the night last asked for: 4 bytes a subscriber.
	cached      []uint32
	cachedNight int
}

// connectedTogether is how many neighbours at most share a connectionDate: a batch of SIMs is put to use at once.
const connectedTogether = 4

func newMadeIoTX(o Options) *madeIoTX {
	const span = 6 * 365 * 24 * time.Hour // how long the first night's fleet took to grow
	return &madeIoTX{
		population: newPopulation(dice(mix(o.Seed^0x107a)), o.IoTX, o.Churn), badShare: o.BadShare, bareDates: o.BareDates,
		step: (span / time.Duration(max(1, o.IoTX/connectedTogether))).Truncate(time.Second),
	}
}

func (f *madeIoTX) top(night int) []uint32 {
	if f.cachedNight != night {
		f.cached, f.cachedNight = f.population.live(night), night
	}
	return f.cached
}

func (f *madeIoTX) sorted() bool { return true }

// connected grows with the index: whoever is new was connected last.
func (f *madeIoTX) connected(number uint32) time.Time {
	group := number / connectedTogether * connectedTogether
	birth := f.population.birth(number)
	if birth == 1 {
		back := (f.population.first - int(group) + connectedTogether) / connectedTogether
		return nightDate(1).Add(-time.Duration(back) * f.step)
	}
	day := int(number) - f.population.born(birth-1)
	return nightDate(birth - 1).Add(24 * time.Hour * time.Duration(day) / time.Duration(f.population.perNight)).Truncate(time.Second)
}

func (f *madeIoTX) plain(number uint32) bool {
	return f.kind(number) != kindEUICC && !f.attached(number)
}
