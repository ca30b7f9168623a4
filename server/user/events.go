package user

import (
	"encoding/json"
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
)

// The events of a user; the subject is the user's id.
var (
	EventCreated         = event.Type{Name: "user.created", Version: 1}
	EventUpgraded        = event.Type{Name: "user.upgraded", Version: 1}
	EventGuestSignedIn   = event.Type{Name: "user.guest_signed_in", Version: 1}
	EventUpdated         = event.Type{Name: "user.updated", Version: 1}
	EventMetadataUpdated = event.Type{Name: "user.metadata_updated", Version: 1}

	EventSuspended   = event.Type{Name: "user.suspended", Version: 1}
	EventReactivated = event.Type{Name: "user.reactivated", Version: 1}

	EventImpersonated    = event.Type{Name: "user.impersonated", Version: 1}
	EventExportRequested = event.Type{Name: "user.export_requested", Version: 1}

	EventDeletionScheduled = event.Type{Name: "user.deletion_scheduled", Version: 1}
	EventDeletionCancelled = event.Type{Name: "user.deletion_cancelled", Version: 1}
	EventDeleted           = event.Type{Name: "user.deleted", Version: 1}

	EventMerged     = event.Type{Name: "user.merged", Version: 1}
	EventMergedInto = event.Type{Name: "user.merged_into", Version: 1}

	EventIdentifierAdded          = event.Type{Name: "user.identifier_added", Version: 1}
	EventIdentifierRemoved        = event.Type{Name: "user.identifier_removed", Version: 1}
	EventIdentifierVerified       = event.Type{Name: "user.identifier_verified", Version: 1}
	EventIdentifierUnverified     = event.Type{Name: "user.identifier_unverified", Version: 1}
	EventIdentifierPrimaryChanged = event.Type{Name: "user.identifier_primary_changed", Version: 1}
)

// CreatedData tells what sorts of identifier the new user has, and no value.
type CreatedData struct {
	IdentifierTypes []IdentifierType `json:"identifier_types"`
	Guest           bool             `json:"guest,omitempty"`
}

// GuestSignedInData names the guest whom the subject was before.
type GuestSignedInData struct {
	GuestUserID ID `json:"guest_user_id"`
}

// UpgradedData tells what sorts of identifier the user has who was a guest, and no value.
type UpgradedData struct {
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

// UpdatedPersonal are these claims as they were and as they are.
type UpdatedPersonal struct {
	ClaimsBefore map[string]json.RawMessage `json:"claims_before"`
	ClaimsAfter  map[string]json.RawMessage `json:"claims_after"`
}

// MetadataData names which metadata changed, "public" or "private", and no value.
type MetadataData struct {
	Changed []string `json:"changed"`
}

// ImpersonatedData tells of a session that somebody else uses.
type ImpersonatedData struct {
	SessionID     string    `json:"session_id"`
	ApplicationID string    `json:"application_id"`
	ExpiresAt     time.Time `json:"expires_at"`
}

// ImpersonatedPersonal tells who does, and why.
type ImpersonatedPersonal struct {
	Actor   string `json:"actor"`
	Purpose string `json:"purpose"`
}

// MergedData names the user who is now part of the subject.
type MergedData struct {
	SourceUserID ID `json:"source_user_id"`
}

// MergedIntoData names the user whom the subject is part of now.
type MergedIntoData struct {
	TargetUserID ID `json:"target_user_id"`
}

// ExportRequestedData names the job that writes down what is held about the user.
type ExportRequestedData struct {
	JobID string `json:"job_id"`
}

// DeletionData tells when all about the user is to be erased.
type DeletionData struct {
	DeleteAt time.Time `json:"delete_at"`
}

// StatusData is empty: that it happened is all there is to tell.
type StatusData struct{}

// IdentifierData is the data of the events of an identifier: which one, and no value.
type IdentifierData struct {
	IdentifierID   IdentifierID   `json:"identifier_id"`
	IdentifierType IdentifierType `json:"identifier_type"`
}

// IdentifierPersonal is what they tell about the person, sealed under their own key.
type IdentifierPersonal struct {
	Value string `json:"value"`
}

func identifierDraft(told event.Type, id ID, identifier Identifier) event.Draft {
	return event.Draft{
		Type: told, Subject: id.String(), Person: id.String(),
		Data:     IdentifierData{IdentifierID: identifier.ID, IdentifierType: identifier.Type},
		Personal: IdentifierPersonal{Value: identifier.Value},
	}
}
