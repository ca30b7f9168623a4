package session

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// How a session that is used stays alive although its uses are written late.
//
// A session expires idle at its last use plus the limit. Every accepted use is
// noted here at once, in memory; the stored row follows when a twentieth of the
// limit has passed since it was last written, and not before. The last use before
// a pause is written too: what is noted stays noted until it is written. So:
//
//   - Nobody gets in late. The time noted is always that of a real use, accepted
//     while the session was valid; nothing is rounded up. A cached expiry that has
//     passed is no answer: the row is read, and what is noted here counts with it.
//   - Nobody is thrown out early. The row lags by at most two twentieths and one
//     flush, and that matters only near its expiry: a use that finds less than a
//     quarter of the limit left there is written at once.
//   - What is lost with a node that dies is at most that lag. A node that
//     stops in order writes everything first.
const (
	seenShare   = 20
	urgentShare = 4
	lastFlush   = 5 * time.Second

	// Whoever waits for an answer goes first: of the one who writes to SQLite this
	// takes a quarter, in pieces of some ten milliseconds.
	seenChunk = 256
	seenRest  = 3 // times as long as the write took
)

// use is the latest use of one session on this node, shared by whatever holds it.
type use struct {
	id       ID
	tenant   id.Tenant
	limit    time.Duration
	absolute int64 // all times in microseconds

	at     atomic.Int64 // the latest use
	until  atomic.Int64 // when it expires idle
	stored atomic.Int64 // the latest use that the row knows
	wrote  atomic.Int64 // when this node wrote it
	queued atomic.Bool
}

func newUse(tenant id.Tenant, session Session, limit time.Duration) *use {
	u := &use{id: session.ID, tenant: tenant, limit: limit, absolute: session.AbsoluteExpiresAt.UnixMicro()}
	u.at.Store(session.LastSeenAt.UnixMicro())
	u.stored.Store(session.LastSeenAt.UnixMicro())
	u.until.Store(min(session.IdleExpiresAt.UnixMicro(), u.absolute))
	return u
}

func (u *use) idleEnd(at int64) int64 { return min(at+u.limit.Microseconds(), u.absolute) }

func (u *use) due(now int64) bool {
	return now >= max(u.stored.Load(), u.wrote.Load())+u.limit.Microseconds()/seenShare || u.urgent(u.at.Load())
}

func (u *use) urgent(at int64) bool {
	return at >= u.stored.Load()+u.limit.Microseconds()-u.limit.Microseconds()/urgentShare
}

func raise(value *atomic.Int64, to int64) {
	for {
		old := value.Load()
		if to <= old || value.CompareAndSwap(old, to) {
			return
		}
	}
}

// seen holds uses until they are written.
type seen struct {
	store  Store
	clock  clock.Clock
	logger *slog.Logger
	every  time.Duration
	limit  int
	wake   chan struct{}
	lost   atomic.Uint64 // uses that found no room; the session's next use is noted again

	mu      sync.Mutex
	pending map[ID]*use
}

func newSeen(deps Deps, config Config) *seen {
	return &seen{
		store: deps.Store, clock: deps.Clock, logger: deps.Logger, every: config.SeenEvery, limit: config.SeenBuffer,
		wake: make(chan struct{}, 1), lost: atomic.Uint64{}, mu: sync.Mutex{}, pending: map[ID]*use{},
	}
}

// of is the use to go on with for a session as it was just read: the one that
// waits to be written, if there is one.
func (s *seen) of(tenant id.Tenant, session Session, limit time.Duration) *use {
	s.mu.Lock()
	u := s.pending[session.ID]
	s.mu.Unlock()
	if u == nil || u.tenant != tenant {
		return newUse(tenant, session, limit)
	}
	raise(&u.at, session.LastSeenAt.UnixMicro())
	raise(&u.stored, session.LastSeenAt.UnixMicro())
	raise(&u.until, min(session.IdleExpiresAt.UnixMicro(), u.absolute))
	return u
}

