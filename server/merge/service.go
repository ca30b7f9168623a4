package merge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/platform/clock"
	"github.com/lintel-id/lintel/server/platform/tx"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/session"
	"github.com/lintel-id/lintel/server/user"
)

// Holder keeps everybody else from changing or erasing a user, until a unit of work is
// over.
type Holder interface {
	// HoldUser locks the user's row; user.ErrUnknown for who is deleted.
	HoldUser(ctx context.Context, person user.ID) error
}

// Passwords tells who has one.
type Passwords interface {
	// PasswordOf reads a user's credential; password.ErrNone when there is none.
	PasswordOf(ctx context.Context, person user.ID) (password.Credential, error)
}

// Passkeys tells who has which.
type Passkeys interface {
	// PasskeysOf lists a user's of every relying party, oldest first.
	PasskeysOf(ctx context.Context, person user.ID) ([]passkey.Passkey, error)
}

// Counter counts sessions.
type Counter interface {
	// CountSessions tells how many sessions of the user would end at a time, and in how many
	// of them somebody else acts in the user's name.
	CountSessions(ctx context.Context, person user.ID, at time.Time) (live, acted int, err error)
}

// Deps are what a Service needs.
type Deps struct {
	Users     *user.Service
	Merger    *user.Merger
	Roles     *role.Service
	Consents  *consent.Service
	Sessions  *session.Service
	Holder    Holder
	Passwords Passwords
	Passkeys  Passkeys
	Counter   Counter
	Held      []Held // everybody who holds something
	Tx        tx.Runner
	Clock     clock.Clock
}

// Service merges users.
type Service struct{ deps Deps }

// New makes a Service.
func New(deps Deps) (*Service, error) {
	if deps.Users == nil || deps.Merger == nil || deps.Roles == nil || deps.Consents == nil || deps.Sessions == nil ||
		deps.Holder == nil || deps.Passwords == nil || deps.Passkeys == nil || deps.Counter == nil || len(deps.Held) == 0 || deps.Tx == nil || deps.Clock == nil {
		return nil, errors.New("merge: a dependency is missing")
	}
	for _, one := range deps.Held {
		if one.Eraser == nil || one.Mover == nil {
			return nil, errors.New("merge: a room does not say what becomes of what it holds")
		}
	}
	return &Service{deps: deps}, nil
}

// Wanted is a merge that somebody asks for.
type Wanted struct {
	Target       user.ID // who stays
	Source       user.ID // who becomes part of them
	PreferSource bool    // where profiles or metadata say different things
}

// Preview tells what a merge would do now, and changes nothing. user.ErrUnknown, ErrItself,
// ErrSuspended, ErrDeletion, ErrOperator, ErrImpersonated, role.ErrScopeExceeded,
// role.ErrUserLimit, user.ErrIdentifierLimit.
func (s *Service) Preview(ctx context.Context, giver []role.Permission, wanted Wanted) (Plan, error) {
	current, err := s.deps.Users.Schema(ctx)
	if err != nil {
		return Plan{}, err
	}
	return s.plan(ctx, giver, wanted, current)
}

// Merge does what a preview has told, if that is still what there is to do (ErrChanged);
// what Preview refuses. seen is the tag of that preview.
func (s *Service) Merge(ctx context.Context, giver []role.Permission, wanted Wanted, seen string) (user.User, error) {
	current, err := s.deps.Users.Schema(ctx) // from memory, which a unit of work does not ask
	if err != nil {
		return user.User{}, err
	}
	var after user.User
	err = s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		if err := s.hold(ctx, wanted); err != nil {
			return err
		}
		plan, err := s.plan(ctx, giver, wanted, current)
		if err != nil {
			return err
		}
		if plan.Tag != seen {
			return ErrChanged
		}
		if err := s.apply(ctx, wanted, plan); err != nil {
			return err
		}
		after, err = s.deps.Users.ByID(ctx, wanted.Target)
		return err
	})
	if err != nil {
		return user.User{}, err
	}
	return after, nil
}

// hold locks both users, in one order everywhere, so that no two merges wait for each
// other, and then their roles.
func (s *Service) hold(ctx context.Context, wanted Wanted) error {
	first, second := wanted.Target, wanted.Source
	if a, b := first.Bytes(), second.Bytes(); bytes.Compare(a[:], b[:]) > 0 {
		first, second = second, first
	}
	for _, person := range []user.ID{first, second} {
		if err := s.deps.Holder.HoldUser(ctx, person); err != nil {
			return err
		}
	}
	return s.deps.Roles.HoldRoles(ctx, wanted.Target, wanted.Source)
}

func (s *Service) apply(ctx context.Context, wanted Wanted, plan Plan) error {
	if err := s.deps.Merger.Apply(ctx, plan.Users); err != nil {
		return err
	}
	if _, err := s.deps.Sessions.EndOthers(ctx, wanted.Source, session.ID{}, session.UserMerge); err != nil {
		return err
	}
	for _, one := range s.deps.Held {
		if err := one.Mover.MoveUser(ctx, wanted.Source, wanted.Target); err != nil {
			return fmt.Errorf("merge: %w", err)
		}
	}
	for _, one := range s.deps.Held {
		if err := one.Eraser.EraseUser(ctx, wanted.Source); err != nil {
			return fmt.Errorf("merge: %w", err)
		}
	}
	return s.deps.Merger.TellGone(ctx, plan.Users)
}

// found reads both users as they are.
func (s *Service) found(ctx context.Context, wanted Wanted, current *schema.Schema) (target, source user.User, reads *schema.Schema, err error) {
	if wanted.Target == wanted.Source {
		return target, source, nil, ErrItself
	}
	if target, err = s.deps.Users.ByID(ctx, wanted.Target); err != nil {
		return target, source, nil, err
	}
	if source, err = s.deps.Users.ByID(ctx, wanted.Source); err != nil {
		return target, source, nil, err
	}
	reads, err = s.deps.Merger.Schema(ctx, current, target, source)
	return target, source, reads, err
}
