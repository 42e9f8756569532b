package flolive

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// Whatever an answer to a move holds, reading it does not panic, and what it tells is
// of the nodes sent: never of one twice, accepted only where all are.
func FuzzReadMove(f *testing.F) {
	nodes := []MoveNode{{"IMSI", "222013090961859", "a"}, {"ICCID", "8935711001000034535", "b"}}
	f.Add([]byte(`{"bulk":[{"requestId":"1","subscriberIdentifiers":{"type":"imsi","value":222013090961859}},{"requestId":2,"subscriberIdentifiers":{"type":"ICCID","value":"8935711001000034535"},"content":{}}]}`))
	f.Add([]byte(`{"bulk":[{"errorCode":5,"subscriberIdentifiers":{"type":"IMSI","value":"222013090961859"},"content":{"targetCustomerId":"A"}},{},null]}`))
	f.Add([]byte(`{"errorCode":"GLOBAL_1001"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := readMove(body, nodes)
		_, _ = readCall(body, "1")
		if err == nil && !jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) {
			t.Errorf("%q is read, and is no JSON", body)
		}
		seen := map[MoveNode]bool{}
		for _, n := range a.Nodes {
			if seen[n.MoveNode] || n.MoveNode != nodes[0] && n.MoveNode != nodes[1] || a.Accepted && n.RequestID == "" {
				t.Errorf("%q tells of %+v", body, n)
			}
			seen[n.MoveNode] = true
		}
		if a.Accepted && (err != nil || len(a.Nodes) != len(nodes)) || err == nil && len(a.Nodes) == 0 {
			t.Errorf("%q is %+v, %v", body, a, err)
		}
	})
}
