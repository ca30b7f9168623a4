package schema

import "github.com/lintel-id/lintel/server/platform/event"

// EventVersionCreated tells of a new version; the subject is the tenant.
var EventVersionCreated = event.Type{Name: "schema.version_created", Version: 1}

// VersionCreatedData is which version it is.
type VersionCreatedData struct {
	Version int `json:"version"`
}
