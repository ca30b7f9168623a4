package invitation

import (
	"context"
	"errors"
	"fmt"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/user"
)

// ByID finds an invitation; ErrUnknown.
func (s *Service) ByID(ctx context.Context, wanted ID) (Opened, error) {
	found, err := s.deps.Store.InvitationByID(ctx, wanted)
	if err != nil {
		return Opened{}, err
	}
	return s.open(ctx, found)
}

// Opened opens one that was found in the store, for whoever writes down what is held about who
// accepted it.
func (s *Service) Opened(ctx context.Context, found Invitation) (Opened, error) {
	return s.open(ctx, found)
}

// Page is a part of the invitations, the newest first.
type Page struct {
	Items []Opened
	Next  ID // where the next page goes on; zero when this was the last
}

// List gives a page of the tenant's invitations in a state (empty: any) and for an address
// (empty: any).
func (s *Service) List(ctx context.Context, status Status, identifier string, before ID, limit int) (Page, error) {
	filter := Filter{Status: status, Address: nil, Inviter: user.ID{}, Application: application.ID{}, Now: s.deps.Clock.Now()}
	if identifier != "" {
		var err error
		if filter.Address, err = s.fingerprintOf(ctx, identifier); err != nil {
			return Page{}, err
		}
	}
	return s.page(ctx, filter, before, limit)
}

func (s *Service) page(ctx context.Context, filter Filter, before ID, limit int) (Page, error) {
	limit = min(max(limit, 1), maxPage)
	found, err := s.deps.Store.Invitations(ctx, filter, before, limit+1)
	if err != nil {
		return Page{}, fmt.Errorf("list invitations: %w", err)
	}
	page := Page{Items: make([]Opened, min(len(found), limit)), Next: ID{}}
	for i := range page.Items {
		if page.Items[i], err = s.open(ctx, found[i]); err != nil {
			return Page{}, err
		}
	}
	if len(found) > limit {
		page.Next = found[limit-1].ID
	}
	return page, nil
}

// Now is where an invitation stands.
func (s *Service) Now(about Invitation) Status { return about.At(s.deps.Clock.Now()) }

// Send gives an invitation another token, and delivers it as before; the old one is worth
// nothing. ErrUnknown, ErrClosed, ErrExists, application.ErrNoLinkURI, code.ErrTooSoon, application.ErrUnknown,
// and what message.Prepare tells.
func (s *Service) Send(ctx context.Context, wanted ID) (Issued, error) {
	found, err := s.ByID(ctx, wanted)
	if err != nil {
		return Issued{}, err
	}
	now := s.deps.Clock.Now()
	switch wait := found.SentAt.Add(s.config.Resend).Sub(now); {
	case found.Status == Accepted || found.Status == Revoked:
		return Issued{}, ErrClosed
	case wait > 0 && found.Proves(): // who is shown the link has it already
		return Issued{}, code.ErrTooSoon.After(wait)
	}
	app, err := s.deps.Applications.ByID(ctx, found.Application)
	if err != nil {
		return Issued{}, err
	}
	was := found.Digest
	found.Status, found.SentAt = Pending, now
	return s.issue(ctx, app, found, EventSent, func(ctx context.Context, issued Invitation) error {
		return s.deps.Store.RenewInvitation(ctx, issued, was)
	})
}

// Revoke has an invitation be worth nothing any more; again, it changes nothing. ErrUnknown,
// ErrClosed.
func (s *Service) Revoke(ctx context.Context, wanted ID) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		found, err := s.deps.Store.InvitationByID(ctx, wanted)
		if err != nil {
			return err
		}
		if found.Status == Revoked {
			return nil
		}
		if err := s.deps.Store.RevokeInvitation(ctx, found.ID, s.deps.Clock.Now()); err != nil {
			return err
		}
		return s.record(ctx, EventRevoked, found, RevokedData{Application: found.Application.String()})
	})
}

// unlessGone has an invitation to an application that is no more be worth nothing.
func unlessGone(err error) error {
	if errors.Is(err, application.ErrUnknown) {
		return ErrInvalid.Because(err)
	}
	return err
}
