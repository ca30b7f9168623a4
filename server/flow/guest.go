package flow

import (
	"context"
	"slices"

	"github.com/lintel-id/lintel/server/application"
	"github.com/lintel-id/lintel/server/flow/journey"
	"github.com/lintel-id/lintel/server/flow/step"
)

// ofGuests are the journeys at whose end a guest is somebody else: a registered user, or
// another one who signed in.
var ofGuests = []journey.Proof{journey.Registration, journey.Either, journey.Login, journey.Recovery}

// guest is the guest whose own session starts a flow; nil where nobody's does, and for a
// session of another application or transport, or one that somebody else uses.
func (s *Service) guest(ctx context.Context, app application.Application, j journey.Journey, start Start) (*step.Guest, error) {
	held := start.Session
	if held == nil || !held.Guest || held.Session.Act != nil || !slices.Contains(ofGuests, j.Proof) ||
		held.Session.ApplicationID != app.ID || held.Session.Transport != start.Transport {
		return nil, nil //nolint:nilnil // nobody is a guest here
	}
	found, err := s.deps.Users.ByID(ctx, held.Session.UserID)
	if err != nil {
		return nil, err
	}
	own, err := s.deps.Users.Own(ctx, found)
	if err != nil {
		return nil, err
	}
	missing := step.Missing(app.ProfileClaims, own.Profile)
	return &step.Guest{
		User: found.ID, Session: held.Session.ID,
		Claims: slices.DeleteFunc(slices.Clone(app.ProfileClaims), func(claim string) bool { return slices.Contains(missing, claim) }),
	}, nil
}
