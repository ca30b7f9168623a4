package invitation

import (
	"github.com/lintel-id/lintel/server/message"
	"github.com/lintel-id/lintel/server/platform/event"
)

// The events of an invitation; the subject is the invitation. None tells whom it is for.
var (
	EventCreated  = event.Type{Name: "invitation.created", Version: 1}
	EventSent     = event.Type{Name: "invitation.sent", Version: 1}
	EventRevoked  = event.Type{Name: "invitation.revoked", Version: 1}
	EventAccepted = event.Type{Name: "invitation.accepted", Version: 1}
)

// SentData is the data of EventCreated and EventSent.
type SentData struct {
	Application string          `json:"application_id"`
	Channel     message.Channel `json:"channel"`
	Delivery    Delivery        `json:"delivery"`
}

// RevokedData is the data of EventRevoked.
type RevokedData struct {
	Application string `json:"application_id"`
}

// AcceptedData is the data of EventAccepted.
type AcceptedData struct {
	Application string `json:"application_id"`
	User        string `json:"user_id"`
}
