package user

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// Holds finds an identifier among the user's; false where they have none such.
func (u User) Holds(kind IdentifierType, lookup string) (Identifier, bool) {
	at := slices.IndexFunc(u.Identifiers, Identifier{Type: kind, Lookup: lookup}.sameAs)
	if at < 0 {
		return Identifier{}, false
	}
	return u.Identifiers[at], true
}

// HasProven tells whether the user has any identifier that they have proven.
func (u User) HasProven() bool {
	return slices.ContainsFunc(u.Identifiers, func(held Identifier) bool { return held.VerifiedAt != nil })
}

// ProvenBy tells whether somebody who reads what is sent to an address, as it was typed, proves
// to be the user: it is one that they have proven, or, where they have proven none, one that
// they only said was theirs. Whoever proves that one has a better right to the account than
// whoever made it. Two mailboxes may compare alike and be read by two people, so the case
// apart it has to be the same.
func (u User) ProvenBy(kind IdentifierType, lookup, typed string) bool {
	held, ok := u.Holds(kind, lookup)
	return ok && held.SameMailbox(typed) && (held.VerifiedAt != nil || !u.HasProven())
}

// SameMailbox tells whether an address that compares like this one, as it was typed, is read by
// the same person: of two that are folded alike, the ones as they are typed may not be.
func (i Identifier) SameMailbox(typed string) bool {
	if i.Type != Email {
		return true
	}
	left, right := strings.LastIndexByte(i.Value, '@'), strings.LastIndexByte(typed, '@')
	return left >= 0 && right >= 0 && strings.EqualFold(i.Value[:left], typed[:right])
}

// Since tells whether an identifier was added or proven at a time or later.
func (i Identifier) Since(at time.Time) bool {
	return !i.CreatedAt.Before(at) || i.VerifiedAt != nil && !i.VerifiedAt.Before(at)
}

// Prove notes that the user has proven an identifier, which is theirs from then on. Whoever
// had it without having proven it loses it, and is named, so that what they began with it
// can be ended. ErrIdentifierTaken where they had; ErrIdentifierLimit.
func (s *Service) Prove(ctx context.Context, owner ID, input IdentifierInput) (loser ID, err error) {
	proven, err := Normalise(input.Type, input.Value)
	if err != nil {
		return ID{}, err
	}
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if loser, err = s.release(ctx, owner, proven); err != nil {
			return err
		}
		_, err := s.amend(ctx, owner, nil, func(_ context.Context, user *User) (amendment, error) {
			return s.proves(user, proven)
		})
		return err
	})
	return loser, err
}

// Disown takes from the user every address that they never proved, but for the one that is
// kept: whoever gave them may have been somebody else.
func (s *Service) Disown(ctx context.Context, owner ID, kind IdentifierType, lookup string) error {
	user, err := s.ByID(ctx, owner)
	for _, held := range user.Identifiers {
		if err != nil || held.VerifiedAt != nil || held.Type == Username || held.sameAs(Identifier{Type: kind, Lookup: lookup}) {
			continue
		}
		_, err = s.RemoveIdentifier(ctx, owner, held.ID)
	}
	return err
}

// Release takes an identifier from whoever has it and has not proven it, since somebody else
// has, and names them; zero where it is nobody's. ErrIdentifierTaken where they have.
func (s *Service) Release(ctx context.Context, kind IdentifierType, lookup string) (ID, error) {
	return s.release(ctx, ID{}, Identifier{Type: kind, Lookup: lookup})
}

func (s *Service) release(ctx context.Context, owner ID, wanted Identifier) (ID, error) {
	holder, err := s.deps.Store.UserByIdentifier(ctx, wanted.Type, wanted.Lookup)
	if errors.Is(err, ErrUnknown) || err == nil && holder.ID == owner {
		return ID{}, nil
	}
	if err != nil {
		return ID{}, err
	}
	_, err = s.amend(ctx, holder.ID, nil, func(_ context.Context, user *User) (amendment, error) {
		at := slices.IndexFunc(user.Identifiers, wanted.sameAs)
		switch {
		case at < 0:
			return amendment{}, nil
		case user.Identifiers[at].VerifiedAt != nil:
			return amendment{}, ErrIdentifierTaken
		}
		return s.drops(user, at), nil
	})
	if err != nil {
		return ID{}, err
	}
	return holder.ID, nil
}

func (s *Service) proves(user *User, proven Identifier) (amendment, error) {
	held, ok := user.Holds(proven.Type, proven.Lookup)
	if !ok {
		now := s.deps.Clock.Now()
		proven.VerifiedAt = &now
		_, follows, err := s.adds(user, proven)
		return follows, err
	}
	verified := true
	changed, told := s.changes(user.ID, held, IdentifierChange{Primary: false, Verified: &verified})
	return amendment{
		told:  told,
		write: func(ctx context.Context) error { return s.deps.Store.UpdateIdentifier(ctx, user.ID, changed) },
	}, nil
}
