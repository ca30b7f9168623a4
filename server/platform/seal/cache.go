package seal

import (
	"container/list"
	"sync"
	"time"
)

type cacheKey struct {
	tenant keyID
	user   string
}

type cacheEntry struct {
	key     cacheKey
	box     *Box
	expires time.Time
}

// boxCache keeps the most recently used boxes for a bounded time. Its epoch moves
// with every drop: a box read before a drop and put after it is not kept, or a
// destroyed key could come back.
type boxCache struct {
	mu      sync.Mutex
	size    int
	keepFor time.Duration
	epoch   uint64
	order   *list.List // front is most recent
	byKey   map[cacheKey]*list.Element
}

func newBoxCache(size int, keepFor time.Duration) *boxCache {
	return &boxCache{size: size, keepFor: keepFor, order: list.New(), byKey: map[cacheKey]*list.Element{}}
}

func (c *boxCache) now() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.epoch
}

func (c *boxCache) get(key cacheKey, at time.Time) (*Box, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	entry := entryOf(element)
	if !at.Before(entry.expires) {
		c.remove(element)
		return nil, false
	}
	c.order.MoveToFront(element)
	return entry.box, true
}

func (c *boxCache) put(key cacheKey, box *Box, epoch uint64, at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch != c.epoch {
		return
	}
	if element, ok := c.byKey[key]; ok {
		c.remove(element)
	}
	c.byKey[key] = c.order.PushFront(&cacheEntry{key: key, box: box, expires: at.Add(c.keepFor)})
	for c.order.Len() > c.size {
		c.remove(c.order.Back())
	}
}

func (c *boxCache) drop(key cacheKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	if element, ok := c.byKey[key]; ok {
		c.remove(element)
	}
}

func (c *boxCache) remove(element *list.Element) {
	delete(c.byKey, entryOf(element).key)
	c.order.Remove(element)
}

func entryOf(element *list.Element) *cacheEntry {
	entry, _ := element.Value.(*cacheEntry)
	return entry
}
