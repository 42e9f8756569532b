package simulator

import (
	"fmt"
	"iter"
	"slices"
	"time"
)

// addedNumbers is where the numbers of inserted subscribers begin: beyond those of every fleet.
const addedNumbers = 1 << 31

// iotxState is the IoT-X fleet of the current night with what faults have done to it, under the simulator's lock. A list is no
// snapshot: every request sees the fleet as it is now.
type iotxState struct {
	fleet iotxFleet
	dice  dice
	night int
	gone  map[uint32]bool   // left during the night
	added []IoTXSubscriber  // came during the night
	names map[string]string // nicknames that were set, by physicalId
	after []uint32          // the subscriber behind whom each of added stands
	views map[string][]uint32
}

func newIoTXState(fleet iotxFleet, d dice, night int) *iotxState {
	return &iotxState{fleet: fleet, dice: d, night: night, gone: map[uint32]bool{}, views: map[string][]uint32{}}
}

// present lists the numbers at top level, in the order that breaks ties.
func (s *iotxState) present() []uint32 {
	top := s.fleet.top(s.night)
	if len(s.gone) == 0 && len(s.added) == 0 {
		return top
	}
	list := make([]uint32, 0, len(top)+len(s.added))
	for _, number := range top {
		if !s.gone[number] {
			list = append(list, number)
		}
		for i, before := range s.after {
			if before == number {
				list = append(list, addedNumbers+uint32(i))
			}
		}
	}
	return list
}

func (s *iotxState) node(number uint32) iotxNode {
	if number >= addedNumbers {
		return s.named(iotxNode{IoTXSubscriber: s.added[number-addedNumbers]})
	}
	return s.named(s.fleet.node(number, s.night))
}

// connected is when a subscriber was connected; a newcomer with the one behind whom it stands.
func (s *iotxState) connected(number uint32) time.Time {
	if number >= addedNumbers {
		number = s.after[number-addedNumbers]
	}
	return s.fleet.connected(number)
}

// find looks a physicalId up among those that are here now.
func (s *iotxState) find(physicalID string) (iotxNode, bool) {
	for _, r := range s.added {
		if r.PhysicalID == physicalID {
			return s.named(iotxNode{IoTXSubscriber: r}), true
		}
	}
	for number := range s.gone {
		if s.node(number).PhysicalID == physicalID {
			return iotxNode{}, false
		}
	}
	n, found := s.fleet.find(physicalID, s.night)
	return s.named(n), found
}

// view is the list in the order and under the filter of a query. It is kept until the fleet changes.
func (s *iotxState) view(q listQuery) []uint32 {
	name := q.orderBy + "\n" + q.filter
	if list, kept := s.views[name]; kept {
		return list
	}
	const views = 4 // at 4 bytes a subscriber each
	if len(s.views) >= views {
		clear(s.views)
	}
	list := s.filtered(q.conditions)
	if !s.fleet.sorted() || q.orderBy != "connectionDate ASC" {
		list = s.ordered(list, q.order)
	}
	s.views[name] = list
	return list
}

func (s *iotxState) filtered(conditions []condition) []uint32 {
	present := s.present()
	if len(conditions) == 0 {
		return present
	}
	var list []uint32
	for _, number := range present {
		connected := s.connected(number)
		if !slices.ContainsFunc(conditions, func(c condition) bool { return !c.holds(connected) }) {
			list = append(list, number)
		}
	}
	return list
}

