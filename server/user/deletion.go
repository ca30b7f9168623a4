package user

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
)

// ScheduleDeletion keeps a user out from now on and has them erased after the grace
// period; until then their identifiers stay theirs. ErrSuspended or ErrUnknown where
// the user is not active.
func (s *Service) ScheduleDeletion(ctx context.Context, id ID, grace time.Duration) (User, error) {
	return s.apply(ctx, id, func(user *User) (event.Draft, bool, error) {
		if err := user.RequireActive(); err != nil {
			return event.Draft{}, false, err
		}
		at := s.deps.Clock.Now().Add(grace)
		user.Status, user.DeleteAt = DeletionScheduled, &at
		return draft(EventDeletionScheduled, id, DeletionData{DeleteAt: at}), true, nil
	})
}

// CancelDeletion restores a user whose deletion is scheduled for exactly that time,
// and tells whether it did: what somebody has seen of one deletion undoes no other.
func (s *Service) CancelDeletion(ctx context.Context, id ID, deleteAt time.Time) (bool, error) {
	cancelled := false
	_, err := s.apply(ctx, id, func(user *User) (event.Draft, bool, error) {
		cancelled = user.Restorable(s.deps.Clock.Now()) && user.DeleteAt.Equal(deleteAt)
		if !cancelled {
			return event.Draft{}, false, nil
		}
		user.Status, user.DeleteAt = Active, nil
		return draft(EventDeletionCancelled, id, StatusData{}), true, nil
	})
	return cancelled && err == nil, err
}

// Restorable tells whether the user may still think better of their deletion.
func (u User) Restorable(now time.Time) bool {
	return u.Status == DeletionScheduled && u.DeleteAt != nil && now.Before(*u.DeleteAt)
}

// due tells whether the user is to be erased. A suspension stops no erasure, and an
// active user is never erased, whatever an older node has left in the row.
func (u User) due(now time.Time) bool {
	return (u.Status == DeletionScheduled || u.Status == Suspended) && u.DeleteAt != nil && !now.Before(*u.DeleteAt)
}

// Erase makes a tombstone of a user whose time has come, and tells whether it did:
// the id stays, so that it can be no other's, and nothing else. What other rooms hold
// about the user, and the identifiers, go in the same unit of work; see erasure.
func (s *Service) Erase(ctx context.Context, id ID) (bool, error) {
	erased := false
	_, err := s.apply(ctx, id, func(user *User) (event.Draft, bool, error) {
		if erased = user.due(s.deps.Clock.Now()); !erased {
			return event.Draft{}, false, nil
		}
		user.Status, user.Guest, user.Profile, user.DeleteAt = Deleted, false, json.RawMessage("{}"), nil
		user.PublicMetadata, user.PrivateMetadata = nil, nil
		return draft(EventDeleted, id, StatusData{}), true, nil
	})
	if errors.Is(err, ErrUnknown) { // another node was first
		return false, nil
	}
	return erased && err == nil, err
}

// Due is a user whose time has come.
type Due struct {
	Tenant   id.Tenant
	ID       ID
	DeleteAt time.Time
}
