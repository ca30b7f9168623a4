package user

import (
	"context"
	"errors"

	"github.com/lintel-id/lintel/server/platform/event"
)

// attempts bounds how often a change is made again after somebody else was first.
const attempts = 8

// amendment is what follows from a change: what to tell of it, and what to write
// besides the user's own row. Nothing to tell means nothing has changed.
type amendment struct {
	told  []event.Draft
	write func(ctx context.Context) error
}

// amend reads a user, changes them and writes, all over again while somebody else
// is first, unless the caller demanded a version.
func (s *Service) amend(ctx context.Context, id ID, version *int64, alter func(ctx context.Context, user *User) (amendment, error)) (User, error) {
	for attempt := 1; ; attempt++ {
		user, err := s.try(ctx, id, version, alter)
		if err == nil || version != nil || attempt == attempts || !errors.Is(err, ErrChanged) {
			return user, err
		}
	}
}

// try writes the user's row first: its version keeps every other change of the same
// user out until the commit.
func (s *Service) try(ctx context.Context, id ID, version *int64, alter func(ctx context.Context, user *User) (amendment, error)) (User, error) {
	var user User
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		var err error
		if user, err = s.ByID(ctx, id); err != nil {
			return err
		}
		if version != nil && *version != user.Version {
			return ErrChanged
		}
		follows, err := alter(ctx, &user)
		if err != nil || len(follows.told) == 0 {
			return err
		}
		user.UpdatedAt = s.deps.Clock.Now()
		if err := s.deps.Store.UpdateUser(ctx, user); err != nil {
			return err
		}
		user.Version++
		if follows.write != nil {
			if err := follows.write(ctx); err != nil {
				return err
			}
		}
		for _, told := range follows.told {
			if err := s.deps.Events.Record(ctx, told); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return User{}, err
	}
	return user, nil
}