// ordered sorts a list. Without an order it is scrambled, yet always the same way: the page promises none.
func (s *iotxState) ordered(list []uint32, order []orderTerm) []uint32 {
	type entry struct {
		number uint32
		keys   []sortKey
	}
	entries := make([]entry, 0, len(list))
	for _, number := range list {
		e := entry{number: number}
		if len(order) == 0 {
			e.keys = []sortKey{{number: int64(s.dice.roll(uint64(number), traitOrder) >> 1)}}
		} else {
			node := s.node(number)
			for _, term := range order {
				e.keys = append(e.keys, term.key(&node.IoTXSubscriber))
			}
		}
		entries = append(entries, e)
	}
	slices.SortStableFunc(entries, func(a, b entry) int {
		for i := range a.keys {
			if c := a.keys[i].compare(b.keys[i]); c != 0 {
				if len(order) > 0 && order[i].descending {
					return -c
				}
				return c
			}
		}
		return 0
	})
	sorted := make([]uint32, 0, len(entries))
	for _, e := range entries {
		sorted = append(sorted, e.number)
	}
	return sorted
}

// shuffleTies gives neighbours of one connectionDate another order. The list is copied.
func (s *iotxState) shuffleTies(list []uint32, salt uint64) []uint32 {
	shuffled := slices.Clone(list)
	for from := 0; from < len(shuffled); {
		end := from + 1
		for end < len(shuffled) && s.connected(shuffled[end]).Equal(s.connected(shuffled[from])) {
			end++
		}
		slices.SortFunc(shuffled[from:end], func(a, b uint32) int {
			x, y := mix(uint64(a)^mix(salt)), mix(uint64(b)^mix(salt))
			return sortKey{number: int64(x >> 1)}.compare(sortKey{number: int64(y >> 1)})
		})
		from = end
	}
	return shuffled
}

// shiftLeft lets a subscriber leave who stands somewhere before an offset. One that has profiles or a parent stays, for its
// family would change with it.
func (s *iotxState) shiftLeft(list []uint32, offset int) {
	for position := min(offset, len(list)) / 2; position >= 0 && position < len(list); position-- {
		number := list[position]
		if position < offset && number < addedNumbers && !s.gone[number] && s.fleet.plain(number) {
			s.gone[number] = true
			clear(s.views)
			return
		}
	}
}

// shiftRight lets a new subscriber in before an offset: a twin of one that stands there, of the same connectionDate.
func (s *iotxState) shiftRight(list []uint32, offset int) {
	for position := min(offset, len(list)) / 2; position >= 0 && position < len(list); position-- {
		number := list[position]
		if position < offset && number < addedNumbers && s.fleet.plain(number) && s.node(number).Raw == nil {
			s.after = append(s.after, number)
			s.added = append(s.added, s.newcomer(s.node(number).IoTXSubscriber, uint64(len(s.added))))
			clear(s.views)
			return
		}
	}
}

// newcomer is a subscriber that no fleet has, with the contract of another.
func (s *iotxState) newcomer(r IoTXSubscriber, number uint64) IoTXSubscriber {
	const space = 70_000_000_000_000 // of ICCIDs, as topSpace
	number += uint64(s.night) * 1_000_000
	r.PhysicalID = checked("8944", space+number, 18, 0)
	r.SubscriberID, r.IMSI = digits("4479", number, 13), digits("23417", number, 15)
	r.Nickname = fmt.Sprintf("Newcomer %d", number)
	r.EID, r.SMDPProvider, r.Extra, r.Bad, r.BadReason, r.Place = "", "", "", false, "", AtTop
	return r
}

// truth yields everyone who is here now: each subscriber at top level, then its profiles that are shown nowhere else.
func (s *iotxState) truth() iter.Seq[IoTXSubscriber] {
	present, frozen := s.present(), *s
	return func(yield func(IoTXSubscriber) bool) {
		nested := map[string]bool{}
		for _, number := range present {
			n := frozen.node(number)
			if !yield(n.IoTXSubscriber) || !yieldNested(n.profiles, nested, yield) {
				return
			}
		}
	}
}

func yieldNested(profiles []iotxNode, seen map[string]bool, yield func(IoTXSubscriber) bool) bool {
	for _, p := range profiles {
		if p.Place == Nested && !seen[p.PhysicalID] {
			seen[p.PhysicalID] = true
			if !yield(p.IoTXSubscriber) {
				return false
			}
		}
		if !yieldNested(p.profiles, seen, yield) {
			return false
		}
	}
	return true
}
