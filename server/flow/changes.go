package flow

import "sync"

// changes wakes those who wait for a flow in this process. A caller that has hung
// up cannot be told from one that waits, so each flow and each address has only so
// many places.
type changes struct {
	mu      sync.Mutex
	room    int
	sources map[string]int
	waiting map[ID]*waiters
}

type waiters struct {
	count   int
	changed chan struct{}
}

func newChanges(room int) *changes {
	return &changes{room: room, sources: map[string]int{}, waiting: map[ID]*waiters{}}
}

// join gives a channel that closes with the next change, and how to leave; false
// when too many wait already.
func (c *changes) join(id ID, source string) (<-chan struct{}, func(), bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w := c.waiting[id]
	if w == nil {
		w = &waiters{count: 0, changed: make(chan struct{})}
	}
	if c.room == 0 || c.sources[source] == maxPerAddress || w.count == maxPerFlow {
		return nil, nil, false
	}
	c.room--
	c.sources[source]++
	w.count++
	c.waiting[id] = w
	return w.changed, func() { c.leave(id, w, source) }, true
}

func (c *changes) leave(id ID, w *waiters, source string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.room++
	if c.sources[source]--; c.sources[source] == 0 {
		delete(c.sources, source)
	}
	if w.count--; w.count == 0 && c.waiting[id] == w {
		delete(c.waiting, id)
	}
}

func (c *changes) announce(id ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w := c.waiting[id]; w != nil {
		close(w.changed)
		delete(c.waiting, id)
	}
}
