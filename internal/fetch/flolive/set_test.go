package flolive

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSetIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Hashes that crowd into the same slots, and those that do not.
		hash := rapid.OneOf(rapid.Uint64Range(0, 50), rapid.Uint64(), rapid.Map(rapid.Uint64Range(0, 50), func(n uint64) uint64 { return n << 32 }))
		spread := rapid.Uint64().Draw(t, "spread")
		var s set
		model := map[uint64]bool{}
		for _, h := range rapid.SliceOf(hash).Draw(t, "hashes") {
			for i := range uint64(50) { // enough to make it grow
				h := h + i*spread
				if added := s.add(h); added == model[h] {
					t.Fatalf("%x: added %v, but was there %v", h, added, model[h])
				}
				model[h] = true
			}
		}
	})
}
