package step

import (
	"context"

	"github.com/lintel-id/lintel/server/flow/journey"
)

type codeStep struct{ address }

// Offer leaves the rest to the link step where an invitation proves what a code would, if the
// client shows that one.
func (h codeStep) Offer(run Run, id string) (Offer, bool) {
	offer := CodeOffer{ID: id, Sent: h.sent(run, false), Identifier: ""}
	if offer.Sent == nil {
		offer.Identifier = shown(run)
	}
	return offer, h.can(run) && (!broughtProof(run) || !showsLink(run))
}

// Answer compares the code, or has one sent where the answer brings none.
func (h codeStep) Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error) {
	answer := submission.(CodeSubmission)
	if answer.Code.IsZero() {
		return journey.CodeSent, h.send(ctx, run, wish{identifier: answer.Identifier, owned: answer.OwnedBy, link: false, target: ""})
	}
	if answer.Identifier != "" || !answer.OwnedBy.IsZero() {
		return "", ErrIdentifierGiven
	}
	if err := h.typed(ctx, run, false, answer.Code.Reveal()); err != nil {
		return "", err
	}
	return h.proven(ctx, run)
}
