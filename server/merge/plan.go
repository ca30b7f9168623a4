package merge

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/lintel-id/lintel/server/consent"
	"github.com/lintel-id/lintel/server/passkey"
	"github.com/lintel-id/lintel/server/password"
	"github.com/lintel-id/lintel/server/role"
	"github.com/lintel-id/lintel/server/schema"
	"github.com/lintel-id/lintel/server/user"
)

// Plan is what a merge does.
type Plan struct {
	Users           user.Merged
	Roles           []role.Role // that the target gets
	Consents        int         // that the target gets
	ConsentsAlike   int         // that the target has given as well
	Sessions        int         // of the source, which end
	PasswordStays   bool        // the target has one
	PasswordDropped bool        // the source has one, which nobody has any more
	PasskeysDropped int         // of the source: authenticators show them as who is gone

	// Tag names the plan and all that it was made of: it is another one when anything of
	// either user has changed.
	Tag string
}

// state is what a plan was made of, besides its own members.
type state struct {
	Wanted           Wanted
	Versions         [2]int64
	Schema           int
	LastLogins       [2]*time.Time
	Passwords        [2]int64
	Passkeys         [2][]passkey.ID
	Consents         [2][]consent.ID
	Roles            [2][]string
	Gained           []int64
	Sessions         int
	IdentifiersMoved []user.IdentifierID
}

// plan is what there is to do now. The target's password stays, and the source's moves to
// nobody: whoever knows it has proven to be the source, not the target.
func (s *Service) plan(ctx context.Context, giver []role.Permission, wanted Wanted, current *schema.Schema) (Plan, error) {
	target, source, current, err := s.found(ctx, wanted, current)
	if err != nil {
		return Plan{}, err
	}
	made := state{
		Wanted: wanted, Versions: [2]int64{target.Version, source.Version}, Schema: current.Version(),
		LastLogins: [2]*time.Time{target.LastLoginAt, source.LastLoginAt},
	}
	var plan Plan
	if plan.Roles, err = s.deps.Roles.Gained(ctx, giver, source.ID, target.ID); err != nil {
		return Plan{}, err
	}
	for _, one := range plan.Roles {
		made.Gained = append(made.Gained, one.Version)
	}
	if err := s.mayMerge(ctx, target, source); err != nil {
		return Plan{}, err
	}
	if plan.Users, err = s.deps.Merger.Plan(current, target, source, wanted.PreferSource); err != nil {
		return Plan{}, err
	}
	for _, one := range plan.Users.Moved {
		made.IdentifiersMoved = append(made.IdentifiersMoved, one.ID)
	}
	if err := s.weigh(ctx, &plan, &made); err != nil {
		return Plan{}, err
	}
	plan.Tag, err = made.tag()
	return plan, err
}

// weigh counts what other rooms hold.
func (s *Service) weigh(ctx context.Context, plan *Plan, made *state) error {
	has := [2]bool{}
	given := [2][]consent.Consent{}
	for i, person := range [2]user.ID{plan.Users.Target.ID, plan.Users.Source.ID} {
		credential, err := s.deps.Passwords.PasswordOf(ctx, person)
		if err != nil && !errors.Is(err, password.ErrNone) {
			return fmt.Errorf("merge: password: %w", err)
		}
		has[i], made.Passwords[i] = err == nil, credential.Version
		if given[i], err = s.deps.Consents.List(ctx, person); err != nil {
			return fmt.Errorf("merge: consents: %w", err)
		}
		granted, err := s.deps.Roles.Granted(ctx, person)
		if err != nil {
			return fmt.Errorf("merge: roles: %w", err)
		}
		made.Roles[i] = granted.Roles
		held, err := s.deps.Passkeys.PasskeysOf(ctx, person)
		if err != nil {
			return fmt.Errorf("merge: passkeys: %w", err)
		}
		for _, one := range held {
			made.Passkeys[i] = append(made.Passkeys[i], one.ID)
		}
		for _, one := range given[i] {
			made.Consents[i] = append(made.Consents[i], one.ID)
		}
	}
	plan.PasswordStays, plan.PasswordDropped, plan.PasskeysDropped = has[0], has[1], len(made.Passkeys[1])
	plan.Consents, plan.ConsentsAlike = distinct(given[0], given[1])
	var err error
	plan.Sessions, _, err = s.deps.Counter.CountSessions(ctx, plan.Users.Source.ID, s.deps.Clock.Now())
	made.Sessions = plan.Sessions
	return err
}

// distinct counts what somebody has agreed to that another has not, and what both have.
func distinct(own, theirs []consent.Consent) (fresh, alike int) {
	type what struct{ app, subject, version string }
	key := func(of consent.Consent) what {
		return what{of.ApplicationID.String(), string(of.Subject), of.Version}
	}
	known := map[what]bool{}
	for _, one := range own {
		known[key(one)] = true
	}
	for _, one := range theirs {
		if known[key(one)] {
			alike++
		} else {
			fresh++
		}
	}
	return fresh, alike
}

// mayMerge refuses who is not to be merged with anybody. Whoever runs the tenant would hand
// on what they may, or somebody's way in; a suspended person would get in as the other
// user; and whoever acts in somebody's name would be in the middle of another account.
func (s *Service) mayMerge(ctx context.Context, both ...user.User) error {
	for _, one := range both {
		operator, err := s.deps.Roles.IsOperator(ctx, one.ID)
		if err != nil {
			return err
		}
		if operator {
			return ErrOperator
		}
		switch {
		case one.Status == user.Suspended:
			return ErrSuspended
		case one.Status == user.DeletionScheduled, one.Status == user.Active && one.DeleteAt != nil:
			return ErrDeletion
		}
		if err := one.RequireActive(); err != nil {
			return err
		}
		_, acted, err := s.deps.Counter.CountSessions(ctx, one.ID, s.deps.Clock.Now())
		if err != nil {
			return err
		}
		if acted > 0 {
			return ErrImpersonated
		}
	}
	return nil
}

// tag is a number, as all tags are.
func (made state) tag() (string, error) {
	text, err := json.Marshal(made)
	if err != nil {
		return "", fmt.Errorf("merge: tag: %w", err)
	}
	digest := sha256.Sum256(text)
	return new(big.Int).SetBytes(digest[:16]).String(), nil
}
