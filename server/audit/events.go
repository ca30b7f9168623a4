package audit

import "github.com/lintel-id/lintel/server/platform/event"

// EventTrimmed tells that retention removed records; the subject is the tenant.
var EventTrimmed = event.Type{Name: "audit.trimmed", Version: 1}

// TrimmedData is the data of EventTrimmed.
type TrimmedData struct {
	First int64  `json:"first_number"`
	Last  int64  `json:"last_number"`
	Hash  string `json:"last_hash"`
	Days  int    `json:"days"`
}
