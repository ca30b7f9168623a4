package job

import "github.com/lintel-id/lintel/server/platform/event"

// The events of a job; the subject is the job.
var (
	EventCreated      = event.Type{Name: "job.created", Version: 1}
	EventCompleted    = event.Type{Name: "job.completed", Version: 1}
	EventFailed       = event.Type{Name: "job.failed", Version: 1}
	EventCancelled    = event.Type{Name: "job.cancelled", Version: 1}
	EventResultOpened = event.Type{Name: "job.result_opened", Version: 1}
)

// Data is what most of them tell.
type Data struct {
	Type string `json:"type"`
}

// FailedData is the data of EventFailed.
type FailedData struct {
	Type string `json:"type"`
	Code string `json:"code"`
}

// OpenedData is the data of EventResultOpened: reading what may be about people is told.
type OpenedData struct {
	Type string `json:"type"`
	Part int    `json:"part"`
}