// touch notes a use; it locks only for the first since the last write.
func (s *seen) touch(u *use, now int64) {
	raise(&u.at, now)
	raise(&u.until, u.idleEnd(now))
	if u.queued.CompareAndSwap(false, true) {
		s.enqueue(u, now)
	}
}

func (s *seen) enqueue(u *use, now int64) {
	s.mu.Lock()
	other, count := s.pending[u.id], len(s.pending)
	switch {
	case other == nil && count >= s.limit:
		s.lost.Add(1)
		u.queued.Store(false)
	case other == nil:
		s.pending[u.id] = u
	case other != u: // a copy that was replaced while somebody held it
		raise(&other.at, u.at.Load())
		raise(&other.until, u.until.Load())
		u.queued.Store(false)
	}
	s.mu.Unlock()
	if count >= s.limit/2 || u.urgent(now) {
		s.wakeUp()
	}
}

func (s *seen) wakeUp() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run writes what is due until ctx ends, and then everything.
func (s *seen) run(ctx context.Context) {
	tick := time.NewTicker(s.every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			s.flushLast(ctx)
			return
		case <-tick.C:
		case <-s.wake:
		}
		s.flush(ctx, false)
	}
}

// flushLast writes all there is although ctx has ended.
func (s *seen) flushLast(ctx context.Context) {
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
	defer cancel()
	s.flush(last, true)
}

func (s *seen) flush(ctx context.Context, all bool) {
	uses, whole := s.take(all), clock.Started()
	for len(uses) > 0 {
		chunk, began := uses[:min(len(uses), seenChunk)], clock.Started()
		if err := s.write(ctx, chunk); err != nil {
			s.logger.WarnContext(ctx, "session: last uses will be written later", "sessions", len(uses), "error", err)
			s.giveBack(uses)
			return
		}
		if uses = uses[len(chunk):]; len(uses) > 0 && !all {
			s.rest(ctx, min(seenRest*began.Elapsed(), s.every-whole.Elapsed()))
		}
	}
}

// rest lets others write, unless it is late or new uses would soon find no room.
func (s *seen) rest(ctx context.Context, pause time.Duration) {
	s.mu.Lock()
	count := len(s.pending)
	s.mu.Unlock()
	if pause <= 0 || count >= s.limit-s.limit/4 {
		return
	}
	over := time.NewTimer(pause)
	defer over.Stop()
	select {
	case <-over.C:
	case <-ctx.Done():
	}
}

// take removes what is due, or all when asked or when the buffer is half full.
// A use is open for queueing again before its time is read, so none is missed.
func (s *seen) take(all bool) []*use {
	now := s.clock.Now().UnixMicro()
	s.mu.Lock()
	defer s.mu.Unlock()
	all = all || len(s.pending) >= s.limit/2
	var uses []*use
	for sessionID, u := range s.pending {
		if !all && !u.due(now) {
			continue
		}
		delete(s.pending, sessionID)
		u.queued.Store(false)
		uses = append(uses, u)
	}
	return uses
}

func (s *seen) write(ctx context.Context, uses []*use) error {
	rows := make([]Seen, 0, len(uses))
	for _, u := range uses {
		at := u.at.Load()
		rows = append(rows, Seen{ID: u.id, Tenant: u.tenant, At: fromMicro(at), IdleExpiresAt: fromMicro(u.idleEnd(at))})
	}
	now := s.clock.Now().UnixMicro()
	if err := s.store.MarkSeen(reqctx.WithEveryTenant(ctx), rows); err != nil {
		return err
	}
	for i, u := range uses {
		raise(&u.stored, rows[i].At.UnixMicro())
		raise(&u.wrote, now)
	}
	return nil
}

func (s *seen) giveBack(uses []*use) {
	for _, u := range uses {
		if u.queued.CompareAndSwap(false, true) {
			s.mu.Lock()
			if s.pending[u.id] == nil {
				s.pending[u.id] = u
			} else {
				u.queued.Store(false)
			}
			s.mu.Unlock()
		}
	}
}

func fromMicro(micro int64) time.Time { return time.UnixMicro(micro).UTC() }
