package role

import "github.com/lintel-id/lintel/server/platform/event"

// The events of a role, whose subject is its id, and of its assignment, whose subject is
// the user.
var (
	EventCreated = event.Type{Name: "role.created", Version: 1}
	EventUpdated = event.Type{Name: "role.updated", Version: 1}
	EventDeleted = event.Type{Name: "role.deleted", Version: 1}

	EventAssigned   = event.Type{Name: "role.assigned", Version: 1}
	EventUnassigned = event.Type{Name: "role.unassigned", Version: 1}
)

// CreatedData is what a new role holds.
type CreatedData struct {
	Key         string       `json:"key"`
	Name        string       `json:"name"`
	Permissions []Permission `json:"permissions"`
}

// UpdatedData is what a role holds from now on, and which of its members changed: as they
// were, and as they are.
type UpdatedData struct {
	Key         string         `json:"key"`
	Name        string         `json:"name"`
	Permissions []Permission   `json:"permissions"`
	Fields      []string       `json:"fields"`
	Before      map[string]any `json:"before,omitempty"`
	After       map[string]any `json:"after,omitempty"`
}

// DeletedData names the role that is gone.
type DeletedData struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// AssignmentData names the role that somebody was given, or that was taken from them.
type AssignmentData struct {
	RoleID ID     `json:"role_id"`
	Key    string `json:"key"`
}
