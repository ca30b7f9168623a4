package application

import "github.com/lintel-id/lintel/server/platform/event"

// The events of an application; the subject is its id.
var (
	EventCreated = event.Type{Name: "application.created", Version: 1}
	EventUpdated = event.Type{Name: "application.updated", Version: 1}
)

// CreatedData names the new application.
type CreatedData struct {
	ClientID string `json:"client_id"`
}

// UpdatedData names the settings that changed.
type UpdatedData struct {
	ClientID string   `json:"client_id"`
	Fields   []string `json:"fields"`
}
