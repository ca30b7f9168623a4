package step

import (
	"context"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow/journey"
)

type linkStep struct{ address }

// Offer needs a page of the application that opens links; an invitation was one that did.
func (h linkStep) Offer(run Run, id string) (Offer, bool) {
	if broughtProof(run) {
		return LinkOffer{ID: id, Sent: nil, Identifier: shown(run), Approved: true}, true
	}
	offer := LinkOffer{ID: id, Sent: h.sent(run, true), Identifier: "", Approved: false}
	if offer.Sent == nil {
		offer.Identifier = shown(run)
	} else {
		offer.Approved = run.State.Challenge.Approved
	}
	return offer, h.can(run) && len(run.Application.LinkURIs) > 0
}

// Answer takes what a link brings, or what it shows where it was opened elsewhere; without
// either it goes on where that was approved, and has a link sent where nothing was.
func (h linkStep) Answer(ctx context.Context, run Run, submission Submission) (journey.Outcome, error) {
	answer := submission.(LinkSubmission)
	sent := run.State.Challenge
	if broughtProof(run) {
		return h.arrived(ctx, run, answer)
	}
	goesOn := sent != nil && sent.Approved && Elsewhere(run) == application.Approve && h.codes.Live(*sent, run.State.Spent)
	if answer.Token.IsZero() && answer.Code.IsZero() && !goesOn {
		target, ok := application.LinkURI(run.Application, answer.Target)
		if !ok {
			return "", ErrLinkURI
		}
		return journey.LinkSent, h.send(ctx, run, wish{identifier: answer.Identifier, owned: answer.OwnedBy, link: true, target: target})
	}
	if answer.Identifier != "" || !answer.OwnedBy.IsZero() {
		return "", ErrIdentifierGiven
	}
	if err := h.followed(ctx, run, answer); err != nil {
		return "", err
	}
	return h.proven(ctx, run)
}

// arrived goes on with the proof that an invitation brought.
func (h linkStep) arrived(ctx context.Context, run Run, answer LinkSubmission) (journey.Outcome, error) {
	switch {
	case answer.Identifier != "" || !answer.OwnedBy.IsZero():
		return "", ErrIdentifierGiven
	case !answer.Token.IsZero() || !answer.Code.IsZero():
		return "", code.ErrNotSent
	}
	return h.reads(ctx, run, run.State.Invited.To)
}

func (h linkStep) followed(ctx context.Context, run Run, answer LinkSubmission) error {
	sent := run.State.Challenge
	switch {
	case sent == nil || !sent.Link:
		return code.ErrNotSent
	case !answer.Token.IsZero():
		return h.codes.Follow(*sent, answer.Token)
	case !answer.Code.IsZero() && Elsewhere(run) != application.TypeBack:
		return code.ErrLink // no link has shown it
	case !answer.Code.IsZero():
		return h.typed(ctx, run, true, answer.Code.Reveal())
	}
	return nil // it was approved
}

// Elsewhere is what a link of the run does where it is opened elsewhere than it was asked
// for. To approve a login is the most that one click does: whoever is to get another
// password, an account or an address has to be at the run themselves.
func Elsewhere(run Run) application.LinkElsewhere {
	chosen := run.Application.LinkElsewhere
	if chosen == application.Approve && run.Journey.Proof != journey.Login && run.Journey.Proof != journey.Either {
		return application.TypeBack
	}
	return chosen
}
