package consent

import (
	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/platform/event"
)

// EventGiven tells of a consent; the subject is the user's id.
var EventGiven = event.Type{Name: "consent.given", Version: 1}

// GivenData is what was agreed to.
type GivenData struct {
	ConsentID     ID             `json:"consent_id"`
	ApplicationID application.ID `json:"application_id"`
	Subject       Subject        `json:"subject"`
	Version       string         `json:"version"`
}
