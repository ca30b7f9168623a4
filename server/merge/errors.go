package merge

import (
	"github.com/lintel-id/lintel/server/platform/fault"
	"github.com/lintel-id/lintel/server/user"
)

// The faults of this room.
var (
	ErrItself       = fault.New(fault.Invalid, "merge_itself", "A user cannot be merged with themselves.")
	ErrSuspended    = fault.New(fault.Conflict, "merge_suspended", "One of both users is suspended.")
	ErrDeletion     = fault.New(fault.Conflict, "merge_deletion_scheduled", "One of both users is to be deleted.")
	ErrOperator     = fault.New(fault.Conflict, "merge_operator", "One of both users runs the tenant.")
	ErrImpersonated = fault.New(fault.Conflict, "merge_impersonated", "Somebody acts in the name of one of both users.")
	// ErrChanged means that one of them is not as in the preview any more.
	ErrChanged = user.ErrChanged
)
