package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/platform/trace"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

// Resolve finds the valid session that a token proves. Whatever is wrong with it,
// the answer is the same ErrNone. What it returns is shared: read it, do not
// write into its slices.
func (s *Service) Resolve(ctx context.Context, token string) (Resolved, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return Resolved{}, err
	}
	parsed, ok := secret.ParseToken(TokenPrefix, token)
	if !ok {
		return Resolved{}, ErrNone
	}
	ctx, span := trace.Start(ctx, "session lookup", trace.Internal)
	resolved, cached, err := s.find(ctx, entryKey{tenant: tenant, digest: parsed.Digest()})
	span.Truth("lintel.session.cached", cached)
	span.End(err)
	return resolved, err
}

// find looks in the cache, where it may be believed, and then in the store.
func (s *Service) find(ctx context.Context, key entryKey) (found Resolved, cached bool, err error) {
	now := s.deps.Clock.Now()
	// What a unit of work sees is not true for others yet, so it is not kept.
	fresh := s.follower.fresh() && !tx.Active(ctx)
	if fresh {
		if e := s.cache.get(key); e != nil && now.UnixMicro() < e.use.until.Load() {
			return s.used(e, now), true, nil
		}
	}
	found, err = s.resolveFromStore(ctx, key, now, fresh)
	return found, false, err
}

// resolveFromStore is one read. What is found valid is kept, where the follower
// would notice its end and no end has come in between.
func (s *Service) resolveFromStore(ctx context.Context, key entryKey, now time.Time, keep bool) (Resolved, error) {
	epoch := s.cache.epoch()
	resolved, err := s.deps.Store.ResolveSession(ctx, key.digest)
	if errors.Is(err, ErrNone) {
		return Resolved{}, ErrNone
	}
	if err != nil {
		return Resolved{}, fmt.Errorf("resolve session: %w", err)
	}
	use, valid := s.valid(key, resolved, now)
	if !valid {
		return Resolved{}, ErrNone
	}
	e := &entry{key: key, resolved: resolved, use: use, newer: nil, older: nil}
	if keep {
		s.cache.put(e, epoch)
	}
	return s.used(e, now), nil
}

// used notes the use and shows the session as it is after it.
func (s *Service) used(e *entry, now time.Time) Resolved {
	s.seen.touch(e.use, now.UnixMicro())
	resolved := e.resolved
	resolved.Session.LastSeenAt = fromMicro(e.use.at.Load())
	resolved.Session.IdleExpiresAt = fromMicro(e.use.until.Load())
	return resolved
}

// valid tells whether a session as stored may be used now, counting the uses that
// this node has not written yet.
func (s *Service) valid(key entryKey, stored Resolved, now time.Time) (*use, bool) {
	limits, known := s.config.limits(stored.Session.Transport)
	if !known || stored.Session.EndedAt != nil || !allowed(stored) || !stored.Session.Digest.Equal(key.digest) {
		return nil, false
	}
	use := s.seen.of(key.tenant, stored.Session, limits.Idle)
	// until is never after the absolute limit.
	return use, now.UnixMicro() < use.until.Load()
}

// allowed tells whether user and application may have sessions at all.
func allowed(resolved Resolved) bool {
	return resolved.UserStatus == user.Active && resolved.ApplicationStatus == application.Active
}
