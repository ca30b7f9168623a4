package role

import (
	"context"
	"slices"

	"github.com/lintel-id/lintel/server/user"
)

// Grant is what roles come to together.
type Grant struct {
	Roles       []string     // their keys, sorted
	Permissions []Permission // sorted
}

// Can tells whether a permission is granted.
func (g Grant) Can(wanted Permission) bool { return Holds(g.Permissions, wanted) }

// Effective is what a user can do now, and whether they may sign in at all; who may not
// can nothing. user.ErrUnknown.
func (s *Service) Effective(ctx context.Context, person user.ID) (Grant, bool, error) {
	found, err := s.deps.Users.ByID(ctx, person)
	if err != nil {
		return Grant{}, false, err
	}
	if found.Status != user.Active {
		return Grant{}, false, nil
	}
	granted, err := s.Granted(ctx, person)
	return granted, true, err
}

// Granted is what a user's roles come to, for whoever knows already that the user is
// active.
func (s *Service) Granted(ctx context.Context, person user.ID) (Grant, error) {
	held, err := s.held(ctx, person)
	if err != nil {
		return Grant{}, err
	}
	var granted Grant
	for _, one := range held {
		granted.Roles = append(granted.Roles, one.Role.Key)
		granted.Permissions = append(granted.Permissions, one.Role.Permissions...)
	}
	slices.Sort(granted.Roles)
	granted.Permissions = tidy(granted.Permissions)
	return granted, nil
}

// IsOperator tells whether a user has a built-in role, or one that holds a permission of
// this server's own, whatever the user's status.
func (s *Service) IsOperator(ctx context.Context, person user.ID) (bool, error) {
	held, err := s.held(ctx, person)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(held, func(one Held) bool {
		return one.Role.BuiltIn || slices.ContainsFunc(one.Role.Permissions, Permission.Reserved)
	}), nil
}

// MayChange refuses a giver who would change a user that may more than they do themselves:
// whoever sets a password has what its owner has. ErrScopeExceeded.
func (s *Service) MayChange(ctx context.Context, giver []Permission, person user.ID) error {
	granted, err := s.Granted(ctx, person)
	if err != nil {
		return err
	}
	if !covers(giver, granted.Permissions) {
		return ErrScopeExceeded
	}
	return nil
}

func (s *Service) held(ctx context.Context, person user.ID) ([]Held, error) {
	found, err := s.deps.Assignments.AssignmentsOfUser(ctx, person, ID{}, maxUserRoles)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return s.resolve(ctx, found)
}
