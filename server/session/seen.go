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

	// Whoever waits for an answer goes first: this takes a quarter of the time of the one
	// who writes to SQLite, in pieces that nobody has to wait long for.
	seenPiece = 256
	seenTakes = 20 * time.Millisecond
	seenRests = 3 // times as long as a piece took
	seenRound = 10_000
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

// flush writes what is due, piece by piece, and rests in between; at the end, when all
// there is has to be written, it does not.
func (s *seen) flush(ctx context.Context, all bool) {
	size := seenPiece
	for due := s.due(all); len(due) > 0; {
		piece, watch := due[:min(len(due), size)], clock.Started()
		due = due[len(piece):]
		s.take(piece)
		if err := s.write(ctx, piece); err != nil {
			s.logger.WarnContext(ctx, "session: last uses will be written later", "sessions", len(piece), "error", err)
			s.giveBack(piece)
			return
		}
		took := watch.Elapsed()
		switch {
		case took > seenTakes:
			size = max(size/2, 1)
		case took < seenTakes/2:
			size = min(size*2, seenPiece)
		}
		if !all && len(due) > 0 && !rest(ctx, seenRests*took) {
			return
		}
	}
}

func rest(ctx context.Context, pause time.Duration) bool {
	over := time.NewTimer(pause)
	defer over.Stop()
	select {
	case <-over.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// due are the uses to write now. When the buffer is half full those are among them that
// could wait: as many as make room.
func (s *seen) due(all bool) (uses []*use) {
	now := s.clock.Now().UnixMicro()
	s.mu.Lock()
	defer s.mu.Unlock()
	var early []*use
	tooMany := len(s.pending) - s.limit/2
	for _, u := range s.pending {
		switch {
		case all || u.due(now):
			uses = append(uses, u)
		case len(early) <= tooMany:
			early = append(early, u)
		}
	}
	uses = append(uses, early[:max(0, min(len(early), tooMany+1-len(uses)))]...)
	if all {
		return uses
	}
	return uses[:min(len(uses), seenRound)] // and then sees what has become urgent meanwhile
}

// take removes uses that are about to be written. Each is open for queueing again before
// its time is read, so none is missed.
func (s *seen) take(uses []*use) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range uses {
		delete(s.pending, u.id)
		u.queued.Store(false)
	}
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
