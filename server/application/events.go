package application

import (
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
)

// The events of an application; the subject is its id.
var (
	EventCreated = event.Type{Name: "application.created", Version: 1}
	EventUpdated = event.Type{Name: "application.updated", Version: 1}
	EventDeleted = event.Type{Name: "application.deleted", Version: 1}

	EventSecretCreated = event.Type{Name: "application.secret_created", Version: 1}
	EventSecretDeleted = event.Type{Name: "application.secret_deleted", Version: 1}
)

// CreatedData names the new application.
type CreatedData struct {
	ClientID string `json:"client_id"`
}

// UpdatedData names the settings that changed: as they were, and as they are. The log is
// for ever, so it does not tell whom to contact.
type UpdatedData struct {
	ClientID string         `json:"client_id"`
	Fields   []string       `json:"fields"`
	Before   map[string]any `json:"before,omitempty"`
	After    map[string]any `json:"after,omitempty"`
}

// DeletedData names the application that is gone.
type DeletedData struct {
	ClientID string `json:"client_id"`
}

// SecretCreatedData names the new secret, and how long those before it go on working.
type SecretCreatedData struct {
	ClientID       string     `json:"client_id"`
	SecretID       string     `json:"secret_id"`
	ExpiresAt      *time.Time `json:"expires_at,omitempty"`
	OverlapSeconds *int64     `json:"overlap_seconds,omitempty"`
}

// SecretDeletedData names the secret that is gone.
type SecretDeletedData struct {
	ClientID string `json:"client_id"`
	SecretID string `json:"secret_id"`
}
