package simulator

import (
	"maps"
	"net/http"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
)

// maxNickname is how long a nickname may be, in characters.
const maxNickname = 256

// rename sets a nickname and answers the subscriber as it then is (IoT-X API 4.0, Subscribers, PATCH).
func (s *Simulator) rename(q *request) reply {
	var body struct {
		Nickname *string `json:"nickname"`
	}
	switch {
	case json.Unmarshal(q.body, &body) != nil || body.Nickname == nil:
		return iotxError(http.StatusBadRequest, "BadRequest", "nickname must be a string.")
	case utf8.RuneCountInString(*body.Nickname) > maxNickname:
		return iotxError(http.StatusBadRequest, "BadRequest", "nickname must be no longer than 256 characters.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if n, found := s.iotx.find(q.physicalID); found && n.Raw == nil {
		s.iotx.rename(q.physicalID, *body.Nickname)
	}
	return s.oneNow(q.physicalID)
}

// rename sets a nickname for good. The map is replaced, never changed: the truth is read without the lock.
func (s *iotxState) rename(physicalID, nickname string) {
	names := make(map[string]string, len(s.names)+1)
	maps.Copy(names, s.names)
	names[physicalID] = nickname
	s.names = names
}

// named gives a node and its profiles the nicknames that were set.
func (s *iotxState) named(n iotxNode) iotxNode {
	if len(s.names) == 0 {
		return n
	}
	if nickname, set := s.names[n.PhysicalID]; set {
		n.Nickname = nickname
	}
	for i := range n.profiles {
		n.profiles[i] = s.named(n.profiles[i])
	}
	return n
}
