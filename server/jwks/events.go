package jwks

import (
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
)

// The events of a signing key; the subject is its id.
var (
	EventCreated   = event.Type{Name: "jwks.created", Version: 1}
	EventActivated = event.Type{Name: "jwks.activated", Version: 1}
	EventRetired   = event.Type{Name: "jwks.retired", Version: 1}
	EventRemoved   = event.Type{Name: "jwks.removed", Version: 1}
)

// CreatedData is how a key begins.
type CreatedData struct {
	KeyID       string    `json:"kid"`
	Algorithm   string    `json:"algorithm"`
	ActivatesAt time.Time `json:"activates_at"`
}

// ActivatedData is when a key begins to sign after all.
type ActivatedData struct {
	KeyID       string    `json:"kid"`
	ActivatesAt time.Time `json:"activates_at"`
}

// RetiredData is how a key will end.
type RetiredData struct {
	KeyID     string    `json:"kid"`
	RetiresAt time.Time `json:"retires_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Reason is why a key was removed.
type Reason string

// The reasons so far; the set is open.
const (
	HasExpired Reason = "expired" // nothing it signed is valid any more
	Revoked    Reason = "revoked" // an operator trusts it no longer
)

// RemovedData is why a key is gone.
type RemovedData struct {
	KeyID  string `json:"kid"`
	Reason Reason `json:"reason"`
}
