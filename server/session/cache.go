package session

import (
	"sync"
	"sync/atomic"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

const shardCount = 64

type entryKey struct {
	tenant id.Tenant
	digest secret.Digest
}

// entry is a cached session. All but its place in the list is never written again.
type entry struct {
	key      entryKey
	resolved Resolved
	use      *use

	newer, older *entry
}

// cache keeps the most recently used sessions that were valid when read. Its epoch
// moves with every drop: what was read before a drop and is put after it is not
// kept, or an ended session could come back. Locks are taken shard before index.
type cache struct {
	shards [shardCount]shard
	index  struct {
		sync.Mutex
		epoch atomic.Uint64
		keys  map[ID]entryKey
	}
}

type shard struct {
	sync.Mutex
	limit   int
	entries map[entryKey]*entry
	ends    entry // ends.older is the newest entry, ends.newer the oldest
}

func newCache(size int) *cache {
	c := &cache{}
	c.index.keys = map[ID]entryKey{}
	for i := range c.shards {
		s := &c.shards[i]
		s.limit, s.entries = max(1, size/shardCount), map[entryKey]*entry{}
		s.ends.newer, s.ends.older = &s.ends, &s.ends
	}
	return c
}

func (c *cache) shard(key entryKey) *shard { return &c.shards[key.digest[0]%shardCount] }

// epoch is read before the store is, and given back with put.
func (c *cache) epoch() uint64 { return c.index.epoch.Load() }

func (c *cache) get(key entryKey) *entry {
	s := c.shard(key)
	s.Lock()
	defer s.Unlock()
	e := s.entries[key]
	if e != nil && s.ends.older != e {
		s.unlink(e)
		s.link(e)
	}
	return e
}

func (c *cache) put(e *entry, epoch uint64) {
	s := c.shard(e.key)
	s.Lock()
	defer s.Unlock()
	var evicted *entry
	if s.entries[e.key] == nil && len(s.entries) >= s.limit {
		evicted = s.ends.newer
	}
	if !c.enter(e, evicted, epoch) {
		return
	}
	if evicted != nil {
		s.remove(evicted)
	}
	if old := s.entries[e.key]; old != nil {
		s.remove(old)
	}
	s.entries[e.key] = e
	s.link(e)
}

// enter notes in the index who comes and who goes, unless the epoch has moved.
// A drop that comes later finds the key and waits for the shard.
func (c *cache) enter(e, evicted *entry, epoch uint64) bool {
	c.index.Lock()
	defer c.index.Unlock()
	if c.index.epoch.Load() != epoch {
		return false
	}
	if evicted != nil {
		delete(c.index.keys, evicted.resolved.Session.ID)
	}
	c.index.keys[e.resolved.Session.ID] = e.key
	return true
}

func (c *cache) dropSession(sessionID ID) {
	c.index.Lock()
	c.index.epoch.Add(1)
	key, known := c.index.keys[sessionID]
	delete(c.index.keys, sessionID)
	c.index.Unlock()
	if !known {
		return
	}
	s := c.shard(key)
	s.Lock()
	defer s.Unlock()
	if e := s.entries[key]; e != nil {
		c.forget(s, e)
	}
}

// dropWhere looks at every entry; it serves what is rare: users and applications.
func (c *cache) dropWhere(hit func(*entry) bool) {
	c.index.Lock()
	c.index.epoch.Add(1)
	c.index.Unlock()
	for i := range c.shards {
		c.dropFrom(&c.shards[i], hit)
	}
}

func (c *cache) dropFrom(s *shard, hit func(*entry) bool) {
	s.Lock()
	defer s.Unlock()
	for _, e := range s.entries {
		if hit(e) {
			c.forget(s, e)
		}
	}
}

// forget removes an entry of a locked shard, and its key from the index.
func (c *cache) forget(s *shard, e *entry) {
	s.remove(e)
	c.index.Lock()
	defer c.index.Unlock()
	delete(c.index.keys, e.resolved.Session.ID)
}

// drop removes all sessions of the users and applications named.
func (c *cache) drop(users map[user.ID]bool, applications map[application.ID]bool) {
	c.dropWhere(func(e *entry) bool {
		return users[e.resolved.Session.UserID] || applications[e.resolved.Session.ApplicationID]
	})
}

func (c *cache) clear() { c.dropWhere(func(*entry) bool { return true }) }

func (c *cache) len() int {
	c.index.Lock()
	defer c.index.Unlock()
	return len(c.index.keys)
}

func (s *shard) remove(e *entry) {
	delete(s.entries, e.key)
	s.unlink(e)
}

func (s *shard) link(e *entry) {
	e.newer, e.older = &s.ends, s.ends.older
	e.older.newer, s.ends.older = e, e
}

func (s *shard) unlink(e *entry) {
	e.newer.older, e.older.newer = e.older, e.newer
	e.newer, e.older = nil, nil
}
