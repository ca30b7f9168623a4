package role

import (
	"context"
	"errors"
	"slices"

	"github.com/lintel-id/lintel/server/user"
)

// HoldRoles keeps changes of every stored role that any of some users has out until the
// unit of work ends, in one order everywhere. The users are held before.
func (s *Service) HoldRoles(ctx context.Context, people ...user.ID) error {
	var wanted []ID
	for _, person := range people {
		held, err := s.deps.Assignments.AssignmentsOfUser(ctx, person, ID{}, maxUserRoles)
		if err != nil {
			return err
		}
		for _, one := range held {
			if _, builtIn := s.builtInByID(one.RoleID); !builtIn {
				wanted = append(wanted, one.RoleID)
			}
		}
	}
	slices.SortFunc(wanted, func(a, b ID) int {
		if a == b {
			return 0
		} else if isAfter(a, b) {
			return 1
		}
		return -1
	})
	for _, one := range slices.Compact(wanted) {
		if err := s.deps.Assignments.HoldRole(ctx, one); err != nil && !errors.Is(err, ErrUnknown) {
			return err
		}
	}
	return nil
}

// Gained are the roles that a user would have besides their own when they got all of
// another's. Whoever gives them has to be able to: ErrScopeExceeded where the other user
// may more than the giver, or there is a role to be given and the giver gives none;
// ErrUserLimit.
func (s *Service) Gained(ctx context.Context, giver []Permission, from, to user.ID) ([]Role, error) {
	theirs, err := s.held(ctx, from)
	if err != nil {
		return nil, err
	}
	own, err := s.held(ctx, to)
	if err != nil {
		return nil, err
	}
	gained := []Role{}
	for _, one := range theirs {
		if !covers(giver, one.Role.Permissions) {
			return nil, ErrScopeExceeded
		}
		if !slices.ContainsFunc(own, func(other Held) bool { return other.RoleID == one.RoleID }) {
			gained = append(gained, one.Role)
		}
	}
	switch {
	case len(gained) > 0 && !Holds(giver, OfScope("roles:write")):
		return nil, ErrScopeExceeded
	case len(own)+len(gained) > maxUserRoles:
		return nil, ErrUserLimit
	}
	return gained, nil
}

// MoveUser gives a user the roles of another that they do not have. The caller has asked
// whether it may, and holds both users and the roles.
func (s *Service) MoveUser(ctx context.Context, from, to user.ID) error {
	theirs, err := s.held(ctx, from)
	if err != nil {
		return err
	}
	for _, one := range theirs {
		made, err := s.deps.Assignments.InsertAssignment(ctx, Assignment{UserID: to, RoleID: one.RoleID, AssignedAt: s.deps.Clock.Now()})
		if err != nil {
			return err
		}
		if !made {
			continue
		}
		if err := s.tell(ctx, EventAssigned, to, one.Role); err != nil {
			return err
		}
	}
	return nil
}
