package step

import (
	"context"
	"slices"

	"github.com/lintel-id/lintel/server/code"
	"github.com/lintel-id/lintel/server/flow/journey"
)

type linkStep struct{ address }

// Offer needs a page of the application that opens links.
func (h linkStep) Offer(run Run, id string) (Offer, bool) {
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
	asks := answer.Token.IsZero() && answer.Code.IsZero() && (sent == nil || !sent.Approved)
	if asks {
		target, err := linkURI(run, answer.Target)
		if err != nil {
			return "", err
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

func (h linkStep) followed(ctx context.Context, run Run, answer LinkSubmission) error {
	sent := run.State.Challenge
	switch {
	case sent == nil || !sent.Link:
		return code.ErrNotSent
	case !answer.Token.IsZero():
		return h.codes.Follow(*sent, answer.Token)
	case !answer.Code.IsZero():
		return h.typed(ctx, run, true, answer.Code.Reveal())
	case !h.codes.Live(*sent, run.State.Spent):
		return code.ErrExpired
	}
	return nil // it was approved
}

func linkURI(run Run, wished string) (string, error) {
	targets := run.Application.LinkURIs
	switch {
	case wished == "" && len(targets) > 0:
		return targets[0], nil
	case !slices.Contains(targets, wished):
		return "", ErrLinkURI
	}
	return wished, nil
}
