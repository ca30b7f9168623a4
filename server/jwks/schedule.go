package jwks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/platform/reqctx"
)

// lookEvery is how often the worker looks for what is due.
const lookEvery = 10 * time.Minute

// RunRotation rotates what is due and removes what has expired, until ctx ends.
func (s *Service) RunRotation(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := s.Tend(ctx); err != nil && ctx.Err() == nil {
			s.deps.Logger.WarnContext(ctx, "jwks: keys will be rotated later", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Tend does what is due now, over all tenants. Several nodes may do it at once: one
// of them writes, the others find it done. A tenant without keys waits for its first
// need.
func (s *Service) Tend(ctx context.Context) error {
	now := s.deps.Clock.Now()
	var begun time.Time // before all keys
	if s.config.RotateEvery > 0 {
		begun = now.Add(s.config.PublishAhead - s.config.RotateEvery)
	}
	tenants, err := s.deps.Store.TenantsDue(reqctx.WithEveryTenant(ctx), begun, now)
	if err != nil {
		return err
	}
	ctx = reqctx.WithActor(ctx, reqctx.Actor{Kind: reqctx.System})
	var failed error
	for _, due := range tenants { // one whose key does not open holds up no other
		if err := s.tend(reqctx.WithTenant(ctx, due), begun, now); err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", due, err))
		}
	}
	return failed
}

func (s *Service) tend(ctx context.Context, begun, now time.Time) error {
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error { return s.removeExpired(ctx, now) })
	if err != nil && !errors.Is(err, ErrChanged) { // then another node removes it
		return err
	}
	keys, err := s.deps.Store.Keys(ctx)
	if err != nil || len(keys) == 0 || keys[len(keys)-1].ActivatesAt.After(begun) {
		return err
	}
	_, err = s.Rotate(ctx)
	return err
}

func (s *Service) removeExpired(ctx context.Context, now time.Time) error {
	keys, err := s.deps.Store.Keys(ctx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if key.State(now) != Expired {
			continue
		}
		if err := s.remove(ctx, key, HasExpired); err != nil {
			return err
		}
	}
	return nil
}
