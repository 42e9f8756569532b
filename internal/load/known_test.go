package load

import (
	"encoding/binary"
	"testing"

	"pgregory.net/rapid"

	"simsync/internal/transform"
)

// TestKnownIsAMap holds the index to a map, however many it was made for. Identities
// that fall on few slots try the probing.
func TestKnownIsAMap(t *testing.T) {
	t.Parallel()
	type entry struct {
		place int
		key   int64
	}
	rapid.Check(t, func(t *rapid.T) {
		k := newKnown(rapid.IntRange(0, 100).Draw(t, "made for"))
		spread := rapid.SampledFrom([]uint64{1, 16, 1 << 40}).Draw(t, "slots")
		model := make(map[transform.Identity]entry)
		for i := range rapid.IntRange(0, 300).Draw(t, "steps") {
			var id transform.Identity
			binary.LittleEndian.PutUint64(id[:8], rapid.Uint64Range(0, spread-1).Draw(t, "slot"))
			id[15] = rapid.Byte().Draw(t, "rest")
			place := k.find(id)
			want, found := model[id]
			switch {
			case found && (place != want.place || k.keys[place] != want.key || k.hashes[place] != transform.ContentHash(want.key)):
				t.Fatalf("found %d, want %+v", place, want)
			case !found && place != -1:
				t.Fatalf("found %d, though nobody added it", place)
			case !found:
				model[id] = entry{place: k.add(id, int64(i), transform.ContentHash(i), live), key: int64(i)}
			}
		}
		if k.len() != len(model) || k.with(live) != len(model) || k.with(staged) != 0 {
			t.Fatalf("%d places, %d live, %d staged; want %d", k.len(), k.with(live), k.with(staged), len(model))
		}
		for id, want := range model {
			if got := k.find(id); got != want.place {
				t.Fatalf("at the end found %d, want %d", got, want.place)
			}
		}
		if len(k.table)&(len(k.table)-1) != 0 || 4*k.len() > 3*len(k.table) {
			t.Fatalf("%d places in a table of %d", k.len(), len(k.table))
		}
	})
}

func TestPlacesAreASet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (places, map[int]bool) {
			var p places
			model := make(map[int]bool)
			for _, place := range rapid.SliceOf(rapid.IntRange(0, 1000)).Draw(t, name) {
				p.add(place)
				model[place] = true
			}
			return p, model
		}
		a, inA := draw("a")
		b, inB := draw("b")
		var both places
		both.union(a)
		both.union(b)
		n := int64(0)
		for place := range 1200 {
			if a.has(place) != inA[place] || both.has(place) != (inA[place] || inB[place]) {
				t.Fatalf("place %d: in a %v, in both %v", place, a.has(place), both.has(place))
			}
			if both.has(place) {
				n++
			}
		}
		if both.count() != n {
			t.Fatalf("count %d, want %d", both.count(), n)
		}
	})
}
