package budget

import (
	"time"

	"github.com/lintel-id/lintel/server/platform/event"
)

// The events of a range of numbers; the subject is its prefix.
var (
	EventRangeStopped = event.Type{Name: "message.range_stopped", Version: 1}
	EventRangeLifted  = event.Type{Name: "message.range_lifted", Version: 1}
)

// RangeStoppedData is the data of EventRangeStopped.
type RangeStoppedData struct {
	Prefix  string    `json:"prefix"`
	Country string    `json:"country"`
	Numbers int64     `json:"numbers"` // how many new ones there were
	Until   time.Time `json:"until"`
}

// RangeLiftedData is the data of EventRangeLifted.
type RangeLiftedData struct {
	Prefix  string `json:"prefix"`
	Country string `json:"country"`
}
