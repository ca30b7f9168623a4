package step

import (
	"context"

	"github.com/lintel-id/lintel/server/flow/journey"
)

type acknowledgeStep struct{}

func (acknowledgeStep) Offer(_ Run, id string) Offer {
	return AcknowledgeOffer{ID: id, Notice: Message{Code: "password_at_risk", Detail: "This password has appeared in a data breach. Change it soon, here and wherever else you use it."}}
}

func (acknowledgeStep) Answer(_ context.Context, run Run, _ Submission) (journey.Outcome, error) {
	run.State.AtRisk = false
	return journey.Acknowledged, nil
}
