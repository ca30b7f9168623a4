package step

import (
	"context"
	"math"

	"github.com/lintel-id/lintel/server/flow/journey"
)

type acknowledgeStep struct{}

func (acknowledgeStep) Offer(run Run, id string) (Offer, bool) {
	if deletion := run.State.Deletion; deletion != nil && !deletion.Seen {
		return AcknowledgeOffer{ID: id, Notice: Message{
			Code:    "account_deletion_scheduled",
			Detail:  "This account will be deleted in {count} days. Going on keeps it and signs you in.",
			Numbers: map[string]float64{"count": math.Ceil(max(0, deletion.At.Sub(run.Now).Hours()/24))},
		}}, true
	}
	return AcknowledgeOffer{ID: id, Notice: Message{Code: "password_at_risk", Detail: "This password has appeared in a data breach. Change it soon, here and wherever else you use it."}}, true
}

// Answer notes that the notice of the offer was seen; a deletion comes before a
// password.
func (acknowledgeStep) Answer(_ context.Context, run Run, _ Submission) (journey.Outcome, error) {
	if deletion := run.State.Deletion; deletion != nil && !deletion.Seen {
		run.State.Deletion = &Deletion{At: deletion.At, Seen: true}
	} else {
		run.State.AtRisk = false
	}
	return journey.Acknowledged, nil
}
