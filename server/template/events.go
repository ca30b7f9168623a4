package template

import "github.com/lintel-id/lintel/server/platform/event"

// The events of a tenant's words; the subject is the tenant.
var (
	EventUpdated = event.Type{Name: "template.updated", Version: 1}
	EventRemoved = event.Type{Name: "template.removed", Version: 1}
)

// WordsData are words as an event tells them.
type WordsData struct {
	Subject string `json:"subject"`
	Heading string `json:"heading,omitempty"`
	Body    string `json:"body,omitempty"`
	Footer  string `json:"footer,omitempty"`
	HTML    string `json:"html,omitempty"`
	Text    string `json:"text,omitempty"`
}

// UpdatedData is the data of EventUpdated.
type UpdatedData struct {
	Kind        string     `json:"kind"`
	Channel     string     `json:"channel"`
	Locale      string     `json:"locale"`
	Application string     `json:"application_id,omitempty"`
	Version     int64      `json:"version"`
	Words       WordsData  `json:"words"`
	Before      *WordsData `json:"words_before,omitempty"`
}

// RemovedData is the data of EventRemoved.
type RemovedData struct {
	Kind        string    `json:"kind"`
	Channel     string    `json:"channel"`
	Locale      string    `json:"locale"`
	Application string    `json:"application_id,omitempty"`
	Version     int64     `json:"version"`
	Before      WordsData `json:"words_before"`
}
