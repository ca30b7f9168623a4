package reclaim

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/user"
)

// Store changes a user and what finds them; each method is that of user.Store.
type Store interface {
	// UpdateUser is the guarded write that comes first; user.ErrChanged.
	UpdateUser(ctx context.Context, changed user.User) error
	// InsertIdentifier adds one; user.ErrIdentifierTaken.
	InsertIdentifier(ctx context.Context, owner user.ID, added user.Identifier) error
	// DeleteIdentifier frees one; user.ErrIdentifierUnknown.
	DeleteIdentifier(ctx context.Context, owner user.ID, removed user.Identifier) error
	// UpdateIdentifier replaces VerifiedAt and Primary; user.ErrIdentifierUnknown.
	UpdateIdentifier(ctx context.Context, owner user.ID, changed user.Identifier) error
}

// Deps are what a Service needs.
type Deps struct {
	Users  *user.Service
	Store  Store
	Tx     tx.Runner
	Events event.Recorder
	Clock  clock.Clock
}

// Service gives identifiers back.
type Service struct{ deps Deps }

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Users == nil || deps.Store == nil || deps.Tx == nil || deps.Events == nil || deps.Clock == nil {
		return nil, errors.New("reclaim: a dependency is missing")
	}
	return &Service{deps: deps}, nil
}

// Reclaim gives the user an identifier back that they had proven, as it was, and takes what was
// added or proven since a time, as that may have been done by whoever took it away; usernames
// prove nobody and stay. It is primary where it was, or where the one that is goes. Whoever
// has it without having proven it loses it and is named. The caller holds the user's row.
// user.ErrIdentifierTaken where somebody else has proven it.
func (s *Service) Reclaim(ctx context.Context, owner user.ID, back user.Identifier, since time.Time) (loser user.ID, err error) {
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		who, err := s.deps.Users.ByID(ctx, owner)
		if err != nil {
			return err
		}
		if _, again := who.Holds(back.Type, back.Lookup); !again {
			if loser, err = s.deps.Users.Release(ctx, back.Type, back.Lookup); err != nil {
				return err
			}
		}
		changed := decide(who, back, since)
		who.UpdatedAt = s.deps.Clock.Now()
		if err := s.deps.Store.UpdateUser(ctx, who); err != nil {
			return err
		}
		return s.write(ctx, who, changed)
	})
	return loser, err
}

// change is what becomes of a user's identifiers.
type change struct {
	back   user.Identifier
	gone   []user.Identifier
	raised []user.Identifier // those that are the first choice of their type from now on
}

// decide takes nothing but what may be somebody else's, and leaves each type a first choice. What
// only compares like the identifier that comes back is the intruder's, too: it has another age,
// and may be another mailbox.
func decide(who user.User, back user.Identifier, since time.Time) change {
	made := change{back: back, gone: nil, raised: nil}
	left := []user.Identifier{}
	for _, held := range who.Identifiers {
		same := held.Type == back.Type && held.Lookup == back.Lookup
		if same || held.Type != user.Username && held.Since(since) {
			made.gone = append(made.gone, held)
			continue
		}
		left = append(left, held)
	}
	primary := func(of user.IdentifierType) bool {
		return slices.ContainsFunc(left, func(held user.Identifier) bool { return held.Type == of && held.Primary })
	}
	made.back.Primary = back.Primary || !primary(back.Type)
	for _, one := range made.gone {
		first := slices.IndexFunc(left, func(held user.Identifier) bool { return held.Type == one.Type })
		if one.Primary && one.Type != back.Type && first >= 0 && !primary(one.Type) {
			left[first].Primary = true
			made.raised = append(made.raised, left[first])
		}
	}
	others := slices.ContainsFunc(left, func(held user.Identifier) bool { return held.Type == back.Type })
	if made.back.Primary && others {
		made.raised = append(made.raised, made.back)
	}
	return made
}

func (s *Service) write(ctx context.Context, who user.User, changed change) error {
	for _, one := range changed.gone {
		if err := s.deps.Store.DeleteIdentifier(ctx, who.ID, one); err != nil {
			return err
		}
		if err := s.tell(ctx, user.EventIdentifierRemoved, who.ID, one); err != nil {
			return err
		}
	}
	added := changed.back
	added.Primary = false // the one that is gives way first
	if err := s.deps.Store.InsertIdentifier(ctx, who.ID, added); err != nil {
		return fmt.Errorf("give identifier back: %w", err)
	}
	if err := s.tell(ctx, user.EventIdentifierAdded, who.ID, added); err != nil {
		return err
	}
	if err := s.deps.Store.UpdateIdentifier(ctx, who.ID, changed.back); err != nil {
		return err
	}
	for _, one := range changed.raised {
		if err := s.deps.Store.UpdateIdentifier(ctx, who.ID, one); err != nil {
			return err
		}
		if err := s.tell(ctx, user.EventIdentifierPrimaryChanged, who.ID, one); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tell(ctx context.Context, told event.Type, owner user.ID, about user.Identifier) error {
	return s.deps.Events.Record(ctx, event.Draft{
		Type: told, Subject: owner.String(), Person: owner.String(),
		Data:     user.IdentifierData{IdentifierID: about.ID, IdentifierType: about.Type},
		Personal: user.IdentifierPersonal{Value: about.Value},
	})
}
