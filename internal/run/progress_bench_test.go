package run

import "testing"

// BenchmarkProgress is what a walk pays for each page so that somebody may look: a lock
// and a few sums, beside a page's request and the transforming of its records.
func BenchmarkProgress(b *testing.B) {
	var p Progress
	m := p.begin(Phase{Task: TaskWalk}, func() int64 { return 0 })
	b.ReportAllocs()
	for b.Loop() {
		m.page(1, 100, 1_000_000)
		m.staged(1)
	}
}
