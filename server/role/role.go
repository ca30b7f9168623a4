package role

import (
	"context"
	"time"

	"github.com/lintel-id/lintel/server/platform/id"
	"github.com/lintel-id/lintel/server/user"
)

type idKind struct{}

func (idKind) Prefix() string { return "rol" }

// ID names a role.
type ID = id.Of[idKind]

// Role is a set of permissions with a name.
type Role struct {
	ID          ID
	Key         string // what tokens call it; it never changes
	Name        string
	Description string
	Permissions []Permission // sorted
	BuiltIn     bool         // made by this program, and stored nowhere
	CreatedAt   time.Time    // zero for a built-in one, like the next
	UpdatedAt   time.Time
	Version     int64
}

// Assignment is a role that a user has in the whole tenant.
type Assignment struct {
	UserID     user.ID
	RoleID     ID
	AssignedAt time.Time
}

// Store keeps the roles of a tenant's own.
type Store interface {
	// InsertRole adds one; ErrKeyTaken.
	InsertRole(ctx context.Context, role Role) error
	// RoleByID finds one; ErrUnknown.
	RoleByID(ctx context.Context, id ID) (Role, error)
	// RoleByKey finds one; ErrUnknown.
	RoleByKey(ctx context.Context, key string) (Role, error)
	// RolesByID finds those that there are of some ids.
	RolesByID(ctx context.Context, ids []ID) ([]Role, error)
	// Roles lists roles by id, after the one that is given (zero: from the start).
	Roles(ctx context.Context, after ID, limit int) ([]Role, error)
	// CountRoles tells how many there are, up to a bound.
	CountRoles(ctx context.Context, bound int) (int, error)
	// UpdateRole replaces name, description and permissions where the stored version is
	// role.Version, and raises it; ErrChanged otherwise.
	UpdateRole(ctx context.Context, role Role) error
	// DeleteRole removes a role and takes it from everybody where the stored version is
	// that of role; ErrChanged otherwise.
	DeleteRole(ctx context.Context, role Role) error
}

// Assignments keeps who has which role.
type Assignments interface {
	// HoldUser keeps erasures of a user out until the unit of work ends; user.ErrUnknown
	// where one was first.
	HoldUser(ctx context.Context, id user.ID) error
	// HoldRole keeps changes of a stored role out until the unit of work ends; ErrUnknown
	// where it is gone.
	HoldRole(ctx context.Context, id ID) error
	// InsertAssignment adds one and tells whether it was missing. It follows both holds.
	InsertAssignment(ctx context.Context, assignment Assignment) (bool, error)
	// DeleteAssignment removes one and tells whether it was there.
	DeleteAssignment(ctx context.Context, person user.ID, role ID) (bool, error)
	// AssignmentOf finds one; ErrUnknown.
	AssignmentOf(ctx context.Context, person user.ID, role ID) (Assignment, error)
	// AssignmentsOfUser lists a user's by role, after the one that is given (zero: from the
	// start).
	AssignmentsOfUser(ctx context.Context, person user.ID, after ID, limit int) ([]Assignment, error)
	// AssignmentsOfRole lists a role's by user, after the one that is given (zero: from the
	// start).
	AssignmentsOfRole(ctx context.Context, role ID, after user.ID, limit int) ([]Assignment, error)
}
