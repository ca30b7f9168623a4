package flow

import "github.com/lintel-id/lintel/server/platform/event"

// EventRefused tells that an answer was not taken; the subject is the flow.
var EventRefused = event.Type{Name: "flow.refused", Version: 1}

// Refused is the data of EventRefused. It names nobody: an answer about an unknown
// identifier has nobody to name.
type Refused struct {
	Journey string `json:"journey"`
	Node    string `json:"node"`
	Code    string `json:"code"`
}

// EventLinkApproved tells that a link was followed elsewhere and its flow let go on; the
// subject is the flow.
var EventLinkApproved = event.Type{Name: "flow.link_approved", Version: 1}

// LinkApproved is the data of EventLinkApproved.
type LinkApproved struct {
	Journey string `json:"journey"`
}
