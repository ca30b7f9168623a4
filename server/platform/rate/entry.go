package rate

import (
	"container/heap"
	"time"
)

// entry is one key: the moment its burst is whole again, since the limiter's start.
type entry struct {
	hash  uint64
	full  time.Duration
	index int
}

// within gives the entry's moment, not before now and not more than a window after it,
// which is as long as its limit can refuse it.
func (e *entry) within(now, window time.Duration) time.Duration {
	return min(max(e.full, now), now+window)
}

// entryHeap has the entry that recovers soonest in front.
type entryHeap []*entry

// Len counts the entries, for package heap as the four below.
func (h entryHeap) Len() int { return len(h) }

// Less orders by the moment of recovery.
func (h entryHeap) Less(i, j int) bool { return h[i].full < h[j].full }

// Swap keeps each entry's index right.
func (h entryHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push appends an entry.
func (h *entryHeap) Push(x any) {
	e, _ := x.(*entry)
	e.index = len(*h)
	*h = append(*h, e)
}

// Pop takes the last entry away.
func (h *entryHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	return last
}

func (s *shard) add(e *entry) {
	s.entries[e.hash] = e
	heap.Push(&s.heap, e)
}

func (s *shard) move(e *entry, full time.Duration) {
	e.full = full
	heap.Fix(&s.heap, e.index)
}

// sweep forgets up to limit keys that have recovered: they say the same as no key.
func (s *shard) sweep(now time.Duration, limit int) {
	for range limit {
		if len(s.heap) == 0 || s.heap[0].full > now {
			return
		}
		e, _ := heap.Pop(&s.heap).(*entry)
		delete(s.entries, e.hash)
	}
}
