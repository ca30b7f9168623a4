package invitation

import (
	"context"
	"errors"
	"time"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/secret"
	"github.com/lintel-id/lintel/server/user"
)

// Shown is what whoever has the link of an invitation is told.
type Shown struct {
	ClientID  string
	Inviter   string
	Channel   message.Channel
	To        string // little of it
	ExpiresAt time.Time
}

// Open tells whoever has a token what it is for. It spends nothing: a program that opens every
// link does no harm. ErrInvalid, whatever is wrong with it; risk.ErrTooMany.
func (s *Service) Open(ctx context.Context, token secret.Text) (Shown, error) {
	found, err := s.Bring(ctx, token)
	if err != nil {
		return Shown{}, err
	}
	app, err := s.deps.Applications.ByID(ctx, found.Application)
	if err != nil {
		return Shown{}, unlessGone(err)
	}
	channel, _ := code.ChannelOf(found.To.Type)
	return Shown{ClientID: app.ClientID, Inviter: found.Name, Channel: channel, To: found.To.Masked(), ExpiresAt: found.ExpiresAt}, nil
}

// Bring finds the invitation of a token that can be accepted; ErrInvalid, risk.ErrTooMany.
func (s *Service) Bring(ctx context.Context, text secret.Text) (Opened, error) {
	if err := s.deps.Guesses.Submission(ctx); err != nil {
		return Opened{}, err
	}
	token, ok := secret.ParseToken(tokenPrefix, text.Reveal())
	if !ok {
		return Opened{}, ErrInvalid
	}
	found, err := s.deps.Store.InvitationByDigest(ctx, token.Digest())
	if errors.Is(err, ErrUnknown) {
		return Opened{}, ErrInvalid
	}
	if err != nil {
		return Opened{}, err
	}
	if s.Now(found) != Pending {
		return Opened{}, ErrInvalid
	}
	return s.open(ctx, found)
}

// Accept notes within the unit of work in ctx who has accepted an invitation that they brought
// as it was then, at the application. ErrInvalid where it is not pending with that token any
// more: of two at once one accepts it.
func (s *Service) Accept(ctx context.Context, wanted ID, brought secret.Digest, at application.ID, by user.ID) error {
	if err := s.deps.Store.AcceptInvitation(ctx, wanted, brought, by, s.deps.Clock.Now()); err != nil {
		return err
	}
	return s.deps.Events.Record(ctx, event.Draft{
		Type: EventAccepted, Subject: wanted.String(), Data: AcceptedData{Application: at.String(), User: by.String()}, Person: by.String(), Personal: nil,
	})
}

// MoveUser makes another user's what a user has accepted and whom they have invited, as they
// are one from now on.
func (s *Service) MoveUser(ctx context.Context, from, to user.ID) error {
	return s.deps.Store.MoveInvitations(ctx, from, to)
}
