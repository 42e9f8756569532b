package simulator

import (
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Simulator is both providers. Its methods may be called at any time from any goroutine, while requests are under way too.
type Simulator struct {
	options Options
	dice    dice

	mu       sync.Mutex // guards everything below
	night    int
	flolive  floLIVEFleet
	iotx     *iotxState
	tokens   map[string]int         // uses of the tokens from logins
	sessions map[uint64]*pitSession // open ones, by number
	opened   uint64                 // sessions so far
	faults   []*activeFault
	shuffles uint64 // lists shuffled so far

	profiles      profileBook
	givenProfiles []FloLIVEProfile // instead, where not nil
	moves         []*acceptedMove  // all that were ever accepted
	settled       int              // how many of them, from the front, are not open any more
	calls         uint64           // bulk calls accepted so far

	stats counters
}

// New makes both providers on night 1.
func New(o Options) *Simulator {
	o = o.withDefaults()
	d := dice(mix(o.Seed))
	flolive, iotx := newMadeFloLIVE(o), newMadeIoTX(o)
	return &Simulator{
		options: o, dice: d, night: 1,
		flolive: flolive, iotx: newIoTXState(iotx, d, 1), profiles: profileBook{flolive: flolive, iotx: iotx},
		tokens: map[string]int{}, sessions: map[uint64]*pitSession{}, stats: newCounters(),
	}
}

// FloLIVE serves /api/... alone.
func (s *Simulator) FloLIVE() http.Handler { return s.provider(FloLIVE) }

// IoTX serves /subscribers... alone.
func (s *Simulator) IoTX() http.Handler { return s.provider(IoTX) }

// Handler serves both on one address, and the control endpoints beside them (see [Simulator.Control]).
func (s *Simulator) Handler() http.Handler {
	flolive, iotx, control := s.FloLIVE(), s.IoTX(), s.Control()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch first, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/"); first {
		case "subscribers":
			iotx.ServeHTTP(w, r)
		case "simulator":
			control.ServeHTTP(w, r)
		default:
			flolive.ServeHTTP(w, r)
		}
	})
}

// Night is the current night, from 1.
func (s *Simulator) Night() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.night
}

// SetNight goes to a night, later or earlier; anything below 1 is night 1. Open floLIVE sessions go on with what they saw at
// their opening; IoT-X lists change at once. Records that the faults shift-left and shift-right moved are as they were. Open
// moves are settled, but for those that are kept open; moves and nicknames stay in whatever night.
func (s *Simulator) SetNight(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setNight(n)
}

// NextNight goes to the next night and returns it.
func (s *Simulator) NextNight() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setNight(s.night + 1)
	return s.night
}

func (s *Simulator) setNight(n int) {
	s.settle(func(m *acceptedMove) bool { return !m.held })
	s.night = max(1, n)
	names := s.iotx.names
	s.iotx = newIoTXState(s.iotx.fleet, s.dice, s.night)
	s.iotx.names = names
}

// CustomerIDs are the UUIDs of the floLIVE customers whose listings together are the fleet.
func (s *Simulator) CustomerIDs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.flolive.listings())
}

// SetFloLIVE puts an explicit fleet in the place of the floLIVE one, in the order given within each listing. Customers known
// until now stay known. Nights do not change it; the records and their pairs must not be changed afterwards. Open moves fail.
func (s *Simulator) SetFloLIVE(records []FloLIVESubscriber) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dropMoves()
	s.flolive = newGivenFloLIVE(s.flolive.listings(), records)
}

// SetIoTX puts an explicit fleet in the place of the IoT-X one. The order given breaks ties. Nights do not change it. A nested
// record that names no parent in the fleet is not shown. Nicknames that were set are forgotten.
func (s *Simulator) SetIoTX(records []IoTXSubscriber) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.iotx = newIoTXState(newGivenIoTX(records), s.dice, s.night)
}

// FloLIVETruth is every record of every floLIVE listing as of now: what a perfect sync must find. Later changes of the fleet
// or the night do not show.
func (s *Simulator) FloLIVETruth() iter.Seq[FloLIVESubscriber] {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settleDue(time.Now())
	return truthOf(slices.Clone(s.flolive.listings()), s.snapshots())
}

// snapshots are all listings as of now.
func (s *Simulator) snapshots() []floLIVESnapshot {
	var list []floLIVESnapshot
	for _, id := range s.flolive.listings() {
		snapshot, _ := s.flolive.listing(id, s.night)
		list = append(list, snapshot)
	}
	return list
}

// IoTXTruth is every IoT-X subscriber as of now, each once: at top level or, for a profile that is nested only, behind its SIM.
func (s *Simulator) IoTXTruth() iter.Seq[IoTXSubscriber] {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.iotx.truth()
}
