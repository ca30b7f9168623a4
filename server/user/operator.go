package user

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
)

// AddIdentifier gives a user one more identifier, as whoever manages the tenant says;
// adding one that they have changes nothing, and it tells whether they did not.
// ErrIdentifierInvalid, ErrIdentifierLimit, ErrIdentifierTaken, ErrGuest.
func (s *Service) AddIdentifier(ctx context.Context, owner ID, input IdentifierInput) (added Identifier, fresh bool, err error) {
	wanted, err := Normalise(input.Type, input.Value)
	if err != nil {
		return Identifier{}, false, Pointing(err, "/value")
	}
	wanted.VerifiedAt = input.VerifiedAt
	_, err = s.amend(ctx, owner, nil, func(_ context.Context, user *User) (follows amendment, err error) {
		added, follows, err = s.adds(user, wanted)
		fresh = len(follows.told) > 0
		return follows, err
	})
	return added, fresh, err
}

// RemoveIdentifier frees one of a user's identifiers for anybody. The oldest one left of
// its type takes the place of a primary one. ErrIdentifierUnknown, ErrIdentifierLast.
func (s *Service) RemoveIdentifier(ctx context.Context, owner ID, identifier IdentifierID) (removed Identifier, err error) {
	_, err = s.amend(ctx, owner, nil, func(_ context.Context, user *User) (amendment, error) {
		if at, err := user.identifier(identifier); err == nil {
			removed = user.Identifiers[at]
		}
		return s.removes(user, identifier)
	})
	return removed, err
}

// IdentifierChange is what to make different about an identifier.
type IdentifierChange struct {
	Primary  bool  // to be the first choice of its type; false: as it is
	Verified *bool // whether it counts as proven; nil: as it is
}

// ChangeIdentifier changes one of a user's identifiers, and gives the version that the
// user has then. A version that is given must be the stored one (ErrChanged). What
// changes nothing writes nothing. ErrIdentifierUnknown.
func (s *Service) ChangeIdentifier(ctx context.Context, owner ID, identifier IdentifierID, version *int64, change IdentifierChange) (Identifier, int64, error) {
	var changed Identifier
	after, err := s.amend(ctx, owner, version, func(_ context.Context, user *User) (amendment, error) {
		at, err := user.identifier(identifier)
		if err != nil {
			return amendment{}, err
		}
		var told []event.Draft
		changed, told = s.changes(user.ID, user.Identifiers[at], change)
		return amendment{
			told:  told,
			write: func(ctx context.Context) error { return s.deps.Store.UpdateIdentifier(ctx, owner, changed) },
		}, nil
	})
	return changed, after.Version, err
}

// changes is an identifier after a change, and what to tell of it.
func (s *Service) changes(owner ID, held Identifier, change IdentifierChange) (changed Identifier, told []event.Draft) {
	if change.Verified != nil && *change.Verified != (held.VerifiedAt != nil) {
		held.VerifiedAt = nil
		kind := EventIdentifierUnverified
		if *change.Verified {
			now := s.deps.Clock.Now()
			held.VerifiedAt, kind = &now, EventIdentifierVerified
		}
		told = append(told, identifierDraft(kind, owner, held))
	}
	if change.Primary && !held.Primary {
		held.Primary = true
		told = append(told, identifierDraft(EventIdentifierPrimaryChanged, owner, held))
	}
	return held, told
}

// Discard keeps a user out and has them erased after the grace period, whatever their
// status is; one that is to be erased sooner stays so.
func (s *Service) Discard(ctx context.Context, id ID, grace time.Duration) (User, error) {
	return s.apply(ctx, id, func(user *User) (event.Draft, bool, error) {
		at := s.deps.Clock.Now().Add(grace)
		if user.DeleteAt != nil && !at.Before(*user.DeleteAt) {
			return event.Draft{}, false, nil
		}
		return discard(user, at), true, nil
	})
}

func discard(user *User, at time.Time) event.Draft {
	if user.Status == Active {
		user.Status = DeletionScheduled
	}
	user.DeleteAt = &at
	return draft(EventDeletionScheduled, user.ID, DeletionData{DeleteAt: at})
}

// Restore takes back a deletion that is scheduled; without one it changes nothing.
func (s *Service) Restore(ctx context.Context, id ID) (User, error) {
	return s.apply(ctx, id, func(user *User) (event.Draft, bool, error) {
		if user.DeleteAt == nil || !s.deps.Clock.Now().Before(*user.DeleteAt) {
			return event.Draft{}, false, nil
		}
		if user.Status == DeletionScheduled {
			user.Status = Active
		}
		user.DeleteAt = nil
		return draft(EventDeletionCancelled, id, StatusData{}), true, nil
	})
}
