package apikey

import "github.com/lintel-id/lintel/server/platform/event"

// The events of a key; the subject is its id. None holds a secret, or a digest of one.
var (
	EventCreated = event.Type{Name: "apikey.created", Version: 1}
	EventUpdated = event.Type{Name: "apikey.updated", Version: 1}
	EventRotated = event.Type{Name: "apikey.rotated", Version: 1}
	EventDeleted = event.Type{Name: "apikey.deleted", Version: 1}
)

// CreatedData is what a new key may do.
type CreatedData struct {
	Name   string  `json:"name"`
	Scopes []Scope `json:"scopes"`
}

// UpdatedData is what a key may do from now on, and which of its members changed: as they
// were, and as they are.
type UpdatedData struct {
	Name   string         `json:"name"`
	Scopes []Scope        `json:"scopes"`
	Fields []string       `json:"fields"`
	Before map[string]any `json:"before,omitempty"`
	After  map[string]any `json:"after,omitempty"`
}

// RotatedData names the key whose secret was replaced, and for how long the one before
// goes on working.
type RotatedData struct {
	Name           string `json:"name"`
	OverlapSeconds int64  `json:"overlap_seconds"`
}

// DeletedData names the key that is gone.
type DeletedData struct {
	Name string `json:"name"`
}
