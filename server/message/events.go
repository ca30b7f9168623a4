package message

import "github.com/lintel-id/lintel/server/platform/event"

// The events of a message; the subject is the message.
var (
	EventQueued   = event.Type{Name: "message.queued", Version: 1}
	EventSent     = event.Type{Name: "message.sent", Version: 1}
	EventFailed   = event.Type{Name: "message.failed", Version: 1}
	EventRequeued = event.Type{Name: "message.requeued", Version: 1}
	EventWithheld = event.Type{Name: "message.withheld", Version: 1}

	EventDelivered  = event.Type{Name: "message.delivered", Version: 1}
	EventBounced    = event.Type{Name: "message.bounced", Version: 1}
	EventComplained = event.Type{Name: "message.complained", Version: 1}
)

// QueuedData is the data of EventQueued.
type QueuedData struct {
	Kind    Kind    `json:"kind"`
	Channel Channel `json:"channel"`
	Locale  string  `json:"locale"`
}

// SentData is the data of EventSent.
type SentData struct {
	Kind            Kind    `json:"kind"`
	Channel         Channel `json:"channel"`
	Attempts        int     `json:"attempts"`
	MayHaveRepeated bool    `json:"may_have_repeated"`
}

// FailedData is the data of EventFailed.
type FailedData struct {
	Kind     Kind    `json:"kind"`
	Channel  Channel `json:"channel"`
	Attempts int     `json:"attempts"`
	Code     string  `json:"code"`
}

// RequeuedData is the data of EventRequeued.
type RequeuedData struct {
	Kind    Kind    `json:"kind"`
	Channel Channel `json:"channel"`
}

// WithheldData is the data of EventWithheld.
type WithheldData struct {
	Kind    Kind    `json:"kind"`
	Channel Channel `json:"channel"`
}

// DeliveryData is the data of EventDelivered, EventBounced and EventComplained.
type DeliveryData struct {
	Kind    Kind    `json:"kind"`
	Channel Channel `json:"channel"`
	Code    string  `json:"code"`
}
