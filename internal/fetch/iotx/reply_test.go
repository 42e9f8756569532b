package iotx

import (
	"testing"

	"simsync/internal/fetch"
)

func TestReadList(t *testing.T) {
	for body, want := range map[string]int{
		`{"content":[]}`: 0,
		`{"pagination":{"next":1},"content":[{},null]}`: 2,
		`{"content":null}`:              -1,
		`{"content":{}}`:                -1,
		`{}`:                            -1,
		`[]`:                            -1,
		`{"error":{"code":"NotFound"}}`: -1,
		`{"content":[{}`:                -1,
	} {
		got, err := readList([]byte(body))
		if (err != nil) != (want < 0) || err == nil && len(got) != want {
			t.Errorf("%s: %d records, error %v, want %d", body, len(got), err, want)
		}
	}
}

func TestReadOne(t *testing.T) {
	for body, want := range map[string]string{
		`{"content":{"physicalId":"1"}}`: `{"physicalId":"1"}`, `{"content":[{}]}`: "", `{"content":null}`: "", `{}`: "", `null`: "",
	} {
		got, err := readOne([]byte(body))
		if (err != nil) != (want == "") || string(got) != want {
			t.Errorf("%s: %s, error %v, want %s", body, got, err, want)
		}
	}
}

func TestRefusalCodes(t *testing.T) {
	for body, want := range map[string]string{
		`{"error":{"code":"NotFound","message":"in prose"}}`: "NotFound", `{"error":{"code":404}}`: "404",
		`{"error":"no"}`: "", `{"error":{"code":"\ud800"}}`: "", `{}`: "", `<html>`: "",
	} {
		if got, kind := refusal([]byte(body)); got != want || kind != "" {
			t.Errorf("%s: code %q and kind %q, want %q", body, got, kind, want)
		}
	}
}

func TestMasked(t *testing.T) {
	for id, want := range map[string]string{"8944000000000000001": "8944...0001", "abcd": "a...d", "abc": "..."} {
		if got := masked(id); got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
}

// Whatever an answer holds, reading and remembering it does not panic.
func FuzzReadList(f *testing.F) {
	f.Add([]byte(`{"content":[{"physicalId":"1","related":{"profiles":[{}]}},{"physicalId":1},{"physicalId":""},"\xff",{"a":1,"a":2}]}`))
	f.Add([]byte(`{"error":{"code":"NotFound"}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		_, _ = refusal(body)
		_, _ = readOne(body)
		raws, err := readList(body)
		if err != nil {
			return
		}
		s := newSequence()
		keys := s.keys(fetch.ReadRecords[Subscriber](raws))
		first := s.take(0, keys, inOrder)
		again := s.take(0, keys, moved)
		if s.end != len(raws) || len(s.place) > len(raws) || again.unseen != 0 || again.strayed || first.unseen != int64(len(s.place)) {
			t.Errorf("%d records: end %d, %d places, first %+v, again %+v", len(raws), s.end, len(s.place), first, again)
		}
	})
}
