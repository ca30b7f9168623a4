package role

import (
	"context"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/user"
)

// Held is a role that a user has.
type Held struct {
	Role Role
	Assignment
}

// Assign gives a user a role; giving one that they have changes nothing. Suspended users
// too: what they have counts once they are back. user.ErrUnknown, ErrUnknown,
// ErrScopeExceeded, ErrUserLimit.
func (s *Service) Assign(ctx context.Context, giver []Permission, person user.ID, wanted ID) (Held, error) {
	var held Held
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		found, err := s.hold(ctx, giver, person, wanted)
		if err != nil {
			return err
		}
		held = Held{Role: found, Assignment: Assignment{UserID: person, RoleID: wanted, AssignedAt: s.deps.Clock.Now()}}
		made, err := s.deps.Assignments.InsertAssignment(ctx, held.Assignment)
		if err != nil {
			return err
		}
		if !made {
			held.Assignment, err = s.deps.Assignments.AssignmentOf(ctx, person, wanted)
			return err
		}
		all, err := s.deps.Assignments.AssignmentsOfUser(ctx, person, ID{}, maxUserRoles+1)
		if err != nil {
			return err
		}
		if len(all) > maxUserRoles {
			return ErrUserLimit
		}
		return s.tell(ctx, EventAssigned, person, found)
	})
	if err != nil {
		return Held{}, err
	}
	return held, nil
}

// Unassign takes a role from a user; taking one that they do not have changes nothing.
// user.ErrUnknown, ErrUnknown, ErrScopeExceeded.
func (s *Service) Unassign(ctx context.Context, giver []Permission, person user.ID, wanted ID) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		found, err := s.hold(ctx, giver, person, wanted)
		if err != nil {
			return err
		}
		gone, err := s.deps.Assignments.DeleteAssignment(ctx, person, wanted)
		if err != nil || !gone {
			return err
		}
		return s.tell(ctx, EventUnassigned, person, found)
	})
}

// hold keeps the user and the role as they are until the unit of work ends, and gives the
// role, read after nobody else could change it, if it is the giver's to give.
func (s *Service) hold(ctx context.Context, giver []Permission, person user.ID, wanted ID) (Role, error) {
	if err := s.deps.Assignments.HoldUser(ctx, person); err != nil {
		return Role{}, err
	}
	found, builtIn := s.builtInByID(wanted)
	if !builtIn {
		if err := s.deps.Assignments.HoldRole(ctx, wanted); err != nil {
			return Role{}, err
		}
		var err error
		if found, err = s.deps.Store.RoleByID(ctx, wanted); err != nil {
			return Role{}, err
		}
	}
	if !covers(giver, found.Permissions) {
		return Role{}, ErrScopeExceeded
	}
	return found, nil
}

func (s *Service) tell(ctx context.Context, told event.Type, person user.ID, about Role) error {
	return s.deps.Events.Record(ctx, event.Draft{
		Type: told, Subject: person.String(), Person: person.String(), Data: AssignmentData{RoleID: about.ID, Key: about.Key},
	})
}

// HeldPage is a part of a user's roles.
type HeldPage struct {
	Items []Held
	Next  ID // where the next page goes on; zero when this was the last
}

// OfUser gives a page of what a user has, whatever their status; user.ErrUnknown.
func (s *Service) OfUser(ctx context.Context, person user.ID, after ID, limit int) (HeldPage, error) {
	if _, err := s.deps.Users.ByID(ctx, person); err != nil {
		return HeldPage{}, err
	}
	found, err := s.deps.Assignments.AssignmentsOfUser(ctx, person, after, limit+1)
	if err != nil {
		return HeldPage{}, err
	}
	var page HeldPage
	if len(found) > limit {
		found = found[:limit]
		page.Next = found[limit-1].RoleID
	}
	page.Items, err = s.resolve(ctx, found)
	return page, err
}

// resolve finds the roles of assignments. One that was deleted since they were read is
// left out.
func (s *Service) resolve(ctx context.Context, assignments []Assignment) ([]Held, error) {
	known := map[ID]Role{}
	var stored []ID
	for _, one := range assignments {
		if found, ok := s.builtInByID(one.RoleID); ok {
			known[one.RoleID] = found
			continue
		}
		stored = append(stored, one.RoleID)
	}
	if len(stored) > 0 {
		roles, err := s.deps.Store.RolesByID(ctx, stored)
		if err != nil {
			return nil, err
		}
		for _, one := range roles {
			known[one.ID] = one
		}
	}
	var held []Held
	for _, one := range assignments {
		if found, ok := known[one.RoleID]; ok {
			held = append(held, Held{Role: found, Assignment: one})
		}
	}
	return held, nil
}

// UserPage is a part of those who have a role.
type UserPage struct {
	Items []Assignment
	Next  user.ID // where the next page goes on; zero when this was the last
}

// Users gives a page of those who have a role, by id; ErrUnknown.
func (s *Service) Users(ctx context.Context, wanted ID, after user.ID, limit int) (UserPage, error) {
	if _, err := s.ByID(ctx, wanted); err != nil {
		return UserPage{}, err
	}
	found, err := s.deps.Assignments.AssignmentsOfRole(ctx, wanted, after, limit+1)
	if err != nil {
		return UserPage{}, err
	}
	page := UserPage{Items: found}
	if len(found) > limit {
		page.Items = found[:limit]
		page.Next = page.Items[limit-1].UserID
	}
	return page, nil
}
