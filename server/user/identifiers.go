package user

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/platform/id"
)

func (s *Service) adds(user *User, added Identifier) (Identifier, amendment, error) {
	if i := slices.IndexFunc(user.Identifiers, added.sameAs); i >= 0 {
		return user.Identifiers[i], amendment{}, nil
	}
	switch {
	case user.Guest: // nothing finds them until they register
		return Identifier{}, amendment{}, ErrGuest
	case s.Full(*user):
		return Identifier{}, amendment{}, ErrIdentifierLimit
	}
	now := s.deps.Clock.Now()
	added.ID, added.CreatedAt = id.New[identifierKind](now), now
	added.Primary = !slices.ContainsFunc(user.Identifiers, added.sameType)
	user.Identifiers = append(user.Identifiers, added)
	return added, amendment{
		told:  []event.Draft{identifierDraft(EventIdentifierAdded, user.ID, added)},
		write: func(ctx context.Context) error { return s.deps.Store.InsertIdentifier(ctx, user.ID, added) },
	}, nil
}

// Full tells whether a user has as many identifiers as one may have.
func (s *Service) Full(user User) bool { return len(user.Identifiers) >= s.config.MaxIdentifiers }

func (s *Service) removes(user *User, identifier IdentifierID) (amendment, error) {
	at, err := user.identifier(identifier)
	if err != nil {
		return amendment{}, err
	}
	if len(user.Identifiers) == 1 {
		return amendment{}, ErrIdentifierLast
	}
	return s.drops(user, at), nil
}

// drops takes away an identifier, the last one too.
func (s *Service) drops(user *User, at int) amendment {
	removed := user.Identifiers[at]
	user.Identifiers = slices.Delete(slices.Clone(user.Identifiers), at, at+1)
	told := []event.Draft{identifierDraft(EventIdentifierRemoved, user.ID, removed)}
	next := slices.IndexFunc(user.Identifiers, removed.sameType)
	if !removed.Primary || next < 0 {
		return amendment{told: told, write: func(ctx context.Context) error {
			return s.deps.Store.DeleteIdentifier(ctx, user.ID, removed)
		}}
	}
	promoted := user.Identifiers[next]
	promoted.Primary = true
	return amendment{
		told: append(told, identifierDraft(EventIdentifierPrimaryChanged, user.ID, promoted)),
		write: func(ctx context.Context) error {
			if err := s.deps.Store.DeleteIdentifier(ctx, user.ID, removed); err != nil {
				return err
			}
			return s.deps.Store.UpdateIdentifier(ctx, user.ID, promoted)
		},
	}
}

// IdentifierPage is a part of a user's identifiers, oldest first.
type IdentifierPage struct {
	Items []Identifier
	Next  IdentifierID // where the next page goes on; zero when this was the last
}

const maxPage = 100

// ListIdentifiers shows the user's identifiers, from after (zero: from the start).
func (s *Service) ListIdentifiers(ctx context.Context, owner ID, after IdentifierID, limit int) (IdentifierPage, error) {
	user, err := s.ByID(ctx, owner)
	if err != nil {
		return IdentifierPage{}, err
	}
	items := slices.DeleteFunc(slices.Clone(user.Identifiers), func(held Identifier) bool {
		return compareIDs(held.ID, after) <= 0
	})
	slices.SortFunc(items, func(a, b Identifier) int { return compareIDs(a.ID, b.ID) })
	limit = min(max(limit, 1), maxPage)
	if len(items) <= limit {
		return IdentifierPage{Items: items, Next: IdentifierID{}}, nil
	}
	return IdentifierPage{Items: items[:limit], Next: items[limit-1].ID}, nil
}

func compareIDs(a, b IdentifierID) int {
	left, right := a.Bytes(), b.Bytes()
	return bytes.Compare(left[:], right[:])
}

func (i Identifier) sameType(other Identifier) bool { return i.Type == other.Type }

func (i Identifier) sameAs(other Identifier) bool {
	return i.sameType(other) && i.Lookup == other.Lookup
}

func (u User) identifier(wanted IdentifierID) (int, error) {
	at := slices.IndexFunc(u.Identifiers, func(held Identifier) bool { return held.ID == wanted })
	if at < 0 {
		return 0, ErrIdentifierUnknown
	}
	return at, nil
}

// EarlierIdentifierID is the id of an identifier that was stored when identifiers
// had none. It is made of its place and time alone: an id outlives the person in
// events, and must not confirm what found them.
func EarlierIdentifierID(owner ID, ordinal int, created time.Time) IdentifierID {
	raw := owner.Bytes()
	return id.Derived[identifierKind](created, raw[:], binary.BigEndian.AppendUint64(nil, uint64(ordinal)))
}

// WithIdentifierIDs is a user as an older node has written it, read by this one.
func (u User) WithIdentifierIDs() User {
	u.Identifiers = slices.Clone(u.Identifiers)
	for i := range u.Identifiers {
		if u.Identifiers[i].ID.IsZero() {
			u.Identifiers[i].ID = EarlierIdentifierID(u.ID, i, u.Identifiers[i].CreatedAt)
		}
	}
	return u
}
