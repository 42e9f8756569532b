package simulator

import (
	"testing"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

func TestLuhn(t *testing.T) {
	for _, known := range []string{"8935711001000034535", "354306110218529", "79927398713"} { // two of the page's examples that are right, and the textbook's
		body, last := known[:len(known)-1], uint64(known[len(known)-1]-'0')
		if got := luhn([]byte(body)); got != last {
			t.Errorf("%s: got check digit %d, want %d", body, got, last)
		}
	}
}

func TestCheckedDigits(t *testing.T) {
	for off, want := range []string{"8935711001000034535", "8935711001000034536"} { // the page's examples: one right, one not
		if got := checked("8935711", 100_003_453, 18, uint64(off)); got != want {
			t.Errorf("%d off: got %s, want %s", off, got, want)
		}
	}
}

func TestEID(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.Uint64Range(0, 1e15).Draw(t, "number")
		off := rapid.Uint64Range(0, 96).Draw(t, "off")
		eid := eidText("89044", number, off)
		remainder := 0
		for _, digit := range eid {
			remainder = (remainder*10 + int(digit-'0')) % 97
		}
		if right := remainder == 1; len(eid) != 32 || right != (off == 0) {
			t.Errorf("%s leaves %d modulo 97, with the check digits %d off", eid, remainder, off)
		}
	})
}

func TestUUIDText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := uuidText(rapid.Uint64().Draw(t, "high"), rapid.Uint64().Draw(t, "low"))
		id, err := uuid.Parse(text)
		if err != nil || id.Version() != 4 || id.Variant() != uuid.RFC4122 || id.String() != text {
			t.Errorf("%s: %v, version %d", text, err, id.Version())
		}
	})
}

// TestKeysStayUnique looks where two records could become one: beside those that share the ICCID before them.
func TestKeysStayUnique(t *testing.T) {
	both := 0
	for i := range uint64(2_000_000) {
		const d = dice(42)
		if !sharesICCID(d, i) {
			continue
		}
		if d.oneIn(sharedSubsEvery, i, traitIDHigh) {
			both++
		}
		if madeICCID(d, i) == madeICCID(d, i-1) && madeSubscriberID(d, i) == madeSubscriberID(d, i-1) {
			t.Errorf("records %d and %d have one key", i-1, i)
		}
	}
	if both == 0 {
		t.Error("no record would share both identifiers: the test looks at nothing")
	}
}

func TestPITNames(t *testing.T) {
	lengths := map[int]bool{}
	rapid.Check(t, func(t *rapid.T) {
		d := dice(rapid.Uint64().Draw(t, "seed"))
		session, answer := rapid.Uint64Range(1, 1e9).Draw(t, "session"), rapid.Uint64Range(1, 1e6).Draw(t, "answer")
		name := pitName(d, session, answer)
		lengths[len(name)] = true
		if s, a, ok := readPITName(d, name); !ok || s != session || a != answer {
			t.Errorf("%s is read as %d, %d, %v, want %d, %d", name, s, a, ok, session, answer)
		}
		if _, _, ok := readPITName(d+1, name); ok {
			t.Errorf("%s is good for two simulators", name)
		}
	})
	if len(lengths) < 5 {
		t.Errorf("pitIds have %d lengths, want many", len(lengths))
	}
}

// FuzzReadPITName holds that no name opens a session but those that were given.
func FuzzReadPITName(f *testing.F) {
	f.Add("46ToAwMDaWR5BXV1aWQyKwZub2RlXzMAAAAAAAAAACoBYwADaWR4BXV1aWQxAgZub2RlXzEAAAAAAAAAAAEBYQ==")
	f.Add(pitName(1, 1, 1))
	f.Fuzz(func(t *testing.T, name string) {
		if session, answer, ok := readPITName(1, name); ok && name != pitName(1, session, answer) {
			t.Errorf("%q was taken for session %d, answer %d", name, session, answer)
		}
	})
}
