package user

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/schema"
)

// GivenProfile are claims, and who says them; none: the person.
type GivenProfile struct {
	Claims json.RawMessage
	By     schema.Writer
}

// Upgrade makes a guest a user like others, who keeps the id, is found by an identifier from
// now on, and whose profile takes what they gave. Of several at once one does; ErrUnknown for
// the others, as for whoever is no guest. ErrSuspended, ErrIdentifierTaken,
// schema.ErrProfileInvalid.
func (s *Service) Upgrade(ctx context.Context, id ID, input IdentifierInput, given GivenProfile) (User, error) {
	added, err := Normalise(input.Type, input.Value)
	if err != nil {
		return User{}, err
	}
	added.VerifiedAt = input.VerifiedAt
	current, err := s.deps.Schemas.Current(ctx)
	if err != nil {
		return User{}, err
	}
	return s.amend(ctx, id, nil, func(ctx context.Context, user *User) (amendment, error) {
		if err := user.RequireActive(); err != nil || !user.Guest {
			return amendment{}, orUnknown(err)
		}
		user.Guest = false
		_, follows, err := s.adds(user, added)
		if err != nil {
			return amendment{}, err
		}
		return s.upgraded(ctx, current, user, given, follows)
	})
}

func orUnknown(err error) error {
	if err == nil {
		return ErrUnknown
	}
	return err
}

// upgraded adds to what follows from the identifier what follows from the profile.
func (s *Service) upgraded(ctx context.Context, current *schema.Schema, user *User, given GivenProfile, follows amendment) (amendment, error) {
	current, err := s.reads(ctx, current, *user)
	if err != nil {
		return amendment{}, err
	}
	if user.Profile, _, err = current.MergePatch(user.Profile, given.Claims, cmp.Or(given.By, schema.Person)); err != nil {
		return amendment{}, err
	}
	user.SchemaVersion, user.IndexedSchema = current.Version(), current.Version()
	attributes, err := current.Attributes(user.Profile)
	if err != nil {
		return amendment{}, err
	}
	shown, err := current.Shown(user.Profile)
	if err != nil {
		return amendment{}, err
	}
	told := created(User{ID: user.ID, Identifiers: user.Identifiers, Profile: shown})
	told.Type, told.Data = EventUpgraded, UpgradedData{IdentifierTypes: told.Data.(CreatedData).IdentifierTypes}
	return amendment{told: []event.Draft{told}, write: func(ctx context.Context) error {
		if err := follows.write(ctx); err != nil {
			return err
		}
		return s.deps.Store.ReplaceAttributes(ctx, user.ID, attributes)
	}}, nil
}

// GuestSignedIn tells that whoever was a guest has signed in as another user, so that
// applications can bring together what they keep for both.
func (s *Service) GuestSignedIn(ctx context.Context, id, guest ID) error {
	return s.deps.Events.Record(ctx, draft(EventGuestSignedIn, id, GuestSignedInData{GuestUserID: guest}))
}

// DiscardGuest is Discard of a guest whom nobody can be any more, and tells whether it did;
// one who has registered meanwhile stays.
func (s *Service) DiscardGuest(ctx context.Context, id ID, grace time.Duration) (bool, error) {
	discarded := false
	_, err := s.apply(ctx, id, func(user *User) (event.Draft, bool, error) {
		if discarded = user.Guest && user.DeleteAt == nil; !discarded {
			return event.Draft{}, false, nil
		}
		return discard(user, s.deps.Clock.Now().Add(grace)), true, nil
	})
	return discarded && err == nil, err
}
