package passkey

import "github.com/lintel-id/lintel/server/platform/event"

// The events of this room; the subject is the passkey.
var (
	EventAdded     = event.Type{Name: "passkey.added", Version: 1}
	EventRenamed   = event.Type{Name: "passkey.renamed", Version: 1}
	EventRemoved   = event.Type{Name: "passkey.removed", Version: 1}
	EventSuspected = event.Type{Name: "passkey.clone_suspected", Version: 1}
)

// AddedData is the data of EventAdded.
type AddedData struct {
	UserID       string `json:"user_id"`
	RelyingParty string `json:"rp_id"`
	AAGUID       string `json:"aaguid"`
	Attested     bool   `json:"attested"`
	BackedUp     bool   `json:"backed_up"`
}

// RenamedData is the data of EventRenamed.
type RenamedData struct {
	UserID string `json:"user_id"`
}

// RemovedData is the data of EventRemoved.
type RemovedData struct {
	UserID       string `json:"user_id"`
	RelyingParty string `json:"rp_id"`
	Reason       string `json:"reason"`
}

// SuspectedData is the data of EventSuspected: a counter went back, or stood still.
type SuspectedData struct {
	UserID   string `json:"user_id"`
	Stored   int64  `json:"stored_sign_count"`
	Received int64  `json:"received_sign_count"`
}
