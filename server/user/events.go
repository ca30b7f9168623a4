package user

import (
	"encoding/json"

	"github.com/lintel-id/lintel/server/platform/event"
)

// The events of a user; the subject is the user's id.
var (
	EventCreated     = event.Type{Name: "user.created", Version: 1}
	EventUpdated     = event.Type{Name: "user.updated", Version: 1}
	EventSuspended   = event.Type{Name: "user.suspended", Version: 1}
	EventReactivated = event.Type{Name: "user.reactivated", Version: 1}
)

// CreatedData tells what sorts of identifier the new user has, and no value.
type CreatedData struct {
	IdentifierTypes []IdentifierType `json:"identifier_types"`
}

// CreatedPersonal is what is told about the person, sealed under their own key.
type CreatedPersonal struct {
	Identifiers []IdentifierValue `json:"identifiers"`
	Profile     json.RawMessage   `json:"profile"`
}

// IdentifierValue is an identifier as it is shown.
type IdentifierValue struct {
	Type  IdentifierType `json:"type"`
	Value string         `json:"value"`
}

// UpdatedData names the claims of the profile that changed, and no value.
type UpdatedData struct {
	Fields []string `json:"fields"`
}

// StatusData is empty: that it happened is all there is to tell.
type StatusData struct{}
