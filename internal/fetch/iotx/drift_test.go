package iotx_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"testing"

	"simsync/internal/fetch"
	"simsync/internal/fetch/iotx"

	"pgregory.net/rapid"
)

// change is what happens to a list just before a request is answered.
type change struct {
	Leave  []int // places, as a share of the list in thousandths
	Append int
}

// liveList is a list that changes under its reader. It answers as the provider
// does, without any network.
type liveList struct {
	mu          sync.Mutex
	ids         []int
	next        int
	clamp       int
	changes     []change // one a request, in the order that they come in
	asked       int
	notFoundEnd bool
}

func newLiveList(size, clamp int, changes []change) *liveList {
	l := &liveList{clamp: clamp, changes: changes, next: size}
	for i := range size {
		l.ids = append(l.ids, i)
	}
	return l
}

func (l *liveList) RoundTrip(r *http.Request) (*http.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.asked < len(l.changes) {
		l.happen(l.changes[l.asked])
	}
	l.asked++
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	limit, _ := strconv.Atoi(r.URL.Query().Get("limit"))
	from := min(offset, len(l.ids))
	page := l.ids[from:min(from+limit, from+l.clamp, len(l.ids))]
	status := http.StatusOK
	if l.notFoundEnd && offset > 0 && len(page) == 0 {
		status = http.StatusNotFound
	}
	var body bytes.Buffer
	body.WriteString(`{"pagination":{"total":"?"},"content":[`)
	for i, id := range page {
		if i > 0 {
			body.WriteByte(',')
		}
		fmt.Fprintf(&body, `{"physicalId":"%d"}`, id)
	}
	body.WriteString(`]}`)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(&body), ContentLength: int64(body.Len()), Request: r}, nil
}

func (l *liveList) happen(c change) {
	for _, place := range c.Leave {
		if len(l.ids) > 0 {
			at := place * len(l.ids) / 1000
			l.ids = slices.Delete(slices.Clone(l.ids), at, at+1)
		}
	}
	for range c.Append {
		l.ids = append(l.ids, l.next)
		l.next++
	}
}

// throughout are those of the first size records that are still there.
func (l *liveList) throughout(size int) []string {
	var ids []string
	for _, id := range l.ids {
		if id < size {
			ids = append(ids, strconv.Itoa(id))
		}
	}
	slices.Sort(ids)
	return ids
}

func (l *liveList) client(t interface{ Fatal(...any) }, o iotx.Options) *iotx.Client {
	o.Client = fetch.Options{BaseURL: "http://api.iot-x.test", Token: "t", Transport: l}
	c, err := iotx.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A list whose records leave and come between any two requests: whoever was in it
// all the time was read, if the walk says that it is complete.
func TestCompleteWalkMissesNobodyWhoStayed(t *testing.T) {
	complete := 0
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(0, 400).Draw(t, "size")
		busy := rapid.IntRange(0, 4).Draw(t, "busy")
		changes := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) change {
			if rapid.IntRange(0, 4).Draw(t, "happens") >= busy {
				return change{}
			}
			return change{
				Leave:  rapid.SliceOfN(rapid.IntRange(0, 999), 0, 9).Draw(t, "leave"),
				Append: rapid.IntRange(0, 3).Draw(t, "append"),
			}
		}), 0, 60).Draw(t, "changes")
		l := newLiveList(size, rapid.SampledFrom([]int{2, 3, 7, 20, 100}).Draw(t, "clamp"), changes)
		l.notFoundEnd = rapid.Bool().Draw(t, "404 at the end")
		c := l.client(t, iotx.Options{
			PageSize:    rapid.SampledFrom([]int{2, 5, 10, 50, 100}).Draw(t, "page size"),
			Concurrency: rapid.IntRange(1, 6).Draw(t, "concurrency"),
			Overlap:     rapid.IntRange(1, 8).Draw(t, "overlap"),
		})
		got := walk(t.Context(), c)
		if got.err != nil {
			t.Fatal(got.err)
		}
		if !got.facts.Verdict.Complete() {
			return
		}
		complete++
		read := got.distinct()
		for _, id := range l.throughout(size) {
			if _, found := slices.BinarySearch(read, id); !found {
				t.Fatalf("the walk is complete, and record %s was not read", id)
			}
		}
		if len(read) != len(got.ids) || int64(len(read)) != got.facts.Distinct {
			t.Fatalf("%d records yielded, %d different, %d said to be", len(got.ids), len(read), got.facts.Distinct)
		}
	})
	if complete == 0 {
		t.Error("no walk was complete: nothing was tested")
	}
}

