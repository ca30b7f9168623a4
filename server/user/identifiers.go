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

// Limiter bounds how often one source may ask what only a look-up can answer; risk
// fills it in.
type Limiter interface {
	// Submission counts one answer from the address in ctx; a fault of kind TooMany
	// when there have been too many.
	Submission(ctx context.Context) error
}

// Mailboxes say which email addresses can be had; mailbox fills it in.
type Mailboxes interface {
	// Check judges an address as it is compared; ErrIdentifierInvalid at /identifier.
	Check(ctx context.Context, address string) error
}

// IdentifiersDeps are what Identifiers needs.
type IdentifiersDeps struct {
	Users     *Service
	Limiter   Limiter
	Mailboxes Mailboxes
}

// Identifiers is the use case of a signed-in user who changes what finds them. The
// caller has made sure that the authentication is fresh.
type Identifiers struct{ deps IdentifiersDeps }

// NewIdentifiers makes an Identifiers.
func NewIdentifiers(deps IdentifiersDeps) *Identifiers { return &Identifiers{deps: deps} }

// AddedIdentifier is an identifier that a user wants to be found by as well.
type AddedIdentifier struct {
	Type    IdentifierType // empty: whatever the text is meant to be
	Value   string         // as it was typed
	Allowed []IdentifierType
}

// Add gives the user one more identifier, which nothing has proven yet. A type that
// is not allowed is refused before anything is looked up, taken or free. Whoever has
// the identifier already keeps it, and adding it again changes nothing.
// ErrIdentifierInvalid, ErrIdentifierUnprovable, ErrIdentifierLimit, ErrIdentifierTaken.
func (s *Identifiers) Add(ctx context.Context, owner ID, wanted AddedIdentifier) (Identifier, error) {
	if err := s.deps.Limiter.Submission(ctx); err != nil {
		return Identifier{}, err
	}
	if wanted.Type == "" {
		wanted.Type = Detect(wanted.Value)
	}
	added, err := Normalise(wanted.Type, wanted.Value)
	if err != nil {
		return Identifier{}, moved(err, "/value")
	}
	if !slices.Contains(wanted.Allowed, added.Type) {
		return Identifier{}, ErrIdentifierUnprovable
	}
	if added.Type == Email {
		if err := s.deps.Mailboxes.Check(ctx, added.Lookup); err != nil {
			return Identifier{}, moved(err, "/value")
		}
	}
	return s.deps.Users.add(ctx, owner, added)
}

func (s *Service) add(ctx context.Context, owner ID, added Identifier) (Identifier, error) {
	_, err := s.amend(ctx, owner, nil, func(_ context.Context, user *User) (amendment, error) {
		var follows amendment
		var err error
		added, follows, err = s.adds(user, added)
		return follows, err
	})
	return added, err
}

func (s *Service) adds(user *User, added Identifier) (Identifier, amendment, error) {
	if i := slices.IndexFunc(user.Identifiers, added.sameAs); i >= 0 {
		return user.Identifiers[i], amendment{}, nil
	}
	if len(user.Identifiers) >= s.config.MaxIdentifiers {
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

// Remove is RemoveIdentifier by the user themselves.
func (s *Identifiers) Remove(ctx context.Context, owner ID, identifier IdentifierID) error {
	return s.deps.Users.RemoveIdentifier(ctx, owner, identifier)
}

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

// MakePrimary makes one of the user's identifiers the first choice of its type;
// making it so again changes nothing. ErrIdentifierUnknown.
func (s *Identifiers) MakePrimary(ctx context.Context, owner ID, identifier IdentifierID) (Identifier, error) {
	chosen, _, err := s.deps.Users.ChangeIdentifier(ctx, owner, identifier, nil, IdentifierChange{Primary: true, Verified: nil})
	return chosen, err
}

// IdentifierPage is a part of a user's identifiers, oldest first.
type IdentifierPage struct {
	Items []Identifier
	Next  IdentifierID // where the next page goes on; zero when this was the last
}

const maxPage = 100

// List shows the user's identifiers, from after (zero: from the start).
func (s *Identifiers) List(ctx context.Context, owner ID, after IdentifierID, limit int) (IdentifierPage, error) {
	user, err := s.deps.Users.ByID(ctx, owner)
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
