package load_test

import (
	"fmt"
	"testing"

	"simsync/internal/transform"
)

// benchFleet is how many subscribers the benchmarks load.
const benchFleet = 100_000

// benchPage is how many records are staged at a time.
const benchPage = 10_000

func benchSync(b *testing.B, f *fleet, day int, rows []transform.Row) {
	b.Helper()
	n := f.night(day, "bench")
	w := n.walk("all")
	for len(rows) > 0 {
		page := min(benchPage, len(rows))
		w.add(rows[:page]...)
		rows = rows[page:]
	}
	n.promote()
}

// BenchmarkPromote measures a whole session (known, stage, promote), without fetch
// and transform.
func BenchmarkPromote(b *testing.B) {
	for name, make := range map[string]func(int, ...func(*transform.Row)) transform.Row{"flolive": sim, "iotx": observedThing} {
		rows := fleetOf(0, benchFleet-1, make)
		b.Run(name+"/first", func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				f := newFleet(b)
				b.StartTimer()
				benchSync(b, f, 1, rows)
			}
		})
		f := newFleet(b)
		benchSync(b, f, 1, rows)
		b.Run(name+"/unchanged", func(b *testing.B) {
			for range b.N {
				benchSync(b, f, 1, rows)
			}
		})
		day := 1
		// One in a hundred changes, one in two hundred is gone and those of the night
		// before are back.
		b.Run(name+"/delta", func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				day++
				delta := append([]transform.Row(nil), rows...)
				for i := 0; i < benchFleet; i += 100 {
					delta[i] = make(i, nickname(fmt.Sprint(day)))
				}
				kept := delta[:0]
				for i, row := range delta {
					if i%200 != 1+day%2 {
						kept = append(kept, row)
					}
				}
				b.StartTimer()
				benchSync(b, f, day, kept)
			}
		})
		b.Run(name+"/all changed", func(b *testing.B) {
			for range b.N {
				b.StopTimer()
				day++
				changed := fleetOf(0, benchFleet-1, func(i int, edits ...func(*transform.Row)) transform.Row {
					return make(i, append(edits, nickname(fmt.Sprint(day)))...)
				})
				b.StartTimer()
				benchSync(b, f, day, changed)
			}
		})
	}
}

func observedThing(i int, edits ...func(*transform.Row)) transform.Row {
	return thing(i, append(edits, observed(int64(i), at(1, 1)))...)
}
