package password

import "github.com/lintel-id/lintel/server/platform/event"

// The events of this room; the subject is the user. A rehash is none: nothing
// changed that a person would know of.
var (
	EventSet     = event.Type{Name: "password.set", Version: 1}
	EventChanged = event.Type{Name: "password.changed", Version: 1}
	EventExpired = event.Type{Name: "password.expired", Version: 1}
	EventRemoved = event.Type{Name: "password.removed", Version: 1}
)

// Changed is the data of all of them.
type Changed struct {
	UserID string `json:"user_id"`
}
