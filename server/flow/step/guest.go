package step

import (
	"context"

	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/risk"
)

type guestStep struct{ guesses *risk.Guesses }

func (guestStep) Offer(run Run, id string) (Offer, bool) {
	return GuestOffer{ID: id}, run.Application.Guests
}

// Answer counts the guest before there is one: making them costs nobody anything but us.
func (h guestStep) Answer(ctx context.Context, run Run, _ Submission) (journey.Outcome, error) {
	if err := h.guesses.Guest(ctx); err != nil {
		return "", err
	}
	run.State.Entered = true
	return journey.Entered, nil
}
