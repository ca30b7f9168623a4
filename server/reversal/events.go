package reversal

import (
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/user"
)

// The events of this room; the subject is the way back, and the person its user.
var (
	EventCreated   = event.Type{Name: "reversal.created", Version: 1}
	EventUsed      = event.Type{Name: "reversal.used", Version: 1}
	EventWithdrawn = event.Type{Name: "reversal.withdrawn", Version: 1}
)

// CreatedData tells who can undo what, and until when.
type CreatedData struct {
	UserID         string              `json:"user_id"`
	IdentifierType user.IdentifierType `json:"identifier_type"`
	ApplicationID  string              `json:"application_id"`
	ExpiresAt      time.Time           `json:"expires_at"`
}

// EndedData tells of a way back that is none any more.
type EndedData struct {
	UserID         string              `json:"user_id"`
	IdentifierType user.IdentifierType `json:"identifier_type"`
}

// Personal is the identifier, sealed under the user's own key.
type Personal struct {
	Value string `json:"value"`
}
