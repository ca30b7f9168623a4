package role

import (
	"context"
	"slices"
	"strings"

	"github.com/lintel-id/lintel/server/platform/event"
)

// Change is what to make different about a role; a member that is nil stays.
type Change struct {
	Name        *string
	Description *string
	Permissions *[]Permission
}

// Update changes a role whose version is the one that is given: ErrChanged otherwise.
// Whoever gives a permission of this server's own must have it, and so must whoever
// changes a role that holds it. ErrBuiltIn.
func (s *Service) Update(ctx context.Context, giver []Permission, wanted ID, version int64, change Change) (Role, error) {
	var after Role
	err := s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		before, err := s.own(ctx, giver, wanted)
		if err != nil {
			return err
		}
		if before.Version != version {
			return ErrChanged
		}
		after = change.of(before)
		changes := differences(before, after)
		if len(changes.Fields) == 0 {
			return nil
		}
		if err := s.check(giver, after); err != nil {
			return err
		}
		after.UpdatedAt = s.deps.Clock.Now()
		if err := s.deps.Store.UpdateRole(ctx, after); err != nil {
			return err
		}
		after.Version++
		return s.record(ctx, EventUpdated, after, UpdatedData{
			Key: after.Key, Name: after.Name, Permissions: after.Permissions,
			Fields: changes.Fields, Before: changes.Before, After: changes.After,
		})
	})
	if err != nil {
		return Role{}, err
	}
	return after, nil
}

func (c Change) of(before Role) Role {
	after := before
	if c.Name != nil {
		after.Name = strings.TrimSpace(*c.Name)
	}
	if c.Description != nil {
		after.Description = strings.TrimSpace(*c.Description)
	}
	if c.Permissions != nil {
		after.Permissions = tidy(*c.Permissions)
	}
	return after
}

func differences(before, after Role) (changes event.Changes) {
	changes.Add("name", before.Name == after.Name, before.Name, after.Name)
	changes.Add("description", before.Description == after.Description, before.Description, after.Description)
	changes.Add("permissions", slices.Equal(before.Permissions, after.Permissions), before.Permissions, after.Permissions)
	return changes
}

// Delete removes a role and takes it from everybody who has it. ErrBuiltIn,
// ErrScopeExceeded.
func (s *Service) Delete(ctx context.Context, giver []Permission, wanted ID) error {
	return s.deps.Tx.Run(ctx, func(ctx context.Context) error {
		gone, err := s.own(ctx, giver, wanted)
		if err != nil {
			return err
		}
		if err := s.deps.Store.DeleteRole(ctx, gone); err != nil {
			return err
		}
		return s.record(ctx, EventDeleted, gone, DeletedData{Key: gone.Key, Name: gone.Name})
	})
}

// own is a role of the tenant's own, to be changed by somebody who may.
func (s *Service) own(ctx context.Context, giver []Permission, wanted ID) (Role, error) {
	found, err := s.ByID(ctx, wanted)
	switch {
	case err != nil:
		return Role{}, err
	case found.BuiltIn:
		return Role{}, ErrBuiltIn
	case !covers(giver, found.Permissions):
		return Role{}, ErrScopeExceeded
	}
	return found, nil
}
