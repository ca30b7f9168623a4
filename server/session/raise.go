package session

import (
	"context"
	"errors"
	"fmt"

	"github.com/lintel-id/lintel/server/assurance"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/platform/tx"
)

// amendTries bounds how often another change of the same session is given way to.
const amendTries = 8

// Raise adds proven facts to a session. It joins the caller's unit of work;
// ErrNone when the session is no longer valid, ErrImpersonated.
func (s *Service) Raise(ctx context.Context, sessionID ID, facts []assurance.Fact) (Session, error) {
	return s.amend(ctx, sessionID, facts)
}

// Refresh stores the session's use now, which moves its idle expiry as far as the
// absolute limit allows; the token stays what it is. ErrNone when the session is
// no longer valid, ErrImpersonated.
func (s *Service) Refresh(ctx context.Context, resolved Resolved) (Session, error) {
	return s.amend(ctx, resolved.Session.ID, nil)
}

func (s *Service) amend(ctx context.Context, sessionID ID, facts []assurance.Fact) (Session, error) {
	var amended Session
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		for range amendTries {
			next, err := s.next(ctx, sessionID, facts)
			if err != nil {
				return err
			}
			err = s.deps.Store.RaiseSession(ctx, next)
			if errors.Is(err, ErrChanged) {
				continue
			}
			if err != nil {
				return fmt.Errorf("raise session: %w", err)
			}
			next.Version++
			amended = next
			return s.amended(ctx, next, len(facts) > 0)
		}
		return ErrChanged
	})
	if err != nil {
		return Session{}, err
	}
	return amended, nil
}

// next is the session as it will be, from how it is stored now.
func (s *Service) next(ctx context.Context, sessionID ID, facts []assurance.Fact) (Session, error) {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return Session{}, err
	}
	current, err := s.deps.Store.SessionByID(ctx, sessionID)
	if errors.Is(err, ErrNone) {
		return Session{}, ErrNone
	}
	if err != nil {
		return Session{}, fmt.Errorf("read session: %w", err)
	}
	now := s.deps.Clock.Now()
	use, valid := s.valid(entryKey{tenant: tenant, digest: current.Session.Digest}, current, now)
	if !valid {
		return Session{}, ErrNone
	}
	if current.Session.Act != nil {
		return Session{}, ErrImpersonated
	}
	next := current.Session
	next.Facts = assurance.MergeAt(now, next.Facts, facts)
	next.LastSeenAt = now
	next.IdleExpiresAt = fromMicro(max(use.until.Load(), use.idleEnd(now.UnixMicro())))
	return next, nil
}

func (s *Service) amended(ctx context.Context, session Session, raised bool) error {
	tx.AfterCommit(ctx, func() { s.cache.dropSession(session.ID) })
	if !raised {
		return nil
	}
	proven := assurance.Of(session.Facts)
	return s.deps.Events.Record(ctx, event.Draft{
		Type: EventRaised, Subject: session.ID.String(),
		Data: Raised{UserID: session.UserID.String(), ACR: string(proven.ACR), AMR: proven.AMR}, Person: session.UserID.String(), Personal: nil,
	})
}
