package recovery

import (
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
	"github.com/lintel-id/lintel/server/user"
)

// The events of a recovery; the subject is the user's id.
var (
	EventStarted   = event.Type{Name: "recovery.started", Version: 1}
	EventStopped   = event.Type{Name: "recovery.stopped", Version: 1}
	EventCompleted = event.Type{Name: "recovery.completed", Version: 1}
)

// StartedData tells whose, from when, and to what sort of address.
type StartedData struct {
	UserID         user.ID             `json:"user_id"`
	IdentifierType user.IdentifierType `json:"identifier_type"`
	OpensAt        time.Time           `json:"opens_at"`
}

// StartedPersonal is the address, sealed under the user's own key.
type StartedPersonal struct {
	Value string `json:"value"`
}

// StoppedData tells whose.
type StoppedData struct {
	UserID user.ID `json:"user_id"`
}

// CompletedData tells whose, and by what sort of address.
type CompletedData struct {
	UserID         user.ID             `json:"user_id"`
	IdentifierType user.IdentifierType `json:"identifier_type"`
}
