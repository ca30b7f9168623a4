package invitation

import (
	"context"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/platform/reqctx"
	"github.com/lintel-id/lintel/server/user"
)

// Mailboxes say which email addresses can be had; mailbox fills it in.
type Mailboxes interface {
	// Check judges an address as it is compared; user.ErrIdentifierInvalid at /identifier.
	Check(ctx context.Context, address string) error
}

// Own is an invitation that a signed-in user asks for.
type Own struct {
	By     user.ID
	At     application.ID
	Type   user.IdentifierType
	Value  string
	Locale string
}

// CreateOwn invites somebody in the name of a user, always by a message; whoever has the
// address, and whoever else has invited them, the answer is alike. ErrNotAllowed, ErrTooMany,
// and what Create tells, each of the user's own doing.
func (s *Service) CreateOwn(ctx context.Context, wanted Own) (Opened, error) {
	app, err := s.deps.Applications.ByID(ctx, wanted.At)
	if err != nil {
		return Opened{}, err
	}
	if !app.UsersInvite {
		return Opened{}, ErrNotAllowed
	}
	if err := s.count(ctx, wanted.By); err != nil {
		return Opened{}, err
	}
	if wanted.Type == user.Email {
		normal, err := user.Normalise(wanted.Type, wanted.Value)
		if err == nil {
			err = s.deps.Mailboxes.Check(ctx, normal.Lookup)
		}
		if err != nil {
			return Opened{}, user.Pointing(err, "/identifier/value")
		}
	}
	by, err := s.deps.Users.ByID(ctx, wanted.By)
	if err != nil {
		return Opened{}, err
	}
	shown, err := s.deps.Users.Own(ctx, by)
	if err != nil {
		return Opened{}, err
	}
	channel, _ := code.ChannelOf(wanted.Type)
	issued, err := s.create(ctx, app, inviter{User: by.ID, Name: nameOf(shown, channel, app.Name)}, Wanted{
		Type: wanted.Type, Value: wanted.Value, ClientID: app.ClientID, Locale: wanted.Locale, Profile: nil, Lifetime: 0, Delivery: ByMessage,
	})
	return issued.Opened, err
}

// count lets a user invite so many people in a while.
func (s *Service) count(ctx context.Context, by user.ID) error {
	tenant, err := reqctx.Tenant(ctx)
	if err != nil {
		return err
	}
	taken, err := s.deps.Limiter.Take(ctx, "invite|"+tenant.String()+"|"+by.String(), s.config.ByUser, 1)
	if err != nil {
		return err
	}
	if !taken.Allowed {
		return ErrTooMany.After(taken.RetryAfter)
	}
	return nil
}

// ListOwn gives a page of a user's invitations to an application, the newest first.
func (s *Service) ListOwn(ctx context.Context, by user.ID, at application.ID, before ID, limit int) (Page, error) {
	return s.page(ctx, Filter{Status: "", Address: nil, Inviter: by, Application: at, Now: s.deps.Clock.Now()}, before, limit)
}

// RevokeOwn has a user's invitation be worth nothing any more; again, it changes nothing.
// ErrUnknown where it is not theirs, ErrClosed.
func (s *Service) RevokeOwn(ctx context.Context, by user.ID, wanted ID) error {
	found, err := s.deps.Store.InvitationByID(ctx, wanted)
	if err != nil {
		return err
	}
	if found.Inviter != by {
		return ErrUnknown
	}
	return s.Revoke(ctx, wanted)
}
