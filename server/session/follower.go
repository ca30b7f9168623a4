package session

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
)

// followed are the events after which something cached may no longer be true.
// Users and applications tell theirs with their own id as the subject; an
// application is disabled by an update.
var followed = []string{
	EventEnded.Name, EventRaised.Name,
	"user.suspended", "user.deletion_scheduled", "user.deleted",
	"application.updated", "application.disabled", "application.deleted",
}

const (
	followBatch   = 1000
	followTimeout = 2 * time.Second
)

// follower drops from the cache what other nodes have ended. A look covers the
// committed events without a number first and then the numbered ones after the
// cursor, so that an event which gets its number in between is seen once at least.
// The cursor survives failures: what was cached before a gap is proven by reading
// all that happened in it.
type follower struct {
	log    event.Reader
	cache  *cache
	logger *slog.Logger
	every  time.Duration
	bypass time.Duration

	looked  atomic.Pointer[clock.Stopwatch] // runs since the start of the last successful look
	started bool
	cursor  int64
}

// fresh tells whether the cache may be believed; before the first look it may not,
// nor after a pause of the process or of the whole machine.
func (f *follower) fresh() bool {
	looked := f.looked.Load()
	return looked != nil && looked.Age() <= f.bypass
}

func (f *follower) run(ctx context.Context) {
	tick := time.NewTicker(f.every)
	defer tick.Stop()
	for {
		if err := f.look(ctx); err != nil && ctx.Err() == nil {
			f.logger.WarnContext(ctx, "session: the log cannot be followed, reading each session from the store", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (f *follower) look(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(reqctx.WithEveryTenant(ctx), followTimeout)
	defer cancel()
	watch := clock.Started()
	loose, err := f.log.UnsequencedEvents(ctx, followed, followBatch)
	if err != nil {
		return err
	}
	last, err := f.log.LastSequence(ctx)
	if err != nil {
		return err
	}
	if !f.started || last < f.cursor || len(loose) >= followBatch {
		// The first look; a log that was put back; more than can be told apart.
		f.cache.clear()
	}
	if !f.started || last < f.cursor {
		f.started, f.cursor = true, last
	}
	f.apply(loose)
	if err := f.catchUp(ctx); err != nil {
		return err
	}
	f.cursor = max(f.cursor, last)
	f.looked.Store(&watch)
	return nil
}

func (f *follower) catchUp(ctx context.Context) error {
	for {
		events, err := f.log.EventsAfter(ctx, f.cursor, followed, followBatch)
		if err != nil {
			return err
		}
		f.apply(events)
		if len(events) > 0 {
			f.cursor = events[len(events)-1].Seq
		}
		if len(events) < followBatch {
			return nil
		}
	}
}

// apply drops what the events name; seeing one twice does no harm.
func (f *follower) apply(events []event.Envelope) {
	users, applications := map[user.ID]bool{}, map[application.ID]bool{}
	for _, told := range events {
		if !slices.Contains(followed, told.Type) {
			continue
		}
		var sessionID ID
		var userID user.ID
		var applicationID application.ID
		switch {
		case read(&sessionID, told.Subject):
			f.cache.dropSession(sessionID)
		case read(&userID, told.Subject):
			users[userID] = true
		case read(&applicationID, told.Subject):
			applications[applicationID] = true
		default:
			f.logger.Error("session: an event names nothing that is known, dropping all that is cached", "event", told.ID.String())
			f.cache.clear()
		}
	}
	if len(users)+len(applications) > 0 {
		f.cache.drop(users, applications)
	}
}

func read[K id.Kind](into *id.Of[K], text string) bool {
	return into.UnmarshalText([]byte(text)) == nil
}
