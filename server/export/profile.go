package export

import (
	"context"
	"encoding/json"
	"time"
)

// Profile holds what a user's own row and identifiers tell.
type Profile struct{}

type profileRecord struct {
	ID             string             `json:"id"`
	Status         string             `json:"status"`
	Guest          bool               `json:"guest"`
	Identifiers    []identifierRecord `json:"identifiers"`
	Profile        json.RawMessage    `json:"profile"`
	PublicMetadata json.RawMessage    `json:"public_metadata"`
	LastLoginAt    *time.Time         `json:"last_login_at"`
	DeleteAt       *time.Time         `json:"delete_at"`
	CreatedAt      time.Time          `json:"created_at"`
	UpdatedAt      time.Time          `json:"updated_at"`
}

type identifierRecord struct {
	ID         string     `json:"id"`
	Type       string     `json:"type"`
	Value      string     `json:"value"`
	Compared   string     `json:"compared_as"`
	Primary    bool       `json:"primary"`
	VerifiedAt *time.Time `json:"verified_at"`
	CreatedAt  time.Time  `json:"created_at"`
}

type profileInternal struct {
	PrivateMetadata json.RawMessage `json:"private_metadata"`
	SchemaVersion   int             `json:"schema_version"`
	IndexedSchema   int             `json:"indexed_schema"`
	Version         int64           `json:"version"`
}

// Held names the section.
func (Profile) Held() Held {
	return Held{Section: "user", Tables: []string{"users", "user_identifiers"}, Operators: false}
}

// ExportUser gives the one record.
func (Profile) ExportUser(_ context.Context, about Subject, give Give) error {
	of := about.User
	record := profileRecord{
		ID: of.ID.String(), Status: string(of.Status), Guest: of.Guest, Identifiers: make([]identifierRecord, len(of.Identifiers)),
		Profile: object(of.Profile), PublicMetadata: object(of.PublicMetadata), LastLoginAt: of.LastLoginAt, DeleteAt: of.DeleteAt,
		CreatedAt: of.CreatedAt, UpdatedAt: of.UpdatedAt,
	}
	for i, held := range of.Identifiers {
		record.Identifiers[i] = identifierRecord{
			ID: held.ID.String(), Type: string(held.Type), Value: held.Value, Compared: held.Lookup, Primary: held.Primary,
			VerifiedAt: held.VerifiedAt, CreatedAt: held.CreatedAt,
		}
	}
	return give(record, profileInternal{
		PrivateMetadata: object(of.PrivateMetadata), SchemaVersion: of.SchemaVersion, IndexedSchema: of.IndexedSchema, Version: of.Version,
	})
}

// object is an object also where nothing is kept.
func object(text json.RawMessage) json.RawMessage {
	if len(text) == 0 {
		return json.RawMessage("{}")
	}
	return text
}
