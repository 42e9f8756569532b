package simulator

import "slices"

// activeFault is a fault that was injected.
type activeFault struct {
	Fault
	info FaultInfo
	base uint64 // sessions opened before
	seen int    // matching requests so far
}

// strikes are the faults that strike one request; of several of one kind the first injected.
type strikes []Fault

func (h strikes) get(kind FaultKind) (Fault, bool) {
	for _, f := range h {
		if f.Kind == kind {
			return f, true
		}
	}
	return Fault{}, false
}

func (h strikes) has(kind FaultKind) bool {
	_, ok := h.get(kind)
	return ok
}

// strike counts a request for every fault and collects those that strike it.
func (s *Simulator) strike(q *request) strikes {
	session := q.session
	if session == 0 {
		session = s.opened + 1 // the one that it may open
	}
	var hit strikes
	for _, f := range s.faults {
		if f.matches(q, session) && f.due() {
			hit = append(hit, f.Fault)
			s.stats.Struck[f.Kind]++
		}
	}
	return hit
}

func (f *activeFault) matches(q *request, session uint64) bool {
	switch {
	case f.Kind == RefuseConnection,
		!slices.Contains(f.info.Providers, q.provider),
		f.Provider != "" && f.Provider != q.provider,
		f.Customer != "" && f.Customer != q.customer,
		f.PhysicalID != "" && f.PhysicalID != q.physicalID,
		f.Value != "" && f.Value != q.value,
		f.Sessions > 0 && session > f.base+uint64(f.Sessions):
		return false
	}
	switch on := orDefault(f.On, f.info.On); on {
	case Any:
		return true
	case "":
		return q.kind == SubscriberAll || q.kind == List
	default:
		return q.kind == on
	}
}

// due counts a matching request and says whether its turn has come.
func (f *activeFault) due() bool {
	f.seen++
	from := orDefault(f.From, max(1, f.info.From))
	count := orDefault(f.Count, orDefault(f.info.Count, 1))
	return f.seen >= from && (count < 0 || f.seen < from+count)
}