// A list that stands still is read whole, each record once, whatever the sizes.
func TestStillListIsReadOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(0, 600).Draw(t, "size")
		l := newLiveList(size, rapid.IntRange(2, 120).Draw(t, "clamp"), nil)
		c := l.client(t, iotx.Options{
			PageSize:    rapid.IntRange(2, 100).Draw(t, "page size"),
			Concurrency: rapid.IntRange(1, 8).Draw(t, "concurrency"),
			Overlap:     rapid.IntRange(1, 10).Draw(t, "overlap"),
		})
		got := walk(t.Context(), c)
		if got.err != nil || got.facts.Verdict != fetch.VerdictComplete {
			t.Fatalf("verdict %q, error %v", got.facts.Verdict, got.err)
		}
		if len(got.ids) != size || !slices.Equal(got.distinct(), l.throughout(size)) {
			t.Fatalf("%d records yielded of %d", len(got.ids), size)
		}
		if got.facts.Sessions != 1 || got.facts.Repeated != 0 {
			t.Fatalf("%d readings, %d repeated", got.facts.Sessions, got.facts.Repeated)
		}
	})
}

// Pages of one record cannot overlap: all is read, and nothing is proved.
func TestPagesOfOneRecordProveNothing(t *testing.T) {
	for size, want := range map[int]fetch.Verdict{0: fetch.VerdictComplete, 1: fetch.VerdictComplete, 30: fetch.VerdictDrift} {
		got := walk(t.Context(), newLiveList(size, 1, nil).client(t, iotx.Options{}))
		if got.err != nil || got.facts.Verdict != want || len(got.ids) != size {
			t.Errorf("%d records: verdict %q with %d read and error %v, want %q", size, got.facts.Verdict, len(got.ids), got.err, want)
		}
	}
}

// A lone record that stands twice in the list, always at the same places, costs
// one more reading and no completeness.
func TestRecordThatStandsTwice(t *testing.T) {
	l := newLiveList(300, 100, nil)
	l.ids[250] = 17
	got := walk(t.Context(), l.client(t, iotx.Options{}))
	if got.err != nil || got.facts.Verdict != fetch.VerdictComplete || got.facts.Sessions != 2 || got.facts.Distinct != 299 {
		t.Errorf("got %+v and error %v", got.facts, got.err)
	}
}

// The smallest lists, a record leaving at each request in turn: an empty page at
// the end proves nothing where the end has moved there only now.
func TestEndThatMovesAwayIsNoEnd(t *testing.T) {
	for size := range 8 {
		for at := range 8 {
			changes := make([]change, at+1)
			changes[at] = change{Leave: []int{0}}
			for pageSize := 2; pageSize <= 5; pageSize++ {
				l := newLiveList(size, 2, changes)
				got := walk(t.Context(), l.client(t, iotx.Options{PageSize: pageSize, Concurrency: 1, Overlap: 2}))
				if !got.facts.Verdict.Complete() {
					continue
				}
				for _, id := range l.throughout(size) {
					if _, found := slices.BinarySearch(got.distinct(), id); !found {
						t.Errorf("%d records, pages of %d, one leaving at request %d: complete, and record %s was not read", size, pageSize, at, id)
					}
				}
			}
		}
	}
}
