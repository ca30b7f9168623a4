package session

import "github.com/lintel-id/lintel/server/platform/event"

// The events of this room; the subject is the session.
var (
	EventCreated = event.Type{Name: "session.created", Version: 1}
	EventRaised  = event.Type{Name: "session.raised", Version: 1}
	EventEnded   = event.Type{Name: "session.ended", Version: 1}
)

// Created is the data of EventCreated.
type Created struct {
	UserID        string    `json:"user_id"`
	ApplicationID string    `json:"application_id"`
	Transport     Transport `json:"transport"`
	ACR           string    `json:"acr"`
	AMR           []string  `json:"amr"`
}

// CreatedPersonal is what EventCreated tells about the person, under their key.
type CreatedPersonal struct {
	Device    string `json:"device"`
	UserAgent string `json:"user_agent"`
	Address   string `json:"address"`
}

// Raised is the data of EventRaised.
type Raised struct {
	UserID string   `json:"user_id"`
	ACR    string   `json:"acr"`
	AMR    []string `json:"amr"`
}

// Reason is why a session was ended.
type Reason string

// The reasons so far; the set is open.
const (
	Logout           Reason = "logout"            // by the session itself
	Revoked          Reason = "revoked"           // by its user, from another session
	Operator         Reason = "operator"          // by whoever manages the tenant
	PasswordChanged  Reason = "password_changed"  // because what it began with is no longer right
	PasswordExpired  Reason = "password_expired"  // because another one has to be chosen
	IdentifierProven Reason = "identifier_proven" // because somebody else proved what its user never had
	// IdentifierRestored is because an address that was removed was taken back: whoever removed
	// it may be signed in.
	IdentifierRestored Reason = "identifier_restored"
	UserDeletion       Reason = "user_deletion"   // because the account is to be deleted
	UserMerge          Reason = "user_merge"      // because the account was merged into another one
	GuestUpgraded      Reason = "guest_upgraded"  // because the guest it was of has registered
	GuestSignedIn      Reason = "guest_signed_in" // because whoever was a guest signed in as another user
	Restored           Reason = "restored"        // because the database was restored, and what ended since is not known
)

// Ended is the data of EventEnded.
type Ended struct {
	UserID string `json:"user_id"`
	Reason Reason `json:"reason"`
}
