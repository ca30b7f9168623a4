package session

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

// ImpersonateInput is what a session that somebody else is to use begins with.
type ImpersonateInput struct {
	UserID        user.ID
	ApplicationID application.ID
	Act           Act
	Device        Device
	Lifetime      time.Duration
	NotAfter      *time.Time // nil: Lifetime alone counts
}

// Impersonate makes a session in which somebody else acts in the user's name, and its
// token. It proves nothing, can be raised by nothing and ends when its time is over. It
// joins the caller's unit of work, which has written the user's row, and is no login.
// ErrNone when the user or the application may have no session.
func (s *Service) Impersonate(ctx context.Context, input ImpersonateInput) (Session, secret.Token, error) {
	token := secret.NewToken(TokenPrefix)
	var started Session
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		now := s.deps.Clock.Now()
		end := now.Add(input.Lifetime)
		if input.NotAfter != nil && input.NotAfter.Before(end) {
			end = *input.NotAfter
		}
		started = Session{
			ID: id.New[idKind](now), Digest: token.Digest(), UserID: input.UserID, ApplicationID: input.ApplicationID,
			Transport: Bearer, Facts: nil, Act: &input.Act, Device: input.Device.bounded(),
			CreatedAt: now, LastSeenAt: now, IdleExpiresAt: end, AbsoluteExpiresAt: end, EndedAt: nil, Version: 1,
		}
		return s.insert(ctx, started)
	})
	if err != nil {
		return Session{}, secret.Token{}, err
	}
	return started, token, nil
}
