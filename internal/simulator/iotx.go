package simulator

import (
	"net/http"
	"slices"
)

// serveIoTX answers an IoT-X request that no fault has turned away.
func (s *Simulator) serveIoTX(q *request, hit strikes) reply {
	if q.bearer != s.options.IoTXToken {
		return iotxError(http.StatusUnauthorized, "Unauthorized", "The access token is not valid.")
	}
	switch q.kind {
	case List:
		return s.list(q, hit)
	case One:
		return s.one(q.physicalID)
	case Nickname:
		return s.rename(q)
	default:
		return iotxError(http.StatusNotFound, "NotFound", "No such resource.")
	}
}

// one answers a single subscriber, at top level or nested.
func (s *Simulator) one(physicalID string) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.oneNow(physicalID)
}

func (s *Simulator) oneNow(physicalID string) reply {
	n, found := s.iotx.find(physicalID)
	if !found || n.Raw != nil {
		return iotxError(http.StatusNotFound, "NotFound", "Subscriber not found.")
	}
	dst := appendIoTX([]byte(`{"content":`), &n, s.scalars())
	r := jsonReply(http.StatusOK, append(dst, '}'))
	r.records = 1
	return r
}

// list answers a page.
func (s *Simulator) list(q *request, hit strikes) reply {
	query, err := parseListQuery(q.query, s.options.PageClamp)
	if err != nil {
		return iotxError(http.StatusBadRequest, "BadRequest", err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	nodes, end := s.page(query, hit)
	if end && hit.has(NotFoundEnd) {
		return iotxError(http.StatusNotFound, "NotFound", "No subscribers found.")
	}
	return s.renderPage(query, nodes, hit)
}

// page finds the subscribers of a page; end says that the offset is past the list's end.
func (s *Simulator) page(q listQuery, hit strikes) (nodes []iotxNode, end bool) {
	list := s.shiftedView(q, hit)
	offset := q.offset
	if hit.has(StuckCursor) || hit.has(RepeatedChunk) {
		offset = 0
	}
	if f, ok := hit.get(Skip); ok {
		offset += f.by(1)
	}
	from := min(offset, len(list))
	for _, number := range list[from:min(offset+q.limit, len(list))] {
		nodes = append(nodes, s.iotx.node(number))
	}
	if f, ok := hit.get(Endless); ok && len(list) > 0 {
		nodes = s.extend(q, f, list, nodes, offset)
	}
	switch {
	case hit.has(EmptyChunk):
		nodes = nil
	case hit.has(DuplicateRecord):
		f, _ := hit.get(DuplicateRecord)
		duplicate(nodes, f.by(1))
	}
	return nodes, offset >= len(list) && len(nodes) == 0
}

// shiftedView is the list after the faults that move records in it.
func (s *Simulator) shiftedView(q listQuery, hit strikes) []uint32 {
	if f, ok := hit.get(ShiftLeft); ok {
		for range f.by(1) {
			s.iotx.shiftLeft(s.iotx.view(q), q.offset)
		}
	}
	if f, ok := hit.get(ShiftRight); ok {
		for range f.by(1) {
			s.iotx.shiftRight(s.iotx.view(q), q.offset)
		}
	}
	list := s.iotx.view(q)
	if hit.has(Shuffle) {
		s.shuffles++
		list = s.iotx.shuffleTies(list, s.shuffles)
	}
	return list
}

// extend fills a page up beyond the list's end: with subscribers ever new, or with the last page again.
func (s *Simulator) extend(q listQuery, f Fault, list []uint32, nodes []iotxNode, offset int) []iotxNode {
	last := list[max(0, len(list)-q.limit):]
	if f.By != 0 {
		if len(nodes) == 0 {
			for _, number := range last {
				nodes = append(nodes, s.iotx.node(number))
			}
		}
		return nodes
	}
	for len(nodes) < q.limit {
		beyond := offset + len(nodes) - len(list)
		r := s.iotx.newcomer(s.iotx.node(list[len(list)-1]).IoTXSubscriber, uint64(900_000+beyond))
		nodes = append(nodes, iotxNode{IoTXSubscriber: r})
	}
	return nodes
}

// renderPage writes the list's envelope. The wire has a pagination object of which nothing is published.
func (s *Simulator) renderPage(q listQuery, nodes []iotxNode, hit strikes) reply {
	if f, ok := hit.get(BadRecord); ok {
		nodes = slices.Clone(nodes)
		for i := range min(f.by(1), len(nodes)) {
			nodes[i].spoil(iotxBadness[i%len(iotxBadness)], uint64(q.offset+i))
		}
	}
	dst := []byte(`{"content":`)
	if hit.has(NullContent) {
		dst = append(dst, "null"...)
	} else {
		dst = append(dst, '[')
		for i := range nodes {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendIoTX(dst, &nodes[i], s.scalars())
		}
		dst = append(dst, ']')
	}
	dst = scalars{}.appendInt(dst, `,"pagination":{"limit":`, int64(q.limit))
	dst = scalars{}.appendInt(dst, `,"offset":`, int64(q.offset))
	r := jsonReply(http.StatusOK, append(dst, "}}"...))
	r.records = len(nodes)
	return r
}

func (s *Simulator) scalars() scalars { return scalars{quoted: s.options.StringlyIoTX} }

// iotxError is the error envelope of IoT-X.
func iotxError(status int, code, message string) reply {
	dst := appendMember(nil, `{"error":{"code":`, code)
	return jsonReply(status, append(appendMember(dst, `,"message":`, message), "}}"...))
}
